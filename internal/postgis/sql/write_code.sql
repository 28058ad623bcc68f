insert into simtaru.code (list, version, code, place, title_id, title_en, color, grouping_code, note)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (list, version, code) do update set
  place = excluded.place, title_id = excluded.title_id, title_en = excluded.title_en,
  color = excluded.color, grouping_code = excluded.grouping_code, note = excluded.note
