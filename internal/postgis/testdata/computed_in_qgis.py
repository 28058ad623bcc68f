"""Edits what computed fields of the layer park follow from, in QGIS, and prints what came of it as JSON lines."""

import json
import sys

from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer, QgsVectorLayerUtils

host, port, database = sys.argv[1:4]
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(
    f"dbname='{database}' host={host} port={port} user='postgres' key='id' srid=4326 "
    'type=MultiPolygon table="plan"."park" (geom)', "park", "postgres")


def say(step, ok, errors=None):
    print(json.dumps({"step": step, "ok": ok, "errors": errors or (layer.commitErrors() if not ok else [])}))


def values():
    layer.dataProvider().reloadData()
    return [(f["name"], f["shade_percent"], f["shade_score"]) for f in layer.getFeatures()]


say("open", layer.isValid())
# What is computed is pasted along with the rest.
pasted = QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromWkt("Polygon((95.3 5.5, 95.301 5.5, 95.301 5.501, 95.3 5.5))"))
for name, value in {"name": "Taman", "trees": 4, "shade": 3, "shade_percent": 1, "shade_score": 0}.items():
    pasted.setAttribute(name, value)
layer.startEditing()
layer.addFeature(pasted)
say("paste", layer.commitChanges())
say("pasted", values() == [("Taman", 75, 3)], [repr(values())])
feature = next(layer.getFeatures())
layer.startEditing()
layer.changeAttributeValue(feature.id(), layer.fields().indexFromName("shade"), 4)
layer.changeAttributeValue(feature.id(), layer.fields().indexFromName("read_revision"), feature["revision"])
say("change", layer.commitChanges())
say("changed", values() == [("Taman", 100, 5)], [repr(values())])
layer.startEditing()
layer.changeAttributeValue(feature.id(), layer.fields().indexFromName("shade_score"), 1)
say("overwrite", layer.commitChanges())
say("overwritten", values() == [("Taman", 100, 5)], [repr(values())])
app.exitQgis()
