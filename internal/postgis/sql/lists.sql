select l.list, l.version, l.title_id, l.title_en, l.source,
  c.code, c.title_id, c.title_en, c.color, c.grouping_code, c.note
from simtaru.code_list l left join simtaru.code c using (list, version)
where ($1 = '' or l.list = $1) and ($2 = '' or l.version = $2)
order by l.list, l.version, c.place
