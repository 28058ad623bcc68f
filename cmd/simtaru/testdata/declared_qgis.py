"""Compares a layer of QGIS with its declaration."""

import math

from qgis.core import QgsExpression, QgsFieldConstraints


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


def form_faults(layer, want, lists, own=("id", "revision", "updated_at", "updated_by", "read_revision")):
    """Compares the form; own are the columns of the platform."""
    fields = layer.fields()
    form = layer.editFormConfig()
    names = {f["name"] for f in want["fields"]} | set(own)
    yield f"fields {set(fields.names()) ^ names}", set(fields.names()) == names
    for name in set(own) - {"read_revision"}:
        yield f"{name} can be edited", form.readOnly(fields.indexFromName(name))
    if "read_revision" in own:
        read = fields.indexFromName("read_revision")
        default = layer.defaultValueDefinition(read)
        yield "read_revision is not filled", default.expression() == '"revision"' and default.applyOnUpdate()
        hidden = [c.hidden for c in layer.attributeTableConfig().columns() if c.name == "read_revision"]
        yield "read_revision is shown", layer.editorWidgetSetup(read).type() == "Hidden" and hidden == [True]
    if "id" in own:
        yield "the key", layer.primaryKeyAttributes() == [fields.indexFromName("id")]
    name = QgsExpression(layer.displayExpression())
    yield "the display name", name.isValid() and name.referencedColumns() <= set(fields.names())
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
            yield f"{f['name']}: value map", setup.type() == "ValueMap" and codes == [c["code"] for c in lists[f["codes"]["list"] + "@" + f["codes"]["version"]]]
            yield f"{f['name']}: can be emptied", f.get("required", False) == (NULL_VALUE not in dict(pairs).values())


def broken(faults):
    return [what for what, ok in faults if not ok]
