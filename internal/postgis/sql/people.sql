-- Who has that name, that e-mail address, or that account of an identity
-- provider; everybody where all are null.
select name, role, title, coalesce(email, '') as email, coalesce(password, '') as password,
  coalesce(issuer, '') as issuer, coalesce(subject, '') as subject, disabled, generation, created_at, created_by
from simtaru.person
where name = $1 or lower(email) = lower($2) or issuer = $3 and subject = $4 or coalesce($1, $2, $3, $4) is null
order by name
