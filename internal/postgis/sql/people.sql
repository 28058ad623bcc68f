select name, role, title, coalesce(email, '') as email, coalesce(password, '') as password,
  coalesce(issuer, '') as issuer, coalesce(subject, '') as subject, disabled, generation, created_at, created_by
from simtaru.person
order by name
