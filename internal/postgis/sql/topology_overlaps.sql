select feature_a, feature_b, geom::bytea, area, why::text from simtaru.topology_scan_overlaps($1, $2, $3, $4)
