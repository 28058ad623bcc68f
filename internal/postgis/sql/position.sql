-- The database, its life, the count of catalogue changes, the transactions that this snapshot
-- sees, and when it was taken.
-- Ids of transactions mean something only within one life of one database: a restore or a
-- promotion starts another timeline, which may give the same ids again, and so may a recovery
-- after a crash give those that were rolled back just before, since nothing of them had to reach
-- the disk. The statistics are begun anew by such a recovery and by nothing that happens often.
select s.system_identifier || '-' || d.oid || '-' || c.timeline_id,
  coalesce(extract(epoch from pg_stat_get_bgwriter_stat_reset_time()) * 1000000, 0)::bigint,
  t.catalog, pg_current_snapshot()::text, now()
from pg_control_system() s, pg_control_checkpoint() c, pg_database d, simtaru.state t
where d.datname = current_database()
