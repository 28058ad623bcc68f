-- The layers that publish, with those that they fill, where either is $1 and both have tables.
select id, declaration #>> '{publishes,layer}'
from simtaru.layer
where $1 in (id, declaration #>> '{publishes,layer}')
  and to_regclass(format('plan.%I', declaration #>> '{publishes,layer}')) is not null
order by id
