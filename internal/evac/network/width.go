package network

// widths are those in m, by class, that are taken for roads of unknown width:
// what is left for people between parked things. They are simtaru's choice, on the
// safe side of the carriageways that PP 34/2006 asks for (11 m for arterial roads,
// 9 m for collectors, 7.5 m for local ones); 1.5 to 2 m is usual for ways on foot.
var widths = map[string]float64{
	"motorway": 7, "motorway_link": 3.5, "trunk": 7, "trunk_link": 3.5, "primary": 7, "primary_link": 3.5,
	"secondary": 6, "secondary_link": 3.5, "tertiary": 5, "tertiary_link": 3.5, "unclassified": 4, "residential": 4,
	"living_street": 3, "service": 3, "track": 2.5, "pedestrian": 3, "footway": 1.5, "path": 1.5, "steps": 1.5,
	"cycleway": 2, UnknownClass: 3,
}

// laneWidth is that of a lane in m where only the number of lanes is known.
const laneWidth = 3

// Passable is the width in m by which people may go on a road: its own, else
// that of its lanes, else what is usual for its class.
func (a *Attributes) Passable() float64 {
	if a.Width > 0 {
		return a.Width
	}
	if a.Lanes > 0 {
		return laneWidth * float64(a.Lanes)
	}
	if w, ok := widths[a.Class]; ok {
		return w
	}
	return widths[UnknownClass]
}
