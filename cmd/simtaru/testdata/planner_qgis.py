"""Works through a day of a planner in QGIS: opens the city's project from the
database, compares it with the declarations, draws it, edits the zoning plan,
and prints what came of each step as JSON lines."""

import json
import math
import os
import sys
import time
import urllib.request

from qgis.core import (Qgis, QgsApplication, QgsCoordinateTransform, QgsCredentials, QgsDataSourceUri,
                       QgsFeatureRequest, QgsGeometry, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsPointXY, QgsProject, QgsProviderRegistry, QgsRectangle, QgsSnappingConfig, QgsVectorLayer,
                       QgsVectorLayerUtils, QgsWkbTypes)
from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm, QgsGui
from qgis.PyQt.QtCore import QSize

from declared_qgis import broken, colour, form_faults, style_faults, wanted

with open(sys.argv[1]) as f:
    TASK = json.load(f)
PORT, DATABASE, BASE = TASK["port"], TASK["database"], TASK["base"]
SITI, BUDI = TASK["siti"], TASK["budi"]


class Login(QgsCredentials):
    """The dialog in which QGIS asks for a name and password."""

    def __init__(self):
        super().__init__()
        self.setInstance(self)
        self.asked = 0

    def request(self, realm, username, password, message=""):
        self.asked += 1
        return self.asked < 5, SITI["name"], SITI["password"]

    def requestMasterPassword(self, password, stored=False):
        return False, ""


app = QgsApplication([], True)
app.initQgis()
QgsGui.editorWidgetRegistry().initEditors()
login = Login()


def say(step, ok, errors=(), **data):
    print(json.dumps({"step": step, "ok": bool(ok), "errors": [str(e) for e in errors], **data}), flush=True)


project = QgsProject.instance()
opened = project.read(f"postgresql://{SITI['name']}:{SITI['password']}@127.0.0.1:{PORT}?dbname={DATABASE}"
                      "&schema=public&project=simtaru_planner")
say("open", opened, [project.error()], crs=project.crs().authid(), title=project.title(), asked=login.asked)
say("one transaction", project.autoTransaction())
say("shared borders", project.topologicalEditing() and project.snappingConfig().enabled()
    and project.snappingConfig().mode() == QgsSnappingConfig.AdvancedConfiguration)

layers = {name: project.mapLayer("simtaru_" + name) for name in TASK["layers"]}
say("the layers that a planner reads", set(project.mapLayers()) == {"simtaru_" + name for name in TASK["layers"]},
    project.mapLayers())


for name, layer in layers.items():
    want = TASK["layers"][name]
    say(f"{name}: valid", layer.isValid() and layer.featureCount() == want["count"], [layer.featureCount()])
    faults = broken(style_faults(layer, want))
    say(f"{name}: style", not faults, faults)
    faults = broken(form_faults(layer, want, TASK["lists"]))
    say(f"{name}: form", not faults, faults)
    say(f"{name}: editable", layer.readOnly() != want["editable"] and layer.supportsEditing() == want["editable"])
    # The same style and form come with the table, without the project.
    alone = QgsVectorLayer(layer.source(), name, "postgres")
    faults = broken(style_faults(alone, want)) + broken(form_faults(alone, want, TASK["lists"]))
    say(f"{name}: by itself", not faults, faults)

relations = project.relationManager().relations().values()
say("relations", len(relations) == TASK["relations"] and all(r.isValid() for r in relations), [r.name() for r in relations])
order = [layer.id() for layer in project.layerTreeRoot().layerOrder()]
say("drawing order", order == ["simtaru_" + name for name in reversed(TASK["order"])], order)
top = project.layerTreeRoot().children()[0].children()
say("issues on top", [t.layerId() for t in top] == ["simtaru_" + TASK["order"][-1]])

# What a form shows and does not change, it keeps.
zones = layers[TASK["zones"]]
changed = []
zones.startEditing()  # and all others, in one transaction
for name, layer in layers.items():
    if layer.readOnly():
        continue
    names, note = layer.fields().names(), TASK["layers"][name]["note"]
    for feature in layer.getFeatures(QgsFeatureRequest().setLimit(5)):
        form = QgsAttributeForm(layer, feature, QgsAttributeEditorContext())
        form.setMode(QgsAttributeEditorContext.SingleEditMode)
        form.changeAttribute(note, "dilihat")
        form.save()
        after = layer.getFeature(feature.id())
        changed += [f"{name}.{n}: {a} -> {b}" for n, a, b in zip(names, feature.attributes(), after.attributes())
                    if a != b and n not in (note, "revision", "updated_at", "updated_by")]
        if after[note] != "dilihat":
            changed.append(f"{name}: the form was not saved")
zones.rollBack()
say("forms", not changed, changed)


# A picture: the whole city, and one zone by itself for its colour.
def picture(path, shown, extent, labels=True):
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setOutputSize(QSize(1000, 800))
    settings.setOutputDpi(96)
    settings.setFlag(QgsMapSettings.DrawLabeling, labels)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(os.path.join(TASK["pictures"], path))
    return settings, image


to_map = QgsCoordinateTransform(zones.crs(), project.crs(), project)
root = project.layerTreeRoot()
picture("city.png", [layer for layer in root.layerOrder() if root.findLayer(layer).isVisible()],
        to_map.transformBoundingBox(zones.extent()))
legend = {e["value"]: e["symbol"] for e in TASK["layers"][TASK["zones"]]["legend"]}
background = colour(project.backgroundColor())
wrong, seen = [], set()
for zone in sorted(zones.getFeatures(), key=lambda z: -z.geometry().area()):
    code = zone[TASK["layers"][TASK["zones"]]["field"]]
    if code in seen or len(seen) == 12:
        continue
    seen.add(code)
    centre = to_map.transform(zone.geometry().poleOfInaccessibility(0.00001)[0].asPoint())
    settings, image = picture("zone.png", [zones], QgsRectangle.fromCenterAndSize(centre, 10, 8), labels=False)
    got, y = colour(image.pixelColor(500, 400)), legend[code]
    want = [c * y["fillOpacity"] + b * (1 - y["fillOpacity"]) for c, b in zip(wanted(y["fill"]), background)]
    if max(abs(a - b) for a, b in zip(got, want[:3])) > 1.5:
        wrong.append(f"{code}: {got}, want {want}")
say("colours on the map", not wrong and len(seen) == 12, wrong)

# Editing. Everything goes to the database at once; a refusal comes as a message.
shown = []
zones.raiseError.connect(shown.append)


def attempt(step, ok, **data):
    say(step, ok, shown[:], **data)
    shown.clear()


def save(step, **data):
    ok = zones.commitChanges()
    say(step, ok, zones.commitErrors() if not ok else (), **data)
    if not ok:
        zones.rollBack()


def fetch(path):
    with urllib.request.urlopen(BASE + path, timeout=10) as answer:
        return answer.read()


def tile(x, y, zoom=16):
    n, lat = 2 ** zoom, math.radians(y)
    return f"/tiles/{TASK['zones']}/{zoom}/{int((x + 180) / 360 * n)}/{int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * n)}"


def follows(path, before):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if fetch(path) != before:
            return True
        time.sleep(0.02)
    return False


def at(x, y):
    d = 1e-9
    request = QgsFeatureRequest().setFilterRect(QgsRectangle(x - d, y - d, x + d, y + d))
    for zone in zones.getFeatures(request):
        vertex, index, *_, distance = zone.geometry().closestVertex(QgsPointXY(x, y))
        if distance == 0:
            yield zone, index


def shared_vertex():
    """A corner that two zones share, which can move without making any invalid."""
    for zone in zones.getFeatures():
        for v in list(zone.geometry().vertices())[1:-1]:
            sharing = list(at(v.x(), v.y()))
            moved = [z.geometry() for z, _ in sharing]
            x, y = v.x() + 2e-6, v.y() + 1e-6
            if len(sharing) == 2 and all(g.moveVertex(x, y, i) and g.isGeosValid() for g, (_, i) in zip(moved, sharing)):
                return sharing, (v.x(), v.y()), (x, y)


zones.startEditing()
sharing, was, now = shared_vertex()
address = tile(*now)
before = fetch(address)
zones.beginEditCommand("move a shared corner")
moved = all(zones.moveVertex(*now, zone.id(), index) for zone, index in sharing)
zones.endEditCommand()
attempt("move a shared corner", moved)
say("both zones moved", len(list(at(*now))) == 2 and not list(at(*was)))
save("save the corner", moved=[z["id"] for z, _ in sharing])
say("the tile follows", follows(address, before))

# Split one zone, which makes a second with the same attributes, and merge them again.
field = TASK["layers"][TASK["zones"]]["field"]
whole = max(zones.getFeatures(), key=lambda z: z.geometry().area())
box = whole.geometry().boundingBox()
known = set(zones.allFeatureIds())
zones.startEditing()
zones.select(whole.id())
middle = box.center().x()
result = zones.splitFeatures([QgsPointXY(middle, box.yMinimum() - 1), QgsPointXY(middle, box.yMaximum() + 1)], True)
zones.removeSelection()
attempt("split", result == Qgis.GeometryOperationResult.Success)
save("save the split")
parts = [zones.getFeature(i) for i in sorted(set(zones.allFeatureIds()) - known)]
say("the parts", len(parts) >= 1 and all(p[field] == whole[field] and p["id"] != whole["id"] for p in parts), whole=whole["id"],
    parts=[p["id"] for p in parts])
zones.startEditing()
zones.beginEditCommand("merge")
union = QgsGeometry.unaryUnion([zones.getFeature(whole.id()).geometry()] + [p.geometry() for p in parts])
merged = zones.changeGeometry(whole.id(), union) and zones.deleteFeatures([p.id() for p in parts])
zones.endEditCommand()
attempt("merge", merged)
save("save the merge")
say("as it was", set(zones.allFeatureIds()) == known and abs(zones.getFeature(whole.id()).geometry().area() / whole.geometry().area() - 1) < 1e-9)

# A zone in the sea: outside every village, which is an issue until it is gone.
issues = layers[TASK["order"][-1]]


def add(wkt, **values):
    feature = QgsVectorLayerUtils.createFeature(zones, QgsGeometry.fromWkt(wkt), {}, zones.createExpressionContext())
    for name, value in values.items():
        feature[name] = value
    return feature, zones.addFeature(feature)


FAR = "Polygon((95.2 5.7, 95.201 5.7, 95.201 5.701, 95.2 5.701, 95.2 5.7))"
required = {f["name"]: "Zona uji" for f in TASK["layers"][TASK["zones"]]["fields"] if f.get("required")}
zones.startEditing()
feature, added = add(FAR, **{**required, field: whole[field]})
attempt("add", added)
save("save the new zone")
new = next(zones.getFeatures(QgsFeatureRequest().setFilterRect(QgsRectangle(95.2, 5.7, 95.201, 5.701))))
say("an issue", [f["layer"] for f in issues.getFeatures()] == [TASK["zones"]], [f.attributes() for f in issues.getFeatures()], added=new["id"])

# What the rules refuse; the transaction goes on.
zones.startEditing()
attempt("a broken polygon", add("Polygon((95.2 5.8, 95.3 5.9, 95.3 5.8, 95.2 5.9, 95.2 5.8))", **{**required, field: whole[field]})[1])
attempt("an unknown code", zones.changeAttributeValue(new.id(), zones.fields().indexFromName(field), "Z-99"))
attempt("delete", zones.deleteFeature(new.id()))
save("save the deletion")
say("no issue", issues.dataProvider().featureCount() == 0 and not list(issues.getFeatures()))

# A colleague is first.
uri = QgsDataSourceUri()
uri.setConnection("127.0.0.1", str(PORT), DATABASE, BUDI["name"], BUDI["password"])
budi = QgsProviderRegistry.instance().providerMetadata("postgres").createConnection(uri.uri(False), {})
table, note = f'"plan"."{TASK["zones"]}"', TASK["layers"][TASK["zones"]]["note"]
one, two = sharing[0][0], sharing[1][0]
zones.startEditing()
list(zones.getFeatures(QgsFeatureRequest().setFilterFids([one.id(), two.id()])))
budi.executeSql(f"update {table} set {note} = 'budi' where id = {one['id']}")
index = zones.fields().indexFromName(note)
attempt("overtaken", zones.changeAttributeValue(one.id(), index, "siti"))
geometry = QgsGeometry(one.geometry())
attempt("overtaken geometry", zones.changeGeometry(one.id(), geometry))
budi.executeSql(f"delete from {table} where id = {two['id']}")
attempt("deleted", zones.changeAttributeValue(two.id(), index, "siti"))
zones.rollBack()
zones.startEditing()
attempt("after another look", zones.changeAttributeValue(one.id(), index, "siti"))
save("save what was overtaken", overtaken=one["id"], deleted=two["id"])

# A style of one's own is kept; it does not become everybody's.
refused = [zones.saveStyleToDatabase("malam", "", False, ""), zones.saveStyleToDatabase("lain", "", True, "")]
names = zones.listStylesInDatabase()[2]
say("a style of one's own", not refused[0] and refused[1] and sorted(names[:2]) == ["malam", "simtaru"] and "lain" not in names, refused + names)
zones.setRenderer(layers[TASK["order"][-1]].renderer().clone())
zones.loadDefaultStyle()
say("the city's style", not broken(style_faults(zones, TASK["layers"][TASK["zones"]])))

# The file over HTTP, opened as it comes.
project.clear()
path = os.path.join(TASK["pictures"], "simtaru.qgz")
manager = urllib.request.HTTPPasswordMgrWithPriorAuth()
manager.add_password(None, BASE, SITI["name"], SITI["password"], is_authenticated=True)
opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager))
with opener.open(BASE + "/qgis/simtaru.qgz", timeout=10) as answer, open(path, "wb") as out:
    out.write(answer.read())
opened = project.read(path)
say("the file", opened and len(project.mapLayers()) == len(layers) and all(m.isValid() for m in project.mapLayers().values()),
    [project.error()] + [m.name() for m in project.mapLayers().values() if not m.isValid()],
    user=QgsDataSourceUri(next(iter(project.mapLayers().values())).source()).username())
sys.stdout.flush()
os._exit(0)  # QGIS 3.22 may crash when Python tears it down
