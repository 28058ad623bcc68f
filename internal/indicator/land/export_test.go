package land

// Done is the work that the meter has counted.
func (m *Meter) Done() int { return m.done }
