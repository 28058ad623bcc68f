insert into simtaru.person (name, role, title, email, password, created_by)
values ($1, $2, $3, nullif($4, ''), nullif($5, ''), $6)
