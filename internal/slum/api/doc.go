// Package api is the HTTP side of slum scores: POST /api/v1/slum/score, which
// scores what it is sent and stores nothing.
package api
