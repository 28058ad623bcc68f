-- What must stand before the numbered migrations. Each block does nothing
-- where its work is done already, so that a database prepared by an
-- administrator needs no privileges beyond those of its owner.

create schema if not exists simtaru;
create schema if not exists plan;
create schema if not exists history;

do $$
declare
  r text;
begin
  -- Roles belong to the whole server, and other databases may make them at
  -- the same moment.
  foreach r in array array[
    'simtaru_public', 'simtaru_planner', 'simtaru_disaster', 'simtaru_admin', 'simtaru_reader', 'simtaru_narrow',
    'simtaru_narrow_public', 'simtaru_narrow_planner', 'simtaru_narrow_disaster', 'simtaru_narrow_admin'
  ] loop
    if not exists (select from pg_roles where rolname = r) then
      begin
        execute format('create role %I nologin', r);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
  end loop;
end
$$;

do $$
declare
  g record;
begin
  -- Staff see what the public sees, and an administrator may be anybody. The
  -- reader is the server's own, for answering: it may look and nothing else.
  -- What only some layers may be reached by acts under a narrow role, which is
  -- the role itself plus simtaru_narrow: the layers' policies ask that one, and
  -- nobody else, for the scope. The login that migrates may act as each.
  for g in
    select * from (values
      ('simtaru_public', 'simtaru_planner'), ('simtaru_public', 'simtaru_disaster'),
      ('simtaru_planner', 'simtaru_admin'), ('simtaru_disaster', 'simtaru_admin'),
      ('simtaru_public', 'simtaru_narrow_public'), ('simtaru_narrow', 'simtaru_narrow_public'),
      ('simtaru_planner', 'simtaru_narrow_planner'), ('simtaru_narrow', 'simtaru_narrow_planner'),
      ('simtaru_disaster', 'simtaru_narrow_disaster'), ('simtaru_narrow', 'simtaru_narrow_disaster'),
      ('simtaru_admin', 'simtaru_narrow_admin'), ('simtaru_narrow', 'simtaru_narrow_admin'),
      ('simtaru_admin', current_user::text), ('simtaru_reader', current_user::text),
      ('simtaru_narrow_public', current_user::text), ('simtaru_narrow_planner', current_user::text),
      ('simtaru_narrow_disaster', current_user::text), ('simtaru_narrow_admin', current_user::text)
    ) as v (granted, member)
    where not pg_has_role(member, granted, 'member')
  loop
    begin
      execute format('grant %I to %I', g.granted, g.member);
    exception when unique_violation then
      null; -- Another database of this server granted it at the same moment.
    end;
  end loop;
end
$$;

do $$
begin
  -- Roles belong to the server, databases are one a city: a planner of one
  -- city enters another only when let in. Each person is granted CONNECT by name.
  if has_database_privilege('public', current_database(), 'connect')
    and pg_has_role((select datdba from pg_database where datname = current_database()), 'usage') then
    execute format('revoke connect on database %I from public', current_database());
  end if;
end
$$;
