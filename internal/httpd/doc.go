// Package httpd is the service's door: router, limits, headers, metrics and
// the resources that are not OGC's: XYZ tiles and TileJSON, the map's catalogue
// and search, server-sent events, static files, guides, health.
//
// A request passes [Server.ServeHTTP], which bounds it, names it, recovers from
// a panic and accounts for it. Tiles are answered right there, since a map
// asks for little else; everything else goes through the router, compression
// and a deadline. No answer is a 5xx other than 503.
package httpd
