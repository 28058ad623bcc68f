package plan

// Catalog is all layers, code lists and indicators of a city at one moment. It
// is immutable: applying a declaration makes a new one.
type Catalog struct {
	layers     []*Layer
	lists      []*CodeList
	coverages  []*Coverage
	indicators []*Indicator
	layer      map[string]*Layer
	list       map[CodeRef]*CodeList
	coverage   map[string]*Coverage
	indicator  map[string]*Indicator
	// version is 0 where the catalogue was not read from a database.
	version int64
}

// NewCatalog indexes layers (in Order) and lists. It keeps the slices.
func NewCatalog(layers []*Layer, lists []*CodeList) *Catalog {
	c := &Catalog{
		layers: layers, lists: lists,
		layer: make(map[string]*Layer, len(layers)),
		list:  make(map[CodeRef]*CodeList, len(lists)),
	}
	for _, l := range layers {
		c.layer[l.ID] = l
	}
	for _, l := range lists {
		c.list[CodeRef{List: l.ID, Version: l.Version}] = l
	}
	return c
}

// Layers returns all layers in drawing order.
func (c *Catalog) Layers() []*Layer { return c.layers }

// Lists returns all code lists.
func (c *Catalog) Lists() []*CodeList { return c.lists }

// Layer returns the layer called id.
func (c *Catalog) Layer(id string) (*Layer, bool) {
	l, ok := c.layer[id]
	return l, ok
}

// List returns one version of a code list.
func (c *Catalog) List(ref CodeRef) (*CodeList, bool) {
	l, ok := c.list[ref]
	return l, ok
}

// WithIndicators returns the same layers and lists with these definitions, the
// indicators in their order. It keeps the slices.
func (c *Catalog) WithIndicators(coverages []*Coverage, indicators []*Indicator) *Catalog {
	with := *c
	with.coverages, with.coverage = coverages, make(map[string]*Coverage, len(coverages))
	with.indicators, with.indicator = indicators, make(map[string]*Indicator, len(indicators))
	for _, v := range coverages {
		with.coverage[v.ID] = v
	}
	for _, i := range indicators {
		with.indicator[i.ID] = i
	}
	return &with
}

// Coverages returns all coverages, by id.
func (c *Catalog) Coverages() []*Coverage { return c.coverages }

// Coverage returns the coverage called id.
func (c *Catalog) Coverage(id string) (*Coverage, bool) {
	v, ok := c.coverage[id]
	return v, ok
}

// Indicators returns all indicators in their order.
func (c *Catalog) Indicators() []*Indicator { return c.indicators }

// Indicator returns the indicator called id.
func (c *Catalog) Indicator(id string) (*Indicator, bool) {
	i, ok := c.indicator[id]
	return i, ok
}

// WithVersion returns the same catalogue under a version: a number above 0
// that its source changes with every change of a declaration or list.
func (c *Catalog) WithVersion(version int64) *Catalog {
	with := *c
	with.version = version
	return &with
}

// Version tells catalogues of one source apart; 0 is unknown.
func (c *Catalog) Version() int64 { return c.version }
