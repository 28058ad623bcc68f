// Package cch finds shortest ways in a graph by a customizable contraction
// hierarchy (Dibbelt, Strasser, Wagner 2016). It knows nothing of roads: a graph
// is two arrays, a weight a whole number, a place some nodes.
//
// Work is divided by how often its cause changes.
//
// Once for a graph, NewOrder dissects it: few nodes that cut it in two halves
// are the most important, and so on in each half. New contracts the nodes, the
// least important first, and joins the neighbours of each. What comes of it, a
// Hierarchy, is true for all weights. After an edit Reorder spares the
// dissection.
//
//	order, err := cch.NewOrder(graph, coordinates)
//	hierarchy, err := cch.New(graph, order)
//
// Once for a profile, Customize gives the arcs of the hierarchy weights: that
// is a Metric. When a road is closed or opened again, Update makes the next
// metric from it, exactly as Customize would have. A metric never changes, so
// that questions go on against the one before while the next is made; a single
// writer publishes them, through an atomic pointer for instance.
//
//	metric, err := hierarchy.Customize(milliseconds)
//	closed, err := metric.Update([]cch.Change{{Arc: bridge, Weight: cch.Inf}})
//
// Any number of times, a Query asks. From a node only its ancestors in the
// elimination tree need be looked at, about a hundred in a country as big as
// Luxembourg: Path climbs from both ends until they have met. Sweep goes once up
// and once down for all nodes at a time, and Targets meet climbs half-way.
//
//	query := hierarchy.NewQuery()
//	path := query.Path(closed, cch.At(here), cch.At(there), nil)
//	query.Sweep(closed, cch.To, shelters, &reach)
//	near := query.Nearest(query.NewTargets(closed, shelters), cch.At(here), 3, nil)
//
// All answers are exact, and the same for the same metric. Among ways of the same
// length one is always preferred.
//
// Perfect customization, which drops arcs that no shortest way needs, is left
// out: for Luxembourg those are 18 % of them by travel time and 11 % by distance,
// and each closure would have to find them again.
package cch
