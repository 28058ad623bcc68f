select kind, issues, area_m2 from simtaru.topology_counts($1) order by kind
