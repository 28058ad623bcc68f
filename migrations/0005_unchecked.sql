-- What could not be checked is told as an issue, and so is that there are more
-- issues than are kept. Of a part of the plan that was not looked at for gaps
-- geom is the box; null where issues were left off, which may be anywhere.
alter table simtaru.topology_fact drop constraint topology_fact_kind_check;
alter table simtaru.topology_fact add constraint topology_fact_kind_check check (kind in ('overlap', 'gap', 'outside', 'unchecked'));

-- They take or return something else now.
drop function if exists simtaru.topology_overlap, simtaru.topology_outside, simtaru.topology_message, simtaru.topology_show,
  simtaru.topology_keep, simtaru.topology_gaps, simtaru.topology_scan_overlaps, simtaru.topology_scan_outside,
  simtaru.topology_scan_cell, simtaru.topology_apply, simtaru.topology_counts;

-- What was passed over until now is found by another check.
insert into simtaru.topology_due (layer, reason, actor) select layer, 'checked by another version', session_user from simtaru.topology_rule;
