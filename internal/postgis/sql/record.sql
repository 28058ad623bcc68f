-- Keeps values for their day or release; the last one recorded for it holds.
insert into simtaru.indicator_value (indicator, unit_kind, unit_code, unit_name, on_day, label, value, why_id, why_en,
  numerator, denominator, features, classes, method, boundary, data, at, actor, sent_at)
select indicator, by, code, name, "on", label, value, coalesce(why ->> 'id', ''), coalesce(why ->> 'en', ''),
  numerator, denominator, features, coalesce(classes, '[]'), method, boundary, data, at, coalesce(actor, ''), sent
from jsonb_to_recordset($1) as r (
  indicator text, by text, code text, name text, "on" date, label text, value float8, why jsonb,
  numerator float8, denominator float8, features bigint, classes jsonb, method int, boundary text, data text,
  at timestamptz, actor text, sent timestamptz)
on conflict (indicator, unit_kind, unit_code, on_day, label) do update set
  unit_name = excluded.unit_name, value = excluded.value, why_id = excluded.why_id, why_en = excluded.why_en,
  numerator = excluded.numerator, denominator = excluded.denominator, features = excluded.features, classes = excluded.classes,
  method = excluded.method, boundary = excluded.boundary, data = excluded.data, at = excluded.at,
  actor = excluded.actor, sent_at = excluded.sent_at, recorded_at = now()
