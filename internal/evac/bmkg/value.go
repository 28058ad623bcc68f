package bmkg

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// The zones of Indonesia, which have no summer time.
var zones = map[string]*time.Location{
	"WIB": time.FixedZone("WIB", 7*3600), "WITA": time.FixedZone("WITA", 8*3600), "WIT": time.FixedZone("WIT", 9*3600),
	"UTC": time.UTC, "GMT": time.UTC, "Z": time.UTC,
}

var wib = zones["WIB"]

var (
	dayPattern   = regexp.MustCompile(`(?i)\b(\d{4}|\d{1,2})[-/. ](\d{1,2}|[a-z]{3,9})[-/. ](\d{4}|\d{1,2})(?:\b|T)`)
	clockPattern = regexp.MustCompile(`(?i)(?:^|[\sT])(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(WITA|WIT|WIB|UTC|GMT|Z|[+-]\d{2}:?\d{2})?\b`)
)

// Months by their first three letters, in Indonesian and English.
var months = map[string]time.Month{
	"jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8, "agt": 8, "aug": 8,
	"sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}

// day finds a date in a text: 15-08-26, 15/08/2026, 2026-08-15, 15 Agu 2026.
func day(text string) (y int, m time.Month, d int, rest string, ok bool) {
	at := dayPattern.FindStringSubmatchIndex(text)
	if at == nil {
		return 0, 0, 0, "", false
	}
	first, month, last := text[at[2]:at[3]], text[at[4]:at[5]], text[at[6]:at[7]]
	if len(first) == 4 {
		first, last = last, first
	}
	d, _ = strconv.Atoi(first)
	y, _ = strconv.Atoi(last)
	if y < 100 {
		y += 2000
	}
	if n, err := strconv.Atoi(month); err == nil {
		m = time.Month(n)
	} else {
		m = months[strings.ToLower(month[:3])]
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return y, m, d, text[at[7]:], m >= 1 && m <= 12 && t.Day() == d && t.Month() == m && y >= 1900
}

// clock finds a time of day: 04:58:24 WIB, 05.41 WITA, 08:10:21.751.
func clock(text string, zone *time.Location) (h, m, s int, in *time.Location, ok bool) {
	found := clockPattern.FindStringSubmatch(text)
	if found == nil {
		return 0, 0, 0, nil, false
	}
	h, _ = strconv.Atoi(found[1])
	m, _ = strconv.Atoi(found[2])
	s, _ = strconv.Atoi(found[3])
	if in = zone; found[4] != "" {
		if in = zones[strings.ToUpper(found[4])]; in == nil {
			offset, err := time.Parse("-0700", strings.ReplaceAll(found[4], ":", ""))
			if err != nil {
				return 0, 0, 0, nil, false
			}
			in = offset.Location()
		}
	}
	return h, m, s, in, h < 24 && m < 60 && s < 60
}

// moment finds a date and a time of day after it, in a zone unless it says one.
func moment(text string, zone *time.Location) (time.Time, bool) {
	y, mon, d, rest, ok := day(text)
	if !ok {
		return time.Time{}, false
	}
	h, m, s, in, ok := clock(rest, zone)
	if !ok {
		return time.Time{}, false
	}
	return time.Date(y, mon, d, h, m, s, 0, in).UTC(), true
}

// momentNear is a date and a time of day of their own elements. Where the date is
// missing it is the one by which the moment is nearest to another; of the two
// that there may be on each side of midnight the later.
func momentNear(date, at string, zone *time.Location, near time.Time) (time.Time, bool) {
	if t, ok := moment(date+" "+at, zone); ok || near.IsZero() {
		return t, ok
	}
	h, m, s, in, ok := clock(at, zone)
	if !ok {
		return time.Time{}, false
	}
	local := near.In(in)
	t := time.Date(local.Year(), local.Month(), local.Day(), h, m, s, 0, in)
	switch off := t.Sub(near); {
	case off < -12*time.Hour:
		t = t.AddDate(0, 0, 1)
	case off > 12*time.Hour:
		t = t.AddDate(0, 0, -1)
	}
	return t.UTC(), true
}

var stampPattern = regexp.MustCompile(`20\d{12}`)

// stamped is the moment in an id such as 20260815073130, which is in WIB.
func stamped(id string) (time.Time, bool) {
	t, err := time.ParseInLocation("20060102150405", stampPattern.FindString(id), wib)
	return t.UTC(), err == nil
}

var numberPattern = regexp.MustCompile(`[-+]?\d+(?:[.,]\d+)?`)

// number is the first in a text, with a decimal point or comma.
func number(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(numberPattern.FindString(text), ",", "."), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

var hemispherePattern = regexp.MustCompile(`(?i)(?:^|[\d\s°.])(LS|LU|BT|BB|S|N|U|E|T|W)\b`)

// degrees is a latitude or longitude: 8.41 LS (south), LU (north), BT (east),
// BB (west).
func degrees(text string) (float64, bool) {
	v, ok := number(text)
	if found := hemispherePattern.FindStringSubmatch(text); found != nil {
		switch v = math.Abs(v); strings.ToUpper(found[1]) {
		case "LS", "S", "BB", "W":
			v = -v
		}
	}
	return v, ok
}

var plainPattern = regexp.MustCompile(`[-+]?\d+(?:\.\d+)?`)

// pair are two coordinates in one text, in the order that they are written.
func pair(text string) (a, b float64, ok bool) {
	parts := plainPattern.FindAllString(text, 5)
	if len(parts) == 4 { // with decimal commas
		parts = []string{parts[0] + "." + parts[1], parts[2] + "." + parts[3]}
	}
	if len(parts) != 2 {
		return 0, 0, false
	}
	a, errA := strconv.ParseFloat(parts[0], 64)
	b, errB := strconv.ParseFloat(parts[1], 64)
	return a, b, errA == nil && errB == nil
}

// place is where an earthquake was, lon and lat in degrees. The elements of their
// own say which is which; of a pair the order is lon, lat in XML and lat, lon in the
// JSON of data.bmkg.go.id, and the other where that cannot be.
func place(n *node) (orb.Point, bool) {
	lat, okLat := degrees(n.get("latitude", "lintang", "lat"))
	lon, okLon := degrees(n.get("longitude", "bujur", "lon"))
	if okLat && okLon && valid(lon, lat) {
		return orb.Point{lon, lat}, true
	}
	for _, k := range n.kids {
		if k.name == "point" {
			if a, b, ok := pair(k.get("coordinates")); ok {
				return either(a, b)
			}
		}
	}
	if a, b, ok := pair(n.get("coordinates")); ok {
		return either(b, a)
	}
	return orb.Point{}, false
}

// either is lon, lat, or the other way round where only that is on Earth or only
// that is where BMKG looks.
func either(lon, lat float64) (orb.Point, bool) {
	here := func(lon, lat float64) bool { return lon > 85 && lon < 150 && lat > -25 && lat < 25 }
	if !valid(lon, lat) || here(lat, lon) && !here(lon, lat) {
		lon, lat = lat, lon
	}
	return orb.Point{lon, lat}, valid(lon, lat)
}

func valid(lon, lat float64) bool { return math.Abs(lon) <= 180 && math.Abs(lat) <= 90 }
