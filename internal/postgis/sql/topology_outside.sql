select feature, 0::bigint, geom::bytea, area, why::text from simtaru.topology_scan_outside($1, $2, $3, $4)
