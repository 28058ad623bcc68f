-- The values that hold for a unit, of days in the city's time, the newest first, without
-- those that were taken back.
select (at at time zone 'Asia/Jakarta')::date::text, '', '', value, '', '', null::float8, null::float8, 0::bigint, '[]'::jsonb,
  method, '', '', at, actor, sent_at
from (
  select distinct on (o.at) o.* from simtaru.observation o
  where o.indicator = $1 and o.unit_kind = $2 and o.unit_code = $3
    and ($4 = '' or o.at >= nullif($4, '')::date::timestamp at time zone 'Asia/Jakarta')
    and ($5 = '' or o.at < (nullif($5, '')::date + 1)::timestamp at time zone 'Asia/Jakarta')
  order by o.at desc, o.id desc
) held
where value is not null
order by at desc limit $6
