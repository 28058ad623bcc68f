package plan

// Catalog is all layers and code lists of a city at one moment. It is
// immutable: applying a declaration makes a new one.
type Catalog struct {
	layers []*Layer
	lists  []*CodeList
	layer  map[string]*Layer
	list   map[CodeRef]*CodeList
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

// WithVersion returns the same catalogue under a version: a number above 0
// that its source changes with every change of a declaration or list.
func (c *Catalog) WithVersion(version int64) *Catalog {
	with := *c
	with.version = version
	return &with
}

// Version tells catalogues of one source apart; 0 is unknown.
func (c *Catalog) Version() int64 { return c.version }
