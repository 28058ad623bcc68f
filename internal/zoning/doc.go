// Package zoning holds what a plan allows: rules as data, and the answer to
// "what may I build here?".
//
// A [Set] is one document: which activities each sub-zone admits, under which
// conditions, and how much may be built. [Parse] and [ReadCSV] read it
// strictly, [Check] finds what contradicts itself, and an [Index] answers from
// it. [At] finds in the plan in memory what lies at a point.
//
// Nothing here touches a database. Lengths are metres, areas m2, shares
// percent, coordinates longitude and latitude in degrees.
package zoning
