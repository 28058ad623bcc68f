// Package report is what citizens report about places: what may be sent, and
// photos of it. Reports are features of a layer that officers read and edit.
package report
