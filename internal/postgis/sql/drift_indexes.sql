-- Indexes that no constraint made: access method and column, and on which of the two tables.
select am.amname || '(' || a.attname || ')', string_agg(n.nspname, ', ' order by n.nspname desc)
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_am am on am.oid = c.relam
join pg_class t on t.oid = i.indrelid
join pg_namespace n on n.oid = t.relnamespace
join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
where t.oid in (to_regclass(format('plan.%I', $1::text)), to_regclass(format('history.%I', $1::text)))
  and i.indisvalid and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
group by 1
