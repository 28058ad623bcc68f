-- Says who acts, on which layers ('' is all), whether it may only look, and
-- under which role. An update that finds nothing is for the caller to explain.
select
  set_config('simtaru.actor', $1, true),
  set_config('simtaru.scope', $2, true),
  set_config('simtaru.empty_update', 'on', true),
  set_config('transaction_read_only', $3, true),
  set_config('role', $4, true)
