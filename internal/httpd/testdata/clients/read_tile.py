"""Decodes a vector tile with GDAL's MVT driver and prints its features as JSON,
coordinates in degrees.

usage: read_tile.py FILE Z X Y
"""

import json
import sys

from osgeo import gdal, osr

gdal.UseExceptions()
name, z, x, y = sys.argv[1:]
tile = gdal.OpenEx(
    "MVT:" + name, gdal.OF_VECTOR, open_options=["Z=" + z, "X=" + x, "Y=" + y, "METADATA_FILE=", "CLIP=NO"]
)
degrees = osr.SpatialReference()
degrees.ImportFromEPSG(4326)
degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
found = {}
for i in range(tile.GetLayerCount()):
    layer = tile.GetLayer(i)
    features = []
    for feature in layer:
        shape = feature.GetGeometryRef()
        shape.TransformTo(degrees)
        west, east, south, north = shape.GetEnvelope()
        values = json.loads(feature.ExportToJson())["properties"]
        features.append({"id": values.pop("mvt_id", None), "box": [west, south, east, north], "values": values})
    found[layer.GetName()] = features
print(json.dumps(found))
