-- The transaction, null where it has written nothing, and whose role it has.
select pg_current_xact_id_if_assigned()::text, current_setting('role')
