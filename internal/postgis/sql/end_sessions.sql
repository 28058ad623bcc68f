-- Those of an earlier generation than the person's, but for the one that is kept.
with person as (
  select name, generation from simtaru.person where name = $1
), kept as (
  update simtaru.session s set generation = p.generation from person p where s.person = p.name and s.hash = $2
)
delete from simtaru.session s using person p
where s.person = p.name and s.generation <> p.generation and s.hash is distinct from $2
