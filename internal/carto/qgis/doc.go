// Package qgis makes what QGIS opens: the style and form of a layer (QML) and
// the project of a role (QGS, zipped to QGZ). Both are pure functions of the
// catalogue and stand on the same legend as the web map's style, so QGIS draws
// what the map draws. They are written in the format of QGIS 3.22, which every
// later version reads. No layer is named here.
//
// The style goes into public.layer_styles, where QGIS looks for it whenever a
// planner adds the table; the project holds it once more for each layer, since
// a project never asks the database for styles. A project can take its layers
// over OGC API Features instead ([Service]), with the same styles and forms.
package qgis
