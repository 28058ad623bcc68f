insert into simtaru.code_list (list, version, title_id, title_en, source) values ($1, $2, $3, $4, $5)
on conflict (list, version) do update set
  title_id = excluded.title_id, title_en = excluded.title_en, source = excluded.source
