-- Who may do what with the platform's own tables. The privileges on a layer's
-- tables follow from its declaration.

revoke all on schema plan, history, simtaru from public;
grant usage on schema plan, history, simtaru to simtaru_public, simtaru_reader;

-- Meanings of codes and what they allow are for everybody; who changed what is for staff.
grant select on simtaru.layer, simtaru.code_list, simtaru.code, simtaru.rule_set, simtaru.setting, simtaru.state to simtaru_public, simtaru_reader;
-- An extract is for who has its link: the server hands it out, and nobody lists them.
revoke all on simtaru.extract from public, simtaru_public, simtaru_planner, simtaru_disaster, simtaru_admin, simtaru_reader;
grant select on simtaru.extract to simtaru_reader;
-- Indicators tell of layers that not everybody may read: the server shows each to whom it may.
grant select on simtaru.coverage, simtaru.indicator, simtaru.observation, simtaru.indicator_value to simtaru_reader;
grant select on simtaru.change to simtaru_reader, simtaru_planner, simtaru_disaster, simtaru_admin;

-- Plans of evacuation are for who leads one. The server reads the tables, officers views.
revoke all on simtaru.evacuation, simtaru.evacuation_flow, simtaru.evacuation_group, simtaru.evacuation_flows, simtaru.evacuation_groups
  from public, simtaru_public, simtaru_planner, simtaru_disaster, simtaru_admin, simtaru_reader;
grant select on simtaru.evacuation, simtaru.evacuation_flow, simtaru.evacuation_group to simtaru_reader;
grant select on simtaru.evacuation_flows, simtaru.evacuation_groups to simtaru_disaster, simtaru_admin;

-- Passwords, sessions, tokens, results of requests and what citizens sent are the server's alone.
revoke all on simtaru.person, simtaru.session, simtaru.token, simtaru.idempotency, simtaru.submission
  from public, simtaru_public, simtaru_planner, simtaru_disaster, simtaru_admin, simtaru_reader;

-- A layer that one may not read has neither declaration nor changes. Made
-- once: it would wait for each open edit.
do $$
declare
  name text;
begin
  foreach name in array array['change', 'layer'] loop
    if (select relrowsecurity from pg_class where oid = format('simtaru.%I', name)::regclass) then
      continue;
    end if;
    execute format('alter table simtaru.%I enable row level security', name);
    execute format('create policy server on simtaru.%I for select to simtaru_reader using (true)', name);
    execute format('create policy readable on simtaru.%I for select to simtaru_public using (%I = any((select simtaru.readable_layers())::text[]))',
      name, case name when 'layer' then 'id' else 'layer' end);
  end loop;
end
$$;

-- Topology is written at commit, by functions that run as their owner. Whole
-- layers are checked, and the change feed is pruned, by the server's own login:
-- nobody else calls those.
revoke execute on all functions in schema simtaru from public, simtaru_admin;
grant execute on function simtaru.catalog_version() to simtaru_public, simtaru_reader;
grant execute on function simtaru.in_scope(text), simtaru.readable_layers() to simtaru_public, simtaru_reader;
-- A constraint runs with the rights of who edits.
grant execute on function simtaru.percent(float8, float8), simtaru.mean(float8[]), simtaru.total(bigint[]),
  simtaru.given(float8[]), simtaru.slum_score(float8), simtaru.slum_class(bigint) to simtaru_public, simtaru_reader;
-- Editors widen by another distance than their layer does.
grant execute on function simtaru.widen(geometry, float8) to simtaru_planner, simtaru_disaster, simtaru_admin;
-- What may not be stored may not be supposed either.
grant execute on function simtaru.check_geometry(geometry), simtaru.too_entangled(geometry), simtaru.geometry_fault_id(text) to simtaru_reader;
