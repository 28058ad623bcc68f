-- Another address lets the identity provider bind the person anew.
update simtaru.person set
  role = coalesce($2, role),
  disabled = coalesce($3, disabled),
  title = coalesce($4, title),
  email = case when $5::text is null then email else nullif($5, '') end,
  issuer = case when $5 is null or $5 is not distinct from coalesce(email, '') then issuer end,
  subject = case when $5 is null or $5 is not distinct from coalesce(email, '') then subject end,
  password = coalesce($6, password),
  generation = generation + case
    when $6 is not null or $2 is distinct from role and $2 is not null or $3 is distinct from disabled and $3 is not null then 1
    else 0 end
where name = $1
