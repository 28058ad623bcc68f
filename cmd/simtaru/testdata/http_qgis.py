"""Opens a project whose layers come over OGC API Features, compares it with the
declarations, draws a zone, and prints what came of each step as JSON lines."""

import json
import os
import sys

from qgis.core import (QgsApplication, QgsAuthMethodConfig, QgsCoordinateTransform, QgsFeatureRequest,
                       QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRectangle)
from qgis.gui import QgsGui
from qgis.PyQt.QtCore import QSize

from declared_qgis import broken, colour, form_faults, style_faults, wanted

with open(sys.argv[1]) as f:
    TASK = json.load(f)

app = QgsApplication([], True)
app.initQgis()
QgsGui.editorWidgetRegistry().initEditors()


def say(step, ok, errors=(), **data):
    print(json.dumps({"step": step, "ok": bool(ok), "errors": [str(e) for e in errors], **data}), flush=True)


if TASK["me"]:
    manager = QgsApplication.authManager()
    manager.setMasterPassword("kata sandi induk", True)
    login = QgsAuthMethodConfig("Basic")
    login.setId("simtaru")
    login.setName("simtaru")
    login.setConfig("username", TASK["me"]["name"])
    login.setConfig("password", TASK["me"]["password"])
    say("keep the login", manager.storeAuthenticationConfig(login))

project = QgsProject.instance()
say("open", project.read(TASK["project"]), [project.error()], crs=project.crs().authid(), title=project.title())
layers = {name: project.mapLayer("simtaru_" + name) for name in TASK["layers"]}
say("the layers", set(project.mapLayers()) == {"simtaru_" + name for name in TASK["layers"]}, project.mapLayers())

OWN = ["revision", "updated_at"] + (["updated_by"] if TASK["me"] else [])
for name, layer in layers.items():
    want = TASK["layers"][name]
    say(f"{name}: valid", layer.isValid() and layer.providerType() == "OAPIF" and layer.featureCount() == want["count"],
        [layer.error().message(), layer.featureCount()])
    say(f"{name}: for editing", layer.readOnly() != want["editable"])
    # Before version 3.44 the fields of a layer are those of its features.
    if want["count"] == 0 or not layer.isValid():
        say(f"{name}: empty", want["count"] == 0)
        continue
    faults = broken(style_faults(layer, want))
    say(f"{name}: style", not faults, faults)
    faults = broken(form_faults(layer, want, TASK["lists"], OWN + (["read_revision"] if want["editable"] else [])))
    say(f"{name}: form", not faults, faults)

relations = project.relationManager().relations().values()
say("relations", len(relations) == TASK["relations"] and all(r.isValid() for r in relations), [r.name() for r in relations])

# A zone by itself has the colour of its code.
zones, legend = layers[TASK["zones"]], {e["value"]: e["symbol"] for e in TASK["layers"][TASK["zones"]]["legend"]}
to_map = QgsCoordinateTransform(zones.crs(), project.crs(), project)
zone = max(zones.getFeatures(QgsFeatureRequest()), key=lambda z: z.geometry().area())
centre = to_map.transform(zone.geometry().poleOfInaccessibility(0.00001)[0].asPoint())
settings = QgsMapSettings()
settings.setLayers([zones])
settings.setDestinationCrs(project.crs())
settings.setBackgroundColor(project.backgroundColor())
settings.setOutputSize(QSize(1000, 800))
settings.setFlag(QgsMapSettings.DrawLabeling, False)
settings.setExtent(QgsRectangle.fromCenterAndSize(centre, 10, 8))
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
got = colour(job.renderedImage().pixelColor(500, 400))
y = legend[zone[TASK["layers"][TASK["zones"]]["field"]]]
want = [c * y["fillOpacity"] + b * (1 - y["fillOpacity"]) for c, b in zip(wanted(y["fill"]), colour(project.backgroundColor()))]
say("the colour of a zone", max(abs(a - b) for a, b in zip(got, want[:3])) <= 1.5, [got, want])
sys.stdout.flush()
os._exit(0)
