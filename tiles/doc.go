// Package tiles cuts vector tiles out of features that are held in memory.
//
// The way of a feature through the package:
//
//	orb.Geometry --NewShape--> *Shape --Generalise--> *Shape --Encoder--> MVT bytes --Cache--> gzip bytes
//
// A [Shape] is a geometry in the coordinates that tiles are made of: Web
// Mercator in 32-bit fixed point, one byte beside each vertex for the lowest
// zoom at which it is drawn. [Generalise] decides these bytes for a whole layer
// at once, so that both sides of a border agree; [Update] does it again around
// an edit. An [Encoder] then needs only integers: skip vertices, shift, clip,
// write. A [Cache] keeps the results by weight.
//
// # Why a coverage stays a coverage
//
// A layer whose polygons neither overlap nor leave gaps must look so in every
// tile. Three things could tear it, and each is made to give the same answer
// from both sides of a border:
//
//   - simplification works on arcs, the pieces of border between two nodes,
//     not on polygons (see [Generalise]);
//   - rounding is done on one grid for the world, so a vertex has the same
//     coordinates in every feature and in every tile that it touches;
//   - clipping computes where an edge crosses the clip border from its inner
//     end, whichever way the edge runs, in integers.
//
// Seen as sums of directed edges (chains), the border between two neighbours
// stands in one with a plus and in the other with a minus. All three steps keep
// that. The sum over all features of a tile is therefore the clipped outline of
// the whole, and the signed areas that MVT defines add up to its area, exactly,
// in integers.
//
// What is not promised: rounding to the tile's grid may move a vertex by half a
// unit in x and y over the edge of a feature that is narrower than that, and
// then two features overlap there by a sliver below the unit while a third has
// that sliver with negative sign. A ring that is turned over as a whole in this
// way is given to its neighbour (see [Layer.Find]), so that every exterior ring
// written has positive area.
package tiles
