-- The database, the count of catalogue changes, and the transactions that this snapshot sees.
select s.system_identifier || '-' || d.oid, t.catalog, pg_current_snapshot()::text
from pg_control_system() s, pg_database d, simtaru.state t
where d.datname = current_database()
