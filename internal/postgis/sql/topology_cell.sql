select geom::bytea, why::text from simtaru.topology_scan_cell($1, $2::bytea::geometry)
