-- How to find this transaction again: its number, null where it has written
-- nothing, and one change that it has recorded.
select pg_current_xact_id_if_assigned()::text,
  (select id from simtaru.change where txid = pg_current_xact_id_if_assigned() limit 1)
