"""Reads the shapes of figures with GDAL and prints what it found as JSON.

usage: read_figures.py FILE.geojson
"""

import json
import sys

from osgeo import gdal

gdal.UseExceptions()
source = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR)
layer = source.GetLayer(0)
found = {"Count": layer.GetFeatureCount(), "Names": [], "Values": [], "Areas": []}
for feature in layer:
    found["Names"].append(feature.GetField("name"))
    found["Values"].append(feature.GetField("value"))
    found["Areas"].append(feature.GetGeometryRef().GetArea())
print(json.dumps(found))
