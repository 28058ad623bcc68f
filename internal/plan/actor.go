package plan

import "slices"

// Actor is who asks or acts. The zero Actor is the public.
type Actor struct {
	// Name is how the database records who acts.
	Name string
	Role Role
	// Person says that Name is a login role of the database, under which an
	// edit then runs. Without it an edit runs under the role's own database role.
	Person bool
	// Layers, where it is not nil, are the only layers that may be reached: a
	// bearer token may be narrower than its person.
	Layers []string
	// Indicators, where it is not nil, are the external indicators that values may
	// be sent of, and nothing else may be done at all: a bearer token of a system
	// that reports. Layers is empty then, for the database too.
	Indicators []string
	// ReadOnly refuses edits.
	ReadOnly bool
}

// IsPublic reports whether the actor may do what everybody may, and no more:
// nobody has logged in, or a person of the role public has.
func (a Actor) IsPublic() bool { return a.Role == "" || a.Role == Public }

// Anonymous reports whether nobody has logged in.
func (a Actor) Anonymous() bool { return a.Name == "" }

// CanRead reports whether the actor may read the layer.
func (a Actor) CanRead(l *Layer) bool {
	role := a.Role
	if role == "" {
		role = Public
	}
	return l.Access.CanRead(role) && a.inScope(l)
}

// CanEdit reports whether the actor may edit the layer.
func (a Actor) CanEdit(l *Layer) bool {
	return !a.ReadOnly && l.Access.CanEdit(a.Role) && a.inScope(l)
}

// CanSend reports whether the actor may send values of an external indicator.
// Who is limited to layers is for those alone.
func (a Actor) CanSend(indicator string) bool {
	if a.Anonymous() || a.ReadOnly || a.Role != Planner && a.Role != Admin {
		return false
	}
	if a.Indicators != nil {
		return slices.Contains(a.Indicators, indicator)
	}
	return a.Layers == nil
}

func (a Actor) inScope(l *Layer) bool { return a.Layers == nil || slices.Contains(a.Layers, l.ID) }
