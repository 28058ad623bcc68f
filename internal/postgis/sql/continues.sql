-- Tells whether the feed still has everything since a position:
-- nothing that it had not seen was pruned, and it is not from the future, as
-- after a restore.
select pg_snapshot_xmin($1::pg_snapshot) >= feed_floor
   and pg_snapshot_xmax($1::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
from simtaru.state
