// Package network is the road network that routes are sought in: lines as
// people draw them, made into nodes and edges.
//
// A feature is one or more lines ([Part]). Lines are cut where they meet, and
// what lies between two meetings is an [Edge]. Coordinates are longitude,
// latitude in degrees on WGS 84, a line is straight between its vertices, and
// lengths are metres on the ellipsoid.
//
// # Where lines meet
//
// Lines that cross or touch meet, unless they are on different decks: a level
// other than the ground, a bridge or a tunnel. A bridge or tunnel meets others
// at its ends, and another on its own deck also where that one ends, or where
// both have a vertex. Any two ends meet whatever their decks. A road that ends
// below a bridge does not meet it.
//
// An end that meets nothing is led to the nearest place within [Options.Snap]
// that it may join. Places nearer than a centimetre are one.
//
// Lines of a later layer, such as marked routes, mostly lie on roads. Where an
// edge of theirs is laid on another it is kept, to be asked about, but has no
// arcs; and where such a line follows a bridge it is on the bridge's deck.
//
// # How it is kept
//
// Where lines meet depends on nothing that is farther away than about twice the
// tolerance, and on no order: it is told by positions alone. So [Network.Apply]
// nodes again only the lines near a change, and the result is that of [New] but
// for numbering. Networks are immutable; an R-tree of segments, copied on write,
// is shared between them.
//
// Each edge has two arcs, one each way, whatever traffic may use it: what a
// [Profile] may use is a matter of weights, so one topology serves all.
package network
