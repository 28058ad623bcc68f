// Package bmkg follows the warnings of BMKG, the agency that warns of tsunamis
// in Indonesia, and switches hazard events of the city on and off by them.
//
// # What is read
//
// Documents in XML or JSON, from addresses that the operator gives:
//
//   - the bulletins of the last tsunami warnings (last30tsunamievent.xml): a list
//     of info, the newest first, each a bulletin PD-1 to PD-4 of one earthquake,
//     with the districts that are warned (wzarea), their level and when the
//     first wave is expected. Times are in WIB unless they say otherwise;
//   - earthquakes (autogempa, gempaterkini and gempadirasakan in either form,
//     and live30event.xml, which is in UTC). They are told, and nothing follows
//     from them.
//
// These are no documents with a schema: elements are missing, empty or twice,
// and latitude and longitude change places. Whatever can be read is used, what
// cannot be is told as a fault, and nothing in a document is an error of ours.
//
// # Which bulletins belong together
//
// Each bulletin has an id of its own, and with each the earthquake may have
// been located anew. Those of origins at most 600 s and 2 degrees apart are of one
// earthquake, each with the one whose origin is nearest. A second first bulletin
// (PD-1) whose origin is over a minute off is of another earthquake.
//
// # What is written
//
// One hazard event for each earthquake for which the city's district is warned,
// by ordinary edits that know the revision which they change. A bulletin that
// was applied is not applied again, an older one never: so servers that share a
// database write once, and a restart changes nothing.
//
// Fields belong to whoever changed them last: what an officer changed by hand
// stays, unless BMKG comes to say a graver level than it ever did. An event ends
// by PD-4, or when so long after the last bulletin a feed that works has
// nothing more of it; never because the feed is silent or broken. See ADR 11.
package bmkg
