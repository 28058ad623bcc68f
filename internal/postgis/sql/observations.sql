-- The latest value of each unit.
select distinct on (unit_kind, unit_code) unit_kind, unit_code, value, method, at, actor, sent_at
from simtaru.observation where indicator = $1
order by unit_kind, unit_code, at desc, id desc
