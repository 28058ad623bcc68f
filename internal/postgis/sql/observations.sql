-- The latest value of each unit that was not taken back, of those sent under the
-- present method: older ones may be in another unit of measure.
select distinct on (unit_kind, unit_code) unit_kind, unit_code, value, method, at, actor, sent_at
from (
  select distinct on (o.unit_kind, o.unit_code, o.at) o.* from simtaru.observation o
  where o.indicator = $1 and o.method = (select (declaration ->> 'method')::int from simtaru.indicator where id = $1)
  order by o.unit_kind, o.unit_code, o.at desc, o.id desc
) held
where value is not null
order by unit_kind, unit_code, at desc
