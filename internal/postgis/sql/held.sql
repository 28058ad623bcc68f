-- The present form of the tables $1 (live) and $2 (history), given as quoted
-- names: constraints, which geometry columns have a type modifier, whether live
-- has the column $3, and views that use a geometry column.
with tables (name, oid) as (values ($1::text, $1::text::regclass), ($2::text, $2::text::regclass))
select
  array(select conname::text from pg_constraint where conrelid = $1::text::regclass),
  array(select conname::text from pg_constraint where conrelid = $2::text::regclass),
  array(select t.name from tables t join pg_attribute a on a.attrelid = t.oid and a.attname = 'geom' where a.atttypmod >= 0),
  exists (select from pg_attribute where attrelid = $1::text::regclass and attname = $3::text and not attisdropped),
  array(select distinct r.ev_class::regclass::text
    from tables t
    join pg_attribute a on a.attrelid = t.oid and a.attname = 'geom'
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
      and d.refobjid = t.oid and d.refobjsubid = a.attnum
    join pg_rewrite r on r.oid = d.objid
    order by 1)
