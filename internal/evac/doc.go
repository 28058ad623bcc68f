// Package evac answers where to run: from a place, by which roads, to which
// shelter with room, and whether the water is there first.
//
// A Board follows the plan in memory and publishes one immutable City after the
// other: the road network, its hierarchy, the stretches that are closed now,
// the shelters with their doors, and the zones of hazards. A question takes one
// City and answers from it alone, without the database and without waiting.
//
// # Rules of hazards
//
// A zone is no wall. A road within a few metres of a zone is in it, of several
// zones in the one of the highest class; what is outside has none. Under a hazard
//
//   - a way never goes to a higher class, or from outside to inside: a stretch
//     where the class rises is closed in that direction;
//   - it may always go to a lower one, leave, or stay in its class, so that a
//     shelter inside is reached by those who are inside, and by nobody else;
//   - where the arrival is known, everybody must have left an edge of a zone
//     before it: the edge has a deadline. In the area of the event that is on at the
//     place the arrival is that of the event; outside, and where it has none, its
//     start and the minutes of the zone, of several zones the earliest; without an
//     event the hazard begins as one asks.
//
// An edge that has been closed by its deadline stays closed. So who is earlier
// somewhere can do all that who is later can, and a search forward in time, by
// earliest arrival, is exact (Foremost journeys; Bui-Xuan, Ferreira, Jarry
// 2003). It is made only where the shortest way, which the hierarchy finds in
// microseconds, would break a deadline.
//
// # Everybody at once
//
// City.Draft makes the city a problem of package flow: who lives in the zones of a
// hazard leaves, roads carry people by their width, a crowd sets the pace, and
// roads have their deadlines. What is simplified is told (Lost, ModelTold). Package planner
// makes such plans one after the other and keeps them.
//
// # Time
//
// Closures are those that hold when a question is asked: they begin and end by
// the clock, whether the database is there or not. A departure later moves the
// deadlines nearer; it does not foresee closures.
package evac
