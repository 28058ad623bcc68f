update simtaru.evacuation
set status = $2, progress = $3, graph_version = $4, closures_as_of = $5, hazard_version = $6, outcome = $7, problem = $8, ended_at = now()
where id = $1 and status = 'running' returning id::text
