// Package indicator computes the figures that the law and the city ask for:
// shares of land, land by class, land and people, what is within reach.
//
// A definition (plan.Indicator) says what is counted. The plan is divided unit
// by unit, and the unit is the gampong: its figures depend on the features that
// meet it, and on nothing else. So an edit costs the units it touches, and a
// full computation gives the same to the last bit. Kecamatan and city are sums
// of gampong, in which land and people where two gampong overlap count once,
// for the gampong of the smaller code.
//
// A Board keeps the figures of the present plan, ReadPast computes those of a
// past one, Board.WhatIf those of a plan that nobody has made.
package indicator
