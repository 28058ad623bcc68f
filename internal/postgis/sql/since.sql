-- Takes the rows that are visible now and were not visible in the
-- snapshot $1. A transaction that was running then stands in the snapshot's
-- list; one that started later is at or above its xmax.
select id, layer, feature, op, revision, before_box, after_box, actor, at
from simtaru.change
where txid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(txid, $1::pg_snapshot)
order by id
limit $2
