-- Which catalogue stands, and that an update which meets no row is for us to judge.
select simtaru.catalog_version(), set_config('simtaru.empty_update', 'on', true)
