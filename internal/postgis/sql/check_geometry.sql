-- Refuses a geometry as a layer would.
select simtaru.check_geometry($1::bytea::geometry)
