-- The layers that publish, with those that they fill, where either is $1 and both have tables.
select l.id, declaration #>> '{publishes,layer}'
from simtaru.layer l
where $1 in (l.id, declaration #>> '{publishes,layer}')
  and exists (select from pg_tables t where t.schemaname = 'plan' and t.tablename = declaration #>> '{publishes,layer}')
order by l.id
