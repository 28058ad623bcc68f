select id::text, title, asked_by, asked, asked_at, started_at, ended_at, status, cancelling, progress, coalesce(graph_version, ''), closures_as_of, coalesce(hazard_version, ''), outcome, problem
from simtaru.evacuation where id = $1
