// Package flow plans the evacuation of a whole city: who leaves when, by which
// streets and for which shelter, so that first as many people as possible
// arrive in time, and then the sum of their arrivals is least.
//
// Time goes in whole steps (ten seconds, say; the caller chooses). A street
// takes so many steps and lets so many people in at each; people may wait at
// nodes; a street or node is to be left by its deadline, when the wave is
// there. Such a flow over time (Ford and Fulkerson 1958; Skutella, An
// Introduction to Network Flows over Time, 2009) is a flow in the
// time-expanded network, which has a copy of each node for each step.
//
//	MinCost   a minimum-cost flow, exact: the tool of the two below
//	Assign    groups to shelters on empty streets: the simple plan
//	Greedy    the earliest free way again and again, with reservations, but
//	          never taking one back: Lu, George and Shekhar's capacity
//	          constrained route planner (CCRP, 2005)
//	Solve     the optimum, by rerouting those who already have a way where
//	          that helps others, with a bound that proves it
//	Validate  whether a plan keeps all rules, knowing nothing of its making
//
// While shelters have room, the plan of Solve is the earliest arrival flow of
// Gale (1959): at every step as many have arrived as any plan could bring by then.
// Full shelters make that impossible in general, and the sum of arrivals decides.
// (Hoppe and Tardos, 2000, find quickest flows without the expanded network, in
// polynomial time that is far from quick; it is small enough here to be kept.)
//
// Everybody walks at one speed: times belong to streets, not to groups. Groups
// are split as whole people. Everything is deterministic, and nothing here
// reads or writes anything.
package flow
