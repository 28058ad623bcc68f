select c.conname::text, c.contype::text || ' ' || (
  select string_agg(a.attname, ',' order by a.attname) from pg_attribute a
  where a.attrelid = c.conrelid and a.attnum = any(c.conkey))
from pg_constraint c
where c.conrelid = to_regclass(format('plan.%I', $1::text)) and c.convalidated
