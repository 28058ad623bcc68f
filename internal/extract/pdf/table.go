package pdf

// column of a table.
type column struct {
	title string
	width float64
	// end sets the text at the right, as figures are.
	end bool
}

// cell is what stands in one column: lines in one style, and more below in
// another.
type cell struct {
	style style
	text  string
	below string
}

// table writes rows under heads that stand again on each page.
type table struct {
	s       *sheet
	columns []column
	// lines are the most in one cell.
	lines int
}

const gutter = 3.0

func (t *table) heads() {
	s := t.s
	x, y := left, s.y+small.cap()+0.8
	for _, c := range t.columns {
		if c.end {
			s.ends(small, x+c.width, y, c.title)
		} else {
			s.text(small, x, y, c.title)
		}
		x += c.width + gutter
	}
	s.y += 4.2
	s.rule(s.y, 0.2, ink)
	s.y += 0.6
}

// begin writes the heads with room for one row.
func (t *table) begin() {
	t.s.room(16)
	t.heads()
}

// row writes cells; mark is drawn in the first column at the height of the first
// line.
func (t *table) row(mark func(x, y float64), cells ...cell) {
	s := t.s
	type laid struct{ main, below []string }
	all := make([]laid, len(cells))
	height := 0.0
	for i, c := range cells {
		all[i] = laid{s.fit(c.style, c.text, t.columns[i].width, t.lines), s.fit(small, c.below, t.columns[i].width, t.lines)}
		height = max(height, float64(len(all[i].main))*c.style.leading()+float64(len(all[i].below))*small.leading())
	}
	height += 1.7
	if s.y+height > bottom {
		s.page()
		t.heads()
	}
	x := left
	for i, c := range cells {
		y := s.y + 0.7
		for _, l := range all[i].main {
			t.put(c.style, x, y, i, l)
			y += c.style.leading()
		}
		for _, l := range all[i].below {
			t.put(small, x, y, i, l)
			y += small.leading()
		}
		x += t.columns[i].width + gutter
	}
	if mark != nil {
		mark(left, s.y+0.7)
	}
	s.y += height
	s.rule(s.y, 0.1, line)
}

func (t *table) put(st style, x, y float64, i int, text string) {
	y += st.cap() + 0.5
	if t.columns[i].end {
		t.s.ends(st, x+t.columns[i].width, y, text)
		return
	}
	t.s.text(st, x, y, text)
}
