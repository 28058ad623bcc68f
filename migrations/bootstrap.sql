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
  foreach r in array array['simtaru_public', 'simtaru_planner', 'simtaru_disaster', 'simtaru_admin', 'simtaru_reader'] loop
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
  -- The login that migrates may act as each of them.
  for g in
    select * from (values
      ('simtaru_public', 'simtaru_planner'), ('simtaru_public', 'simtaru_disaster'),
      ('simtaru_planner', 'simtaru_admin'), ('simtaru_disaster', 'simtaru_admin'),
      ('simtaru_admin', current_user::text), ('simtaru_reader', current_user::text)
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
