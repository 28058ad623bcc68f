// Package extract makes the extract of a parcel: one [Document] that says of a
// piece of land all that the plan says of it, what it does not, and by which
// data.
//
// It follows the Swiss cadastre of public-law restrictions (ÖREB): each theme is
// concerned, not concerned, or without data, and none is passed over. [Make]
// makes a document from the plan in memory, [Compare] tells whether the plan
// would say the same today. What is printed and shown is drawn from the document
// alone, so that it can be drawn again when the plan is another.
//
// Nothing here touches a database. Coordinates are longitude, latitude in degrees
// on WGS 84, areas m2 on the ellipsoid, lengths m on it.
package extract
