-- One page of the changes that the snapshot $2 sees and the snapshot $1 did not, or that are not
-- older than $6: after the id $3, of the layers $4.
select id, layer, feature, op, revision, before_box, after_box, actor, at
from simtaru.change
where (txid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(txid, $1::pg_snapshot) or at >= $6)
  and txid < pg_snapshot_xmax($2::pg_snapshot) and pg_visible_in_snapshot(txid, $2::pg_snapshot)
  and id > $3 and layer = any($4::text[])
order by id
limit $5
