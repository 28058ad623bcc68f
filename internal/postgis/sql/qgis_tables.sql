-- The two tables that QGIS looks for, as QGIS 3.22 makes them: it reads
-- layer_styles without a schema, so it must be found by the search_path that
-- every login has ("$user", public), and newer ones ask for public by name.
-- A table that QGIS made before is kept, and gains what is missing.
do $$
begin
  -- What is as this file leaves it is not touched: the statements below would
  -- wait for everybody who reads styles.
  if obj_description(to_regclass('public.layer_styles'), 'pg_class') = 'simtaru 1'
    and obj_description(to_regclass('public.qgis_projects'), 'pg_class') = 'simtaru 1' then
    return;
  end if;

  create table if not exists public.layer_styles (
    id serial primary key,
    f_table_catalog varchar,
    f_table_schema varchar,
    f_table_name varchar,
    f_geometry_column varchar,
    stylename text,
    styleqml xml,
    stylesld xml,
    useasdefault boolean,
    description text,
    owner varchar(63) default current_user,
    ui xml,
    update_time timestamp default current_timestamp,
    type varchar
  );
  alter table public.layer_styles add column if not exists type varchar;
  create table if not exists public.qgis_projects (name text primary key, metadata jsonb, content bytea);

  revoke all on public.layer_styles, public.qgis_projects from public;
  grant select on public.layer_styles, public.qgis_projects to simtaru_public;
  grant insert, update, delete on public.layer_styles to simtaru_planner, simtaru_disaster;
  grant usage on sequence public.layer_styles_id_seq to simtaru_planner, simtaru_disaster;
  grant insert, update, delete on public.qgis_projects to simtaru_admin;

  alter table public.layer_styles enable row level security;
  alter table public.qgis_projects enable row level security;
  drop policy if exists simtaru_read on public.layer_styles;
  drop policy if exists simtaru_add on public.layer_styles;
  drop policy if exists simtaru_change on public.layer_styles;
  drop policy if exists simtaru_remove on public.layer_styles;
  drop policy if exists simtaru_read on public.qgis_projects;
  drop policy if exists simtaru_admin on public.qgis_projects;

  -- A style shows the fields and codes of its table: it is for those who may
  -- read that. QGIS takes the newest default, so that a default of a planner's
  -- own would replace the city's for everybody; further styles are welcome.
  create policy simtaru_read on public.layer_styles for select using (exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = f_table_schema and c.relname = f_table_name and has_table_privilege(c.oid, 'select')));
  create policy simtaru_add on public.layer_styles for insert
    with check (owner = current_user::text and not coalesce(useasdefault, false) and stylename is distinct from 'simtaru');
  create policy simtaru_change on public.layer_styles for update using (owner = current_user::text)
    with check (owner = current_user::text and not coalesce(useasdefault, false) and stylename is distinct from 'simtaru');
  create policy simtaru_remove on public.layer_styles for delete using (owner = current_user::text);

  -- A project is for the role that it is called after, and for whoever may be
  -- that role; the public's only for those who are nothing else. Projects that
  -- an administrator keeps under other names are for all staff.
  create policy simtaru_read on public.qgis_projects for select using (case
    when name = 'simtaru_public' then pg_has_role(current_user, 'simtaru_admin', 'member')
      or not pg_has_role(current_user, 'simtaru_planner', 'member') and not pg_has_role(current_user, 'simtaru_disaster', 'member')
    when name in ('simtaru_planner', 'simtaru_disaster', 'simtaru_admin') then pg_has_role(current_user, name, 'member')
    else pg_has_role(current_user, 'simtaru_planner', 'member') or pg_has_role(current_user, 'simtaru_disaster', 'member')
  end);
  create policy simtaru_admin on public.qgis_projects to simtaru_admin using (true)
    with check (name not in ('simtaru_public', 'simtaru_planner', 'simtaru_disaster', 'simtaru_admin'));

  comment on table public.layer_styles is 'simtaru 1';
  comment on table public.qgis_projects is 'simtaru 1';
end
$$
