select name from simtaru.person p
where not exists (select from pg_roles where rolname = p.name)
order by name
