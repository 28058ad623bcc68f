// Package demo makes a city that does not exist, where Banda Aceh lies: its
// plan, roads, parcels, buildings and dangers, as rows for the layers that the
// catalogue declares.
//
// Only names and codes of the 90 gampong are official. Every geometry and
// every figure is invented, and every row with a remark says so. Its public
// green open space is small, about 4 % of the land: that tells nothing of Banda
// Aceh.
//
// # How the plan is made exact
//
// The work is done in an imaginary flat plane, in metres, where everything is
// a convex polygon that was cut out of a larger one by a straight line: the
// land into quarters by hand (mesh.go), quarters into blocks by streets,
// blocks into strips of road, river and inner land, inner land into zones. A
// cut keeps all vertices that lie on it, from both sides, so that whoever
// walks along it meets the same vertices: no T-junction can be missed, and no
// intersection is computed twice. Only then the plane is bent by one smooth
// function into streets that curve, and rounded to 1e-7 degrees. Zones,
// gampong and the city are unions of the same pieces, found by cancelling
// opposite edges, without a single overlay.
//
// # Determinism
//
// The same Options give the same bytes on any machine. Randomness comes from
// PCG, seeded for each thing by what it is, never by when it is asked;
// no result depends on the order of a map; products are rounded explicitly (the language
// lets a compiler fuse x*y + z, which differs in the last bit), and no
// function of package math is used but those that IEEE 754 fixes.
package demo
