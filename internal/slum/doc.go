// Package slum scores slum areas by the sixteen criteria of Permen PUPR
// 14/PRT/M/2018, from the volume of each criterion and its denominator.
//
// A criterion whose volume or denominator is missing, or whose denominator is
// not above 0, is not assessed: it has neither percent nor score, which is
// something else than a score of 0. What is computed of several criteria is
// computed of those that are assessed, and says how many.
//
// The database computes the same for each area that it keeps (the functions of
// migrations/functions.sql by the declaration of the layer); a test holds both
// equal to the last bit. There is no I/O here.
package slum
