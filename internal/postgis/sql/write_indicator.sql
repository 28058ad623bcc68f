insert into simtaru.indicator (id, declaration) values ($1, $2)
on conflict (id) do update set declaration = excluded.declaration, applied_at = now(), applied_by = session_user, removed_at = null
