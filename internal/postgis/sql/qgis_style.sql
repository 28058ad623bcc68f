-- Writes the style of a layer where it differs from what is there. The name of
-- the database is part of QGIS's key: a copy of a database needs it anew.
with present as (
  select min(id) as id from public.layer_styles where f_table_schema = 'plan' and f_table_name = $1 and stylename = 'simtaru'
), changed as (
  update public.layer_styles s
  set f_table_catalog = current_database(), f_geometry_column = 'geom', type = $2, styleqml = xmlparse(document $3),
    useasdefault = true, description = $4, update_time = current_timestamp
  from present p
  where s.id = p.id and (s.f_table_catalog, s.f_geometry_column, s.type, s.styleqml::text, s.useasdefault, s.description)
    is distinct from (current_database()::varchar, 'geom'::varchar, $2::varchar, $3::text, true, $4::text)
  returning s.id
), added as (
  insert into public.layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, stylename, styleqml, useasdefault, description, type)
  select current_database(), 'plan', $1, 'geom', 'simtaru', xmlparse(document $3), true, $4, $2
  from present p where p.id is null
  returning id
)
select exists (select from changed) or exists (select from added)
