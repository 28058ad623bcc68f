-- Styles of ours for layers that are gone go too; a style that somebody made
-- the default stays, and is one to choose.
with gone as (
  delete from public.layer_styles where f_table_schema = 'plan' and stylename = 'simtaru' and not f_table_name = any($1)
)
update public.layer_styles set useasdefault = false
where f_table_schema = 'plan' and useasdefault and stylename is distinct from 'simtaru' and f_table_name = any($1)
