"""Reads collections of an OGC API with QGIS's OAPIF provider and prints what it
found as JSON.

usage: read_qgis.py URL COLLECTION...    (URL of the landing page)
"""

import json
import os
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, QgsWkbTypes

app = QgsApplication([], False)
app.initQgis()
found = {}
for name in sys.argv[2:]:
    uri = f"url='{sys.argv[1]}' typename='{name}' pagingEnabled='true' restrictToRequestBBOX='0'"
    layer = QgsVectorLayer(uri, name, "OAPIF")
    if not layer.isValid():
        found[name] = {"error": layer.error().message()}
        continue
    box = None
    shapes = {}
    read = 0
    first = None
    for feature in layer.getFeatures():
        read += 1
        if first is None:
            first = {f.name(): feature[f.name()] for f in layer.fields()}
        if not feature.hasGeometry():
            continue
        kind = QgsWkbTypes.displayString(feature.geometry().wkbType())
        shapes[kind] = shapes.get(kind, 0) + 1
        b = feature.geometry().boundingBox()
        if box is None:
            box = [b.xMinimum(), b.yMinimum(), b.xMaximum(), b.yMaximum()]
        box = [min(box[0], b.xMinimum()), min(box[1], b.yMinimum()), max(box[2], b.xMaximum()), max(box[3], b.yMaximum())]
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(95.2995, 5.4995, 95.3025, 5.5025))
    found[name] = {
        "count": layer.featureCount(),
        "read": read,
        "filtered": sum(1 for _ in layer.getFeatures(request)),
        "fields": {f.name(): f.typeName() for f in layer.fields()},
        "shapes": shapes,
        "box": box,
        "first": first,
        "crs": layer.crs().authid(),
    }
print("FOUND " + json.dumps(found, default=str))
sys.stdout.flush()
# QGIS 3.22 crashes now and then when Python takes its objects down.
os._exit(0)
