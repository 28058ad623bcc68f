select a.attname::text, format_type(a.atttypid, a.atttypmod)
  || case when a.attnotnull then ' not null' else '' end
  || case when a.attidentity = 'd' then ' identity' else '' end
  || coalesce(' -- ' || col_description(a.attrelid, a.attnum), '')
from pg_attribute a
where a.attrelid = to_regclass(format('history.%I', $1::text)) and a.attnum > 0 and not a.attisdropped
