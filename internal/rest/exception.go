package rest

import (
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// exceptionType is the media type of an ExceptionReport.
const exceptionType = "application/xml; charset=utf-8"

// exceptionReport is an error as OWS Common 1.1 has it (OGC 06-121r9, 8).
type exceptionReport struct {
	XMLName   xml.Name    `xml:"ows:ExceptionReport"`
	Namespace string      `xml:"xmlns:ows,attr"`
	Version   string      `xml:"version,attr"`
	Lang      string      `xml:"xml:lang,attr"`
	Exception []exception `xml:"ows:Exception"`
}

type exception struct {
	Code    string `xml:"exceptionCode,attr"`
	Locator string `xml:"locator,attr,omitempty"`
	Text    string `xml:"ows:ExceptionText"`
}

// wantsException reports whether a failed write is to be told as an
// ExceptionReport: QGIS shows its user the text of one, and drops problem
// details. It does not say so in Accept.
func wantsException(r *http.Request) bool {
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return strings.Contains(r.UserAgent(), "QGIS")
	}
	return false
}

// exceptions are the problem and then its faults: QGIS shows the first only.
func exceptions(p Problem, lang plan.Lang) exceptionReport {
	report := exceptionReport{Namespace: "http://www.opengis.net/ows/1.1", Version: "1.1.0", Lang: string(lang)}
	add := func(kind, at, text string) {
		report.Exception = append(report.Exception, exception{strings.TrimPrefix(kind, problemBase), at, text})
	}
	add(p.Type, p.At, p.Detail)
	for _, f := range p.Faults {
		add(f.Type, f.At, f.Detail)
	}
	return report
}
