-- The latest value of each unit, of those sent under the present method: older
-- ones may be in another unit of measure.
select distinct on (unit_kind, unit_code) unit_kind, unit_code, value, method, at, actor, sent_at
from simtaru.observation where indicator = $1 and method = (select (declaration ->> 'method')::int from simtaru.indicator where id = $1)
order by unit_kind, unit_code, at desc, id desc
