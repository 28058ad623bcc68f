select area_code, area, people, coalesce(shelter_id, 0), shelter_name, why, coalesce(leave_first, 0), coalesce(leave_last, 0), coalesce(arrive_first, 0),
  coalesce(arrive_last, 0), coalesce(minutes, 0), coalesce(waiting, 0), coalesce(metres, 0), way, geom::bytea
from simtaru.evacuation_group where plan = $1 order by id
