select simtaru.catalog_version()
