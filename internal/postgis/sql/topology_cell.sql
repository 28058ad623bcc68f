select simtaru.topology_scan_cell($1, $2::bytea::geometry)::bytea
