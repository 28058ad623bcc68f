"""Edits the layer park as a planner does in QGIS, and prints what came of it as JSON lines."""

import json
import sys

from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsVectorLayer, QgsVectorLayerUtils

host, port, database = sys.argv[1:4]
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(
    f"dbname='{database}' host={host} port={port} user='postgres' key='id' srid=4326 "
    'type=MultiPolygon table="plan"."park" (geom)', "park", "postgres")


def say(step, ok):
    print(json.dumps({"step": step, "ok": ok, "errors": layer.commitErrors() if not ok else []}))


say("open", layer.isValid())
SQUARE = "Polygon((95.3 5.5, 95.301 5.5, 95.301 5.501, 95.3 5.501, 95.3 5.5))"
BOW_TIE = "MultiPolygon(((95 5, 96 6, 96 5, 95 6, 95 5)))"


def add(values, wkt):
    feature = QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromWkt(wkt))
    for name, value in values.items():
        feature.setAttribute(name, value)
    layer.startEditing()
    layer.addFeature(feature)
    ok = layer.commitChanges()
    if not ok:
        layer.rollBack()
    return ok


say("add", add({"name": "Taman Sari", "kind": "city", "since": "2020-01-01"}, SQUARE))
say("bad code", add({"name": "x", "kind": "forest"}, SQUARE))
say("bow tie", add({"name": "x"}, BOW_TIE))
say("no name", add({}, SQUARE))

feature = next(layer.getFeatures())
layer.startEditing()
layer.changeAttributeValue(feature.id(), layer.fields().indexFromName("share"), 12.5)
layer.changeGeometry(feature.id(), QgsGeometry.fromWkt("MultiPolygon(((95 5, 95.1 5, 95.1 5.1, 95 5)))"))
say("change", layer.commitChanges())
layer.startEditing()
layer.deleteFeature(feature.id())
say("delete", layer.commitChanges())
app.exitQgis()
