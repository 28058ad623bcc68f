// Package api is the HTTP side of reports from citizens: anybody sends one and
// follows it by a link with a secret, officers see its photo.
package api
