package api

import (
	"testing"

	"github.com/paulmach/orb"
)

// TestPolyline: the line is the example of Google's description of the encoding.
func TestPolyline(t *testing.T) {
	line := orb.LineString{{-120.2, 38.5}, {-120.95, 40.7}, {-126.453, 43.252}}
	if got := string(polyline(line, 1e5)); got != "\"_p~iF~ps|U_ulLnnqC_mqNvxq`@\"" {
		t.Error(got)
	}
	// A backslash is escaped: 29 is the character 92.
	if got := string(polyline(orb.LineString{{0, -0.00015}}, 1e5)); got != `"\\?"` {
		t.Error(got)
	}
}

func TestAngles(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{{10, 10, 0}, {350, 10, 20}, {10, 350, 20}, {0, 180, 180}, {359, 540, 179}, {0, 540, 180}} {
		if got := apart(c.a, c.b); got != c.want {
			t.Errorf("between %v and %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	for _, c := range []struct {
		in   float64
		want int
	}{{359.7, 0}, {-0.2, 0}, {89.5, 90}, {450, 90}} {
		if got := compass(c.in); got != c.want {
			t.Errorf("%v: %d, want %d", c.in, got, c.want)
		}
	}
}
