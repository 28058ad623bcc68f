-- Stores the values that differ from what holds for their unit and moment. Null
-- takes back what holds, and is nothing new where nothing does.
insert into simtaru.observation (indicator, unit_kind, unit_code, at, value, method, actor)
select $1, sent.kind, sent.code, sent.at, sent.value, $2, $3
from unnest($4::text[], $5::text[], $6::timestamptz[], $7::float8[]) with ordinality sent (kind, code, at, value, place)
where sent.value is distinct from (
  select o.value from simtaru.observation o
  where o.indicator = $1 and o.unit_kind = sent.kind and o.unit_code = sent.code and o.at = sent.at
  order by o.id desc limit 1)
order by sent.place
