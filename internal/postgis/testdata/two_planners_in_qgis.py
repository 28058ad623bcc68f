"""Edits the layer park in QGIS as two planners and a disaster officer, each
with a login of its own, and prints what came of each step as JSON lines."""

import json
import sys

from qgis.core import (Qgis, QgsApplication, QgsDefaultValue, QgsFeatureRequest, QgsGeometry, QgsPointXY, QgsProject,
                       QgsVectorLayer, QgsVectorLayerUtils, QgsWkbTypes)

host, port, database = sys.argv[1:4]
app = QgsApplication([], False)
app.initQgis()


def as_login(user, kind="MultiPolygon"):
    layer = QgsVectorLayer(
        f"dbname='{database}' host={host} port={port} user='{user}' key='id' srid=4326 "
        f'type={kind} table="plan"."park" (geom)', user, "postgres")
    # What the style and the project deliver: QGIS says which revision it had read.
    field = layer.fields().indexFromName("read_revision")
    layer.setDefaultValueDefinition(field, QgsDefaultValue('"revision"', True))
    return layer


def say(step, ok, layer):
    print(json.dumps({"step": step, "ok": ok, "errors": layer.commitErrors() if not ok else []}))


def commit(layer, step):
    ok = layer.commitChanges()
    say(step, ok, layer)
    if not ok:
        layer.rollBack()  # as the planner does who has read the message


def box(west, east):
    return QgsGeometry.fromWkt(f"Polygon(({west} 5, {east} 5, {east} 5.1, {west} 5.1, {west} 5))")


def add(layer, name, geometry):
    feature = QgsVectorLayerUtils.createFeature(layer, geometry)
    feature.setAttribute("name", name)
    layer.addFeature(feature)


def named(layer, name):
    return next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(f"\"name\" = '{name}'")))


def change(layer, name, field, value):
    feature = named(layer, name)
    layer.startEditing()
    layer.changeAttributeValue(feature.id(), layer.fields().indexFromName(field), value)


siti, budi, tuti = as_login("siti"), as_login("budi"), as_login("tuti")
say("open", siti.isValid() and budi.isValid() and tuti.isValid(), siti)

# Without being told, QGIS finds what an empty table stores.
for schema in ("plan", "history"):
    found = QgsVectorLayer(
        f"dbname='{database}' host={host} port={port} user='siti' key='id' table=\"{schema}\".\"park\" (geom)", "found", "postgres")
    say(f"find {schema}", found.wkbType() == QgsWkbTypes.MultiPolygon and found.crs().authid() == "EPSG:4326", siti)

# Three forms of one polygon.
siti.startEditing()
add(siti, "single", box(95, 95.1))
add(siti, "with z", QgsGeometry.fromWkt("PolygonZ((95.1 5 7, 95.2 5 7, 95.2 5.1 7, 95.1 5.1 7, 95.1 5 7))"))
add(siti, "multi", QgsGeometry.fromWkt("MultiPolygon(((95.2 5, 95.3 5, 95.3 5.1, 95.2 5.1, 95.2 5)))"))
commit(siti, "three forms")

# Both change one park; siti is first.
change(budi, "single", "trees", 7)
change(siti, "single", "trees", 9)
commit(siti, "first")
commit(budi, "second")
change(budi, "single", "trees", 7)
commit(budi, "second again")

# An attribute and the geometry at one save, twice in a row.
for i, east in enumerate((95.09, 95.1)):
    change(siti, "single", "share", 10 + i)
    siti.changeGeometry(named(siti, "single").id(), box(95, east))
    commit(siti, f"both {i + 1}")

# budi changes what siti deletes meanwhile.
change(budi, "multi", "trees", 3)
siti.startEditing()
siti.deleteFeature(named(siti, "multi").id())
commit(siti, "delete")
commit(budi, "change of what is deleted")


def split(layer, name, x):
    layer.removeSelection()
    layer.select(named(layer, name).id())
    layer.startEditing()
    return layer.splitFeatures([QgsPointXY(x, 4.9), QgsPointXY(x, 5.2)]) == Qgis.GeometryOperationResult.Success


def merge(layer, name, into, value):
    """What the action "Merge selected features" does: one grows, one goes."""
    layer.startEditing()
    gone, kept = named(layer, name), named(layer, into)
    layer.changeGeometry(kept.id(), kept.geometry().combine(gone.geometry()))
    layer.changeAttributeValue(kept.id(), layer.fields().indexFromName("trees"), value)
    layer.deleteFeature(gone.id())


# Split and merge, each change a transaction of its own.
say("split", split(siti, "single", 95.05), siti)
commit(siti, "split saved")
merge(siti, "single", "with z", 1)
commit(siti, "merge saved")

# The same with transaction groups, as the city's project has them: all that
# one login edits is one transaction, open from the first edit to the save, and
# what QGIS changes is sent at once.
project = QgsProject.instance()
project.setAutoTransaction(True)
siti_group, budi_group = as_login("siti"), as_login("budi")
project.addMapLayers([siti_group, budi_group])
shown = []
budi_group.raiseError.connect(shown.append)
say("group: split", split(siti_group, "with z", 95.15), siti_group)
commit(siti_group, "group: split saved")
merge(siti_group, "single", "with z", 2)
commit(siti_group, "group: merge saved")


def at_once(step, ok):
    print(json.dumps({"step": step, "ok": ok, "errors": shown[:] if not ok else []}))
    shown.clear()


trees = siti.fields().indexFromName("trees")

# siti saves after budi has begun.
budi_group.startEditing()
seen = named(budi_group, "with z")
change(siti, "with z", "trees", 20)
commit(siti, "group: siti saves")
at_once("group: overtaken", budi_group.changeAttributeValue(seen.id(), trees, 30))
at_once("group: overtaken geometry", budi_group.changeGeometry(seen.id(), box(97, 97.1)))
at_once("group: overtaken delete", budi_group.deleteFeature(seen.id()))
add(budi_group, "another", box(98, 98.1))
commit(budi_group, "group: the rest is saved")

# siti had begun, and changed the park, before budi began; she saves before he changes it.
siti_group.startEditing()
siti_group.changeAttributeValue(seen.id(), trees, 40)
budi_group.startEditing()
seen = named(budi_group, "with z")
commit(siti_group, "group: siti saves what was open")
at_once("group: overtaken by an older transaction", budi_group.changeAttributeValue(seen.id(), trees, 50))
budi_group.rollBack()
budi_group.startEditing()
at_once("group: after a look", budi_group.changeAttributeValue(seen.id(), trees, 60))
commit(budi_group, "group: saved")

# budi changes what siti has deleted since he began.
budi_group.startEditing()
seen = named(budi_group, "another")
siti.startEditing()
siti.deleteFeature(named(siti, "another").id())
commit(siti, "group: siti deletes")
at_once("group: change of what is deleted", budi_group.changeAttributeValue(seen.id(), trees, 70))
budi_group.rollBack()

# A disaster officer sees the layer and may not touch it.
say("officer reads", tuti.featureCount() == siti.featureCount() > 0, tuti)
say("officer cannot edit", not tuti.startEditing(), tuti)

app.exitQgis()
