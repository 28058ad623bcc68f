-- Who may do what with the platform's own tables. The privileges on a layer's
-- tables follow from its declaration.

revoke all on schema plan, history, simtaru from public;
grant usage on schema plan, history, simtaru to simtaru_public, simtaru_reader;

-- Meanings of codes are for everybody; who changed what is for staff.
grant select on simtaru.layer, simtaru.code_list, simtaru.code, simtaru.setting, simtaru.state to simtaru_public, simtaru_reader;
grant select on simtaru.change to simtaru_reader, simtaru_planner, simtaru_disaster, simtaru_admin;

revoke execute on all functions in schema simtaru from public;
grant execute on function simtaru.catalog_version() to simtaru_public, simtaru_reader;
grant execute on function simtaru.prune(interval) to simtaru_admin;

-- Topology is written at commit, by functions that run as their owner; the
-- server's login checks whole layers.
grant execute on function simtaru.topology_scan_overlaps, simtaru.topology_scan_outside, simtaru.topology_cells,
  simtaru.topology_scan_cell, simtaru.topology_apply, simtaru.topology_due_layers, simtaru.topology_counts to simtaru_admin;
