"""Works through a day of a planner in QGIS: opens the city's project from the
database, compares it with the declarations, draws it, edits the zoning plan,
and prints what came of each step as JSON lines."""

import json
import math
import os
import sys
import time
import urllib.request

from qgis.core import (Qgis, QgsApplication, QgsCoordinateTransform, QgsCredentials, QgsDataSourceUri, QgsExpression,
                       QgsFeatureRequest, QgsFieldConstraints, QgsGeometry, QgsMapRendererParallelJob, QgsMapSettings,
                       QgsPointXY, QgsProject, QgsProviderRegistry, QgsRectangle, QgsSnappingConfig, QgsVectorLayer,
                       QgsVectorLayerUtils, QgsWkbTypes)
from qgis.gui import QgsAttributeEditorContext, QgsAttributeForm, QgsGui
from qgis.PyQt.QtCore import QSize

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


def colour(c):
    return [c.red(), c.green(), c.blue(), c.alpha()]


def wanted(hexadecimal, opacity=1.0):
    rgb = [int(hexadecimal[i:i + 2], 16) for i in (1, 3, 5)]
    return rgb + [math.floor(opacity * 255 + 0.5)]


def near(a, b):
    return abs(a - b) < 0.002


def px(v):
    return v * 25.4 / 96


def line_faults(part, symbol, casing=False):
    width = symbol["strokeWidth"] + (2 if casing else 0)
    yield "colour", colour(part.color()) == wanted(symbol["casing" if casing else "stroke"])
    yield "width", near(part.width(), px(width))
    dash = [] if casing else symbol.get("dash") or []
    yield "dashes", part.useCustomDashPattern() == bool(dash)
    if dash:
        yield "pattern", all(near(a, px(b)) for a, b in zip(part.customDashVector(), dash))


def symbol_faults(symbol, entry, kind):
    """Compares a symbol of QGIS with one of the legend."""
    y, parts = entry["symbol"], [symbol.symbolLayer(i) for i in range(symbol.symbolLayerCount())]
    stroke = y.get("stroke") and y["strokeWidth"] > 0
    if kind == "MultiPolygon":
        if y["fillOpacity"] > 0:
            yield "fill", colour(parts[0].fillColor()) == wanted(y["fill"], y["fillOpacity"])
        else:
            yield "no fill", parts[0].brushStyle() == 0
        if stroke and y.get("dash"):
            yield from line_faults(parts[1], y)
        elif stroke:
            yield "outline", colour(parts[0].strokeColor()) == wanted(y["stroke"]) and near(parts[0].strokeWidth(), px(y["strokeWidth"]))
        else:
            yield "no outline", parts[0].strokeStyle() == 0
    elif kind == "MultiLineString":
        if y.get("casing"):
            yield from line_faults(parts[0], y, casing=True)
            yield "casing below", parts[0].renderingPass() < parts[1].renderingPass()
        yield from line_faults(parts[-1], y)
    else:
        yield "fill", colour(parts[0].color()) == wanted(y["fill"], y["fillOpacity"])
        # The outline of the map lies outside the radius.
        outside = (parts[0].size() + parts[0].strokeWidth()) / 2 if stroke else parts[0].size() / 2
        yield "size", near(outside, px(y["radius"] + (y["strokeWidth"] if stroke else 0)))
        if stroke:
            yield "outline", colour(parts[0].strokeColor()) == wanted(y["stroke"])


def style_faults(layer, want):
    renderer = layer.renderer()
    if want["field"]:
        categories = renderer.categories()  # which own their symbols
        got = [(c.value(), c.label(), c.symbol()) for c in categories]
        yield "the field " + renderer.classAttribute(), renderer.classAttribute() == want["field"]
    else:
        got = [("", want["legend"][0]["title"]["id"], renderer.symbol())]
    yield f"{len(got)} classes", len(got) == len(want["legend"])
    for (value, label, symbol), entry in zip(got, want["legend"]):
        yield f"class {value}", str(value or "") == entry["value"] and label == entry["title"]["id"]
        for what, ok in symbol_faults(symbol, entry, want["geometry"]):
            yield f"class {value}: {what}", ok
    yield "labels", layer.labelsEnabled() == bool(want["label"])
    if want["label"]:
        yield "the label's field", layer.labeling().settings().fieldName == want["label"]["field"]
    yield "scales", layer.hasScaleBasedVisibility() and layer.minimumScale() == 10000 * 2 ** (15 - want["drawnFrom"])


HARD = QgsFieldConstraints.ConstraintStrengthHard
NULL_VALUE = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"


def form_faults(layer, want):
    fields = layer.fields()
    form = layer.editFormConfig()
    for name in ("id", "revision", "updated_at", "updated_by"):
        yield f"{name} can be edited", form.readOnly(fields.indexFromName(name))
    read = fields.indexFromName("read_revision")
    default = layer.defaultValueDefinition(read)
    yield "read_revision is not filled", default.expression() == '"revision"' and default.applyOnUpdate()
    yield "read_revision is shown", layer.editorWidgetSetup(read).type() == "Hidden" and layer.attributeTableConfig().columns()[read].hidden
    yield "the key", layer.primaryKeyAttributes() == [fields.indexFromName("id")]
    yield "the display name", QgsExpression(layer.displayExpression()).isValid()
    shown = {e.name() for tab in form.tabs() for e in tab.children()}
    yield "fields that no tab shows", shown == set(fields.names()) - {"read_revision"}
    for f in want["fields"]:
        i = fields.indexFromName(f["name"])
        yield f"{f['name']}: alias", fields[i].alias().startswith(f["title"]["id"])
        constraints = fields[i].constraints()
        for flag, bit in (("required", QgsFieldConstraints.ConstraintNotNull), ("unique", QgsFieldConstraints.ConstraintUnique)):
            if f.get(flag):
                yield f"{f['name']}: {flag}", constraints.constraintStrength(bit) == HARD
        if "min" in f or "max" in f:
            yield f"{f['name']}: range", constraints.constraintStrength(QgsFieldConstraints.ConstraintExpression) == HARD
        if "codes" in f:
            setup = layer.editorWidgetSetup(i)
            pairs = [list(pair.items())[0] for pair in setup.config()["map"]]
            codes = [code for _, code in pairs if code != NULL_VALUE]
            yield f"{f['name']}: value map", setup.type() == "ValueMap" and codes == [c["code"] for c in TASK["lists"][f["codes"]["list"] + "@" + f["codes"]["version"]]]
            yield f"{f['name']}: can be emptied", f.get("required", False) == (NULL_VALUE not in dict(pairs).values())


def broken(faults):
    return [what for what, ok in faults if not ok]


for name, layer in layers.items():
    want = TASK["layers"][name]
    say(f"{name}: valid", layer.isValid() and layer.featureCount() == want["count"], [layer.featureCount()])
    faults = broken(style_faults(layer, want))
    say(f"{name}: style", not faults, faults)
    faults = broken(form_faults(layer, want))
    say(f"{name}: form", not faults, faults)
    say(f"{name}: editable", layer.readOnly() != want["editable"] and layer.supportsEditing() == want["editable"])
    # The same style and form come with the table, without the project.
    alone = QgsVectorLayer(layer.source(), name, "postgres")
    faults = broken(style_faults(alone, want)) + broken(form_faults(alone, want))
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
