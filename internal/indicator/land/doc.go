// Package land measures land on the ellipsoid: how much of a unit is covered by
// which of many polygons, without building a single overlay.
//
// A sweep goes from south to north through all edges at once. Between two
// neighbouring latitudes at which an edge begins, ends or crosses another, the
// land is a row of trapezoids, and each of them is wholly covered or not by any
// polygon: so nothing can fail on polygons that touch, overlap or repeat one
// another, and land that is covered twice is seen as such.
//
// Coordinates are longitude, latitude in degrees on WGS 84, and an edge is the
// straight line between them, as RFC 7946 has it (3.1.1). Areas are square
// metres on the ellipsoid: the exact integral of its element of area
// M N cos(lat) over that figure. Parts so add up to the whole, which they do not
// where edges are geodesics that a cut makes others. The two differ by the
// square of the length of edges: at 5.5 degrees north a figure with edges of a
// kilometre by 2e-6 of its area, with edges of 100 m by 2e-8. A polygon's inside
// is told by the even-odd rule.
package land
