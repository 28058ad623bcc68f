-- PostGIS may live in any schema; our own tables are always named with theirs.
-- Functions keep this path (set search_path from current), so nothing that a
-- user may create comes before the system's names.
select
  set_config('application_name', $1, false),
  set_config('statement_timeout', $2, false),
  set_config('lock_timeout', $3, false),
  set_config('default_transaction_read_only', $4, false),
  set_config('timezone', 'UTC', false),
  set_config('client_connection_check_interval', '2s', false),
  set_config('search_path', coalesce((
    select 'pg_catalog, ' || quote_ident(n.nspname) || ', pg_temp'
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'postgis'), 'public'), false),
  set_config('role', $5, false)
