// Package pack is the file from which a phone tells the way to a shelter when
// there is no network: the roads of an area with, for each of their nodes, the
// next edge of the fastest way to a shelter with room.
//
// Any program may read it. All numbers of the binary part are unsigned varints
// (LEB128: seven bits a byte, the lowest first, the high bit set but in the
// last), of at most 53 bits; a signed number n is written as 2n, or as -2n-1
// where it is negative. Positions are longitude and latitude on WGS 84 in
// micro-degrees, some 0.1 m, each a signed difference to the one before.
//
//	4 bytes    "SEP1": the format and its version
//	32 bytes   SHA-256 of all that follows
//	varint     length of the head in bytes
//	head       JSON, see [Head]
//	nodes      for each: position, the first against 0,0
//	edges      in six columns, each for all edges one after the other:
//	             from    node, less that of the edge before
//	             to      node, less from; signed
//	             flags   1 bridge, 2 steps, 4 not to be gone along the line, 8 not
//	                     against it, 16 more than two roads meet at the node from,
//	                     32 at the node to; above these (times 64), its speed's
//	                     place in the head
//	             name    its place in the head, plus 1; 0 is none
//	             weight  ms to pass it at its speed
//	             line    number of vertices between its ends, then their positions,
//	                     the first against the node from
//	held       number, then of each edge that is closed or slow now: its number,
//	           less that before; ms to pass it along, plus 1, and against, 0 is
//	           closed; number of stretches, and of each its start and its length in
//	           cm and its factor of speed in 1/10,000
//	trees      as many as the head names hazards; of each:
//	  fronts   number, then of each edge in a zone: its number, less that before;
//	           ms from the start of the hazard to its arrival, plus 1, 0 is not
//	           known; number of places where the class rises along the edge, in cm
//	           from its node from; number of those where it rises against it
//	  doors    number, then of each place where a shelter meets the roads: its
//	           edge, less that of the door before; the shelter's place in the head;
//	           cm along the edge; ms from there to the shelter; ms to it from the
//	           node from, plus 1, and from the node to, 0 is no way
//	  hops     for each node: 0 no way; 2k+1 by the k-th of the edges at the node, in
//	           the order of their numbers; 2k+2 by the k-th door, that is on an edge
//	           at the node
//
// # Following it
//
// From a node one goes by the edge of its hop to the edge's other end, and so on
// until a hop is a door. The time is the sum of the weights (those of held edges
// as they are told there) and of the door's ms from that node: exactly what the
// server says for who stands at the node. It falls with each hop or stays, and
// no way comes back to a node. An edge of n ms at v m/s has n*v/1000 m.
//
// From a place on an edge the way is by that of its ends that is sooner, or
// straight to a door on the edge: ms in proportion to the length, with held
// stretches at their speed. A closed stretch is not passed, nor a front where the
// class of the hazard rises. Off the roads one goes straight, at the pace of the head.
//
// A tree is for one hazard, the empty one for none. Who is in the area of an event
// that is on goes by the tree of its hazard: each edge with a front must be left
// before the arrival of the event where that holds (see [Event]), or else its start
// and the front's ms.
//
// # What it proves
//
// The hash tells that the file is whole and that nobody changed it after it was
// made. It does not tell who made it: for that trust the connection by which it
// came. Equal states of the plan give equal bytes, so the file does not hold the
// moment at which it was made; how far it can be trusted is the time since a
// server last said that it is current (Simtaru-As-Of of an answer 200 or 304). It
// knows nothing of closures since, but at Head.Until one begins or ends by the
// clock.
package pack
