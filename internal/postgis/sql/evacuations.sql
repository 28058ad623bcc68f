-- The newest first, without what they come to but for its sums.
select id::text, title, asked_by, asked, asked_at, started_at, ended_at, status, cancelling, progress, coalesce(graph_version, ''), closures_as_of, coalesce(hazard_version, ''), outcome - array['areas', 'shelters', 'arrivals_per_minute'], problem
from simtaru.evacuation order by asked_at desc, id
