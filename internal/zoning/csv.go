package zoning

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/simtaru/simtaru/internal/plan"
)

// The columns of the CSV files. A matrix has a column for each sub-zone behind
// its own; a list in one field is written with spaces between, other words of
// an activity with bars.
var (
	matrixColumns    = []string{"code", "kbli", "title_id", "title_en", "group_id", "group_en", "also"}
	conditionColumns = []string{"condition", "text_id", "text_en"}
)

const (
	listMark = " "
	wordMark = "|"
)

// column is a column of the file of intensity.
type column struct {
	name string
	get  func(*Rule) string
	set  func(*Rule, string) *plan.Text
}

func words(name string, at func(*Rule) *[]string) column {
	return column{name, func(r *Rule) string { return strings.Join(*at(r), listMark) }, func(r *Rule, text string) *plan.Text {
		if list := strings.Fields(text); len(list) > 0 {
			*at(r) = list
		}
		return nil
	}}
}

func figure(name string, at func(*Rule) **float64) column {
	return column{name, func(r *Rule) string {
		if v := *at(r); v != nil {
			return formatNumber(*v)
		}
		return ""
	}, func(r *Rule, text string) *plan.Text {
		if text == "" {
			return nil
		}
		v, bad := parseNumber(text)
		if bad == nil {
			*at(r) = &v
		}
		return bad
	}}
}

func intensityColumns() []column {
	all := []column{
		words("zones", func(r *Rule) *[]string { return &r.Zones }),
		words("blocks", func(r *Rule) *[]string { return &r.Blocks }),
		words("roads", func(r *Rule) *[]string { return &r.Roads }),
		{"plot_from", func(r *Rule) string { return formatNumber(r.PlotFrom) }, func(r *Rule, text string) (bad *plan.Text) {
			if text != "" {
				r.PlotFrom, bad = parseNumber(text)
			}
			return bad
		}},
		figure("plot_to", func(r *Rule) **float64 { return &r.PlotTo }),
		figure("kdb", func(r *Rule) **float64 { return &r.KDB }),
		figure("klb_min", func(r *Rule) **float64 { return &r.KLBMin }),
		figure("klb", func(r *Rule) **float64 { return &r.KLB }),
		figure("kdh", func(r *Rule) **float64 { return &r.KDH }),
		figure("ktb", func(r *Rule) **float64 { return &r.KTB }),
		figure("height", func(r *Rule) **float64 { return &r.Height }),
		figure("floors", func(r *Rule) **float64 { return &r.Floors }),
	}
	for _, class := range RoadClasses() {
		all = append(all, column{"setback_" + class, func(r *Rule) string {
			if v, ok := r.Setback[class]; ok {
				return formatNumber(v)
			}
			return ""
		}, func(r *Rule, text string) *plan.Text {
			if text == "" {
				return nil
			}
			v, bad := parseNumber(text)
			if bad == nil {
				if r.Setback == nil {
					r.Setback = map[string]float64{}
				}
				r.Setback[class] = v
			}
			return bad
		}})
	}
	return append(all,
		figure("side", func(r *Rule) **float64 { return &r.Side }),
		figure("rear", func(r *Rule) **float64 { return &r.Rear }),
		figure("smallest_plot", func(r *Rule) **float64 { return &r.SmallestPlot }))
}

// formatNumber writes a number so that parseNumber reads the same one.
func formatNumber(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if doubtfulNumber.MatchString(text) {
		text += "0"
	}
	return text
}

// MatrixCSV is the matrix with a row for each activity.
func (s *Set) MatrixCSV() []byte {
	rows := [][]string{append(slices.Clone(matrixColumns), s.Zones...)}
	for _, a := range s.Activities {
		row := []string{a.Code, a.KBLI, a.Title.ID, a.Title.EN, a.Group.ID, a.Group.EN, strings.Join(a.Also, " "+wordMark+" ")}
		for _, zone := range s.Zones {
			row = append(row, string(a.Cells[zone]))
		}
		rows = append(rows, row)
	}
	return writeCSV(rows)
}

// IntensityCSV has a row for each rule of intensity.
func (s *Set) IntensityCSV() []byte {
	columns := intensityColumns()
	rows := make([][]string, 1, len(s.Intensity)+1)
	for _, c := range columns {
		rows[0] = append(rows[0], c.name)
	}
	for i := range s.Intensity {
		var row []string
		for _, c := range columns {
			row = append(row, c.get(&s.Intensity[i]))
		}
		rows = append(rows, row)
	}
	return writeCSV(rows)
}

// ConditionsCSV has a row for each condition.
func (s *Set) ConditionsCSV() []byte {
	rows := [][]string{conditionColumns}
	for _, c := range s.Conditions {
		rows = append(rows, []string{c.Code, c.Text.ID, c.Text.EN})
	}
	return writeCSV(rows)
}

func writeCSV(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	// A buffer does not fail.
	_ = w.WriteAll(rows)
	return b.Bytes()
}

// ReadCSV reads one file, of the matrix, the intensity or the conditions as its
// columns tell, and returns the set with that part replaced. Fields are parted
// by commas or semicolons, numbers have a decimal comma or point. Each fault is
// a *plan.Error whose At is "line: column".
func (s *Set) ReadCSV(text []byte) (*Set, error) {
	t, err := readTable(text)
	if err != nil {
		return nil, err
	}
	with := *s
	switch t.head[0] {
	case matrixColumns[0]:
		with.Zones, with.Activities = t.matrix()
	case conditionColumns[0]:
		with.Conditions = t.conditions()
	case intensityColumns()[0].name:
		with.Intensity = t.intensity()
	default:
		return nil, fault("1", "rules-columns",
			"kolom pertama adalah %q; matriks dimulai dengan code, intensitas dengan zones, syarat dengan condition",
			"the first column is %q; a matrix begins with code, intensity with zones, conditions with condition", t.head[0])
	}
	with.normalise(&t.faults, func(path string) string { return path })
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	return &with, nil
}

// table is a CSV file.
type table struct {
	head   []string
	rows   [][]string
	lines  []int
	faults faults
}

func readTable(text []byte) (*table, error) {
	if len(text) > MaxDocument {
		return nil, &plan.Error{Kind: plan.TooLarge, Code: "rules-too-large", Message: plan.Text{
			ID: fmt.Sprintf("berkas aturan lebih besar dari %d bita", MaxDocument), EN: fmt.Sprintf("the file of rules is larger than %d bytes", MaxDocument),
		}}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return nil, fault("1", "rules-syntax", "berkas ini bukan UTF-8; simpan sebagai CSV UTF-8", "the file is not UTF-8; save it as CSV UTF-8")
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(text))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	t := &table{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, &plan.Error{Kind: plan.Unprocessable, Code: "rules-syntax", At: fmt.Sprint(bad.Line), Cause: bad.Err, Message: plan.Text{
				ID: "baris CSV ini tidak dapat dibaca", EN: "this line of CSV cannot be read",
			}}
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if t.head == nil {
			t.head = row
			continue
		}
		line, _ := r.FieldPos(0)
		t.rows, t.lines = append(t.rows, row), append(t.lines, line)
	}
	if len(t.head) == 0 {
		return nil, fault("1", "rules-syntax", "berkas ini kosong", "the file is empty")
	}
	for i, name := range t.head {
		if name == "" || slices.Contains(t.head[:i], name) {
			return nil, fault("1", "rules-columns", "kolom %d kosong atau ditulis dua kali: %q", "column %d is empty or written twice: %q", i+1, name)
		}
	}
	return t, nil
}

func (t *table) at(row int, column string) string { return fmt.Sprintf("%d: %s", t.lines[row], column) }

// shape notes columns that are missing, and those that are not known unless
// known is nil.
func (t *table) shape(needed, known []string) {
	for _, name := range needed {
		if !slices.Contains(t.head, name) {
			t.faults.add("1", "rules-columns", "kolom %q tidak ada", "there is no column %q", name)
		}
	}
	for _, name := range t.head {
		if known != nil && !slices.Contains(known, name) {
			t.faults.add("1", "rules-columns", "kolom %q tidak dikenal; yang dikenal: %s", "the column %q is not known; known are: %s", name, strings.Join(known, ", "))
		}
	}
}

// cell is the field of a column, empty where there is no such column.
func (t *table) cell(row []string, column string) string {
	if i := slices.Index(t.head, column); i >= 0 {
		return row[i]
	}
	return ""
}

func (t *table) matrix() (zones []string, activities []Activity) {
	t.shape(matrixColumns[:3], nil)
	for _, name := range t.head {
		if !slices.Contains(matrixColumns, name) {
			zones = append(zones, name)
		}
	}
	for n, row := range t.rows {
		a := Activity{
			Code: t.cell(row, "code"), KBLI: t.cell(row, "kbli"), Title: plan.Text{ID: t.cell(row, "title_id"), EN: t.cell(row, "title_en")},
			Group: plan.Text{ID: t.cell(row, "group_id"), EN: t.cell(row, "group_en")}, Cells: map[string]Answer{},
		}
		for word := range strings.SplitSeq(t.cell(row, "also"), wordMark) {
			if word = strings.TrimSpace(word); word != "" {
				a.Also = append(a.Also, word)
			}
		}
		for _, zone := range zones {
			answer, ok := ParseAnswer(t.cell(row, zone))
			if !ok {
				t.faults.add(t.at(n, zone), "rules-cell", "%q bukan isi matriks; tulis I, X, T, B atau TB, dengan nomor syarat bila ada, misalnya T1,B3",
					"%q is no cell of a matrix; write I, X, T, B or TB, with the number of a condition if any, such as T1,B3", t.cell(row, zone))
			} else if answer != "" {
				a.Cells[zone] = answer
			}
		}
		activities = append(activities, a)
	}
	return zones, activities
}

func (t *table) conditions() (list []Condition) {
	t.shape(conditionColumns[:2], conditionColumns)
	for _, row := range t.rows {
		list = append(list, Condition{strings.ToUpper(t.cell(row, "condition")), plan.Text{ID: t.cell(row, "text_id"), EN: t.cell(row, "text_en")}})
	}
	return list
}

func (t *table) intensity() (rules []Rule) {
	columns := intensityColumns()
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	t.shape(names[:1], names)
	for n, row := range t.rows {
		var r Rule
		for _, c := range columns {
			if bad := c.set(&r, t.cell(row, c.name)); bad != nil {
				at := t.at(n, c.name)
				t.faults.all = append(t.faults.all, &plan.Error{Kind: plan.Unprocessable, Code: "rules-number", At: at, Message: plan.Text{
					ID: t.cell(row, c.name) + " " + bad.ID, EN: t.cell(row, c.name) + " " + bad.EN,
				}})
			}
		}
		rules = append(rules, r)
	}
	return rules
}
