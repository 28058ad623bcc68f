// Package api is the HTTP side of slum scores: POST /api/v1/slum/score, which
// scores what it is sent and stores nothing, and GET /api/v1/slum/areas/{id},
// which scores an area of the plan.
package api
