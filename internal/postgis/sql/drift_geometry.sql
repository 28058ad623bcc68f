-- The geometry columns as QGIS and GDAL find them.
select f_table_schema::text, format('%s %s %s', type, srid, coord_dimension)
from geometry_columns
where f_table_schema in ('plan', 'history') and f_table_name = $1::text and f_geometry_column = 'geom'
