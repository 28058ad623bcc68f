// Package tileset answers requests for vector tiles: the core behind XYZ,
// TileJSON and OGC API Tiles, which differ only in the order of their
// numbers.
//
// [Service.Get] takes what a request says and returns what to answer; it does
// not touch the network. A tile's version is known from the mirror without
// rendering (see mirror.Snapshot.TileVersion), so an unchanged tile costs a
// comparison, and the cache never holds a stale one: the version is in its key.
package tileset
