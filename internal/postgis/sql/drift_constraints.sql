select case when n.nspname = 'plan' then '' else n.nspname || '.' end || c.conname, c.contype::text || ' ' || (
  select string_agg(a.attname, ',' order by a.attname) from pg_attribute a
  where a.attrelid = c.conrelid and a.attnum = any(c.conkey))
from pg_constraint c
join pg_class t on t.oid = c.conrelid
join pg_namespace n on n.oid = t.relnamespace
where t.oid in (to_regclass(format('plan.%I', $1::text)), to_regclass(format('history.%I', $1::text))) and c.convalidated
