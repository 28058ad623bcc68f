-- The one that has waited longest begins.
update simtaru.evacuation set status = 'running', started_at = now()
where id = (select id from simtaru.evacuation where status = 'queued' order by asked_at, id limit 1 for update skip locked)
returning id::text, title, asked_by, asked, asked_at, started_at, ended_at, status, cancelling, progress, coalesce(graph_version, ''), closures_as_of, coalesce(hazard_version, ''), outcome, problem
