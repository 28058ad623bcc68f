-- Mends staged geometries. The structure method keeps every ring's area, where
-- the older one would make holes of overlaps; parts that collapse to less than
-- the layer's dimension are dropped. What comes out empty, too large or still
-- invalid is left as it was, and is not returned. Areas are geodesic, in m2;
-- that of an invalid ring is what its boundary nominally encloses.
with mended as materialized (
  select s._feature, s.geom as was,
    case $2::int
      when 1 then s.geom
      else st_multi(st_collectionextract(st_makevalid(s.geom, 'method=structure keepcollapsed=false'), $2::int))
    end as became
  from pg_temp.import_staging s
  where s._feature = any($1::bigint[])
), usable as materialized (
  select * from mended
  where became is not null and not st_isempty(became) and st_npoints(became) <= $3::int and st_isvalid(became)
), stored as (
  update pg_temp.import_staging s set geom = u.became from usable u where s._feature = u._feature
)
select u._feature,
  case when $2::int = 3 then st_area(u.was::geography) end,
  case when $2::int = 3 then st_area(u.became::geography) end,
  st_numgeometries(u.was), st_numgeometries(u.became), st_npoints(u.was), st_npoints(u.became)
from usable u
order by u._feature
