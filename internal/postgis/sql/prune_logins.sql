-- Sessions that have ended, results that no client asks for again, and tokens
-- that have been of no use for a year.
with sessions as (
  delete from simtaru.session where expires_at < now()
), results as (
  delete from simtaru.idempotency where at < now() - $1::interval
)
delete from simtaru.token where least(revoked_at, expires_at) < now() - interval '1 year'
