-- The values that were recorded for a unit, of days in the city's time, the newest first.
select coalesce(on_day::text, ''), coalesce(label, ''), unit_name, value, why_id, why_en, numerator, denominator, features, classes,
  method, boundary, data, at, actor, sent_at
from simtaru.indicator_value
cross join lateral (select coalesce(on_day, (at at time zone 'Asia/Jakarta')::date) as day) said
where indicator = $1 and unit_kind = $2 and unit_code = $3
  and ($4 = '' or day >= nullif($4, '')::date) and ($5 = '' or day <= nullif($5, '')::date)
order by day desc, at desc, label desc limit $6
