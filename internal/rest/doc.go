// Package rest is what all HTTP answers of the service share: parameters read
// strictly, languages and media types negotiated, problem details (RFC 9457)
// written in one place, conditional answers (RFC 9110) and JSON.
//
// Handlers are functions that return an error; [Handler] turns the error into
// a problem in the reader's language. What a person sees comes from
// [plan.Error] only: causes, SQL and stacks go to the log.
package rest
