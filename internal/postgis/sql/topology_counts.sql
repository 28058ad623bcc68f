select kind, issues, area_m2, unknown, message, message_en from simtaru.topology_counts($1) order by kind
