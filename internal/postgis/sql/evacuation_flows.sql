select kind, name, layer, feature, people, peak, peak_minute, capacity, saturated, first_minute, last_minute, per_minute, geom::bytea
from simtaru.evacuation_flow where plan = $1 order by id
