"""Counts the features with a geometry that GDAL reads of each layer."""
import json
import sys

from osgeo import gdal

gdal.UseExceptions()
url, *layers = sys.argv[1:]
source = gdal.OpenEx("OAPIF:" + url, gdal.OF_VECTOR, open_options=["PAGE_SIZE=1000"])
found = {}
for name in layers:
    found[name] = sum(1 for f in source.GetLayerByName(name) if f.GetGeometryRef() is not None)
print("FOUND", json.dumps(found))
