insert into simtaru.layer (id, declaration, ddl) values ($1, $2, $3)
on conflict (id) do update set
  declaration = excluded.declaration, ddl = excluded.ddl, applied_at = now(), applied_by = session_user
