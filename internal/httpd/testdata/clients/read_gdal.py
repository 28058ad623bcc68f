"""Reads an OGC API with GDAL's OAPIF driver and prints what it found as JSON.

usage: read_gdal.py URL    (URL of the landing page)
"""

import json
import sys

from osgeo import gdal, ogr

gdal.UseExceptions()
source = gdal.OpenEx("OAPIF:" + sys.argv[1], gdal.OF_VECTOR)
found = {}
for i in range(source.GetLayerCount()):
    layer = source.GetLayer(i)
    definition = layer.GetLayerDefn()
    fields = {}
    for k in range(definition.GetFieldCount()):
        field = definition.GetFieldDefn(k)
        fields[field.GetName()] = field.GetTypeName()
    read = 0
    ids = set()
    shapes = {}
    box = None
    first = None
    for feature in layer:
        read += 1
        ids.add(feature.GetFID())
        shape = feature.GetGeometryRef()
        if shape is None:
            continue
        shapes[shape.GetGeometryName()] = shapes.get(shape.GetGeometryName(), 0) + 1
        west, east, south, north = shape.GetEnvelope()
        if box is None:
            box = [west, south, east, north]
        box = [min(box[0], west), min(box[1], south), max(box[2], east), max(box[3], north)]
        if first is None:
            first = {name: feature.GetField(name) for name in fields}
    west, east, south, north = layer.GetExtent()
    layer.SetSpatialFilterRect(95.2995, 5.4995, 95.3025, 5.5025)
    found[layer.GetName().split("/")[-1]] = {
        "count": read,
        "ids": len(ids),
        "filtered": sum(1 for _ in layer),
        "fields": fields,
        "shapes": shapes,
        "box": box,
        "extent": [west, south, east, north],
        "first": first,
        "srs": layer.GetSpatialRef().GetAuthorityCode(None) if layer.GetSpatialRef() else None,
    }
print(json.dumps(found, default=str))
