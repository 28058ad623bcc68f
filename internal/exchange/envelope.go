package exchange

import (
	"fmt"
	"io"
	"strconv"

	"github.com/simtaru/simtaru/internal/plan"
)

// ReadEdits reads a body that holds many edits:
//
//	{"edits":[{"op":"create","layer":"x","feature":{...}}, ...]}
//
// layer finds a layer that may be edited, or says why there is none. The edits
// come in order; what is wrong with one is in its Refused, so that all faults
// can be named. The error is of the body as a whole.
func ReadEdits(src io.Reader, layer func(id string) (*plan.Layer, *plan.Error), o BodyOptions) ([]plan.Edit, error) {
	e := &envelope{body: newBody(src, o), layer: layer, top: newKeys(), members: newKeys()}
	if err := e.open(); err != nil {
		return nil, malformed(err)
	}
	if err := e.read(); err != nil {
		return nil, malformed(err)
	}
	return e.edits, nil
}

type envelope struct {
	*body
	layer        func(id string) (*plan.Layer, *plan.Error)
	top, members *keys
	edits        []plan.Edit
}

func (e *envelope) read() error {
	l := e.lex
	l.pos++ // the brace
	there := false
	err := l.object(e.top, func(name string, duplicate bool) error {
		if name != "edits" || duplicate {
			return l.syntax("isi permintaan hanya memiliki anggota edits, satu kali", "the body has the member edits only, once")
		}
		there = true
		return e.list()
	})
	if err != nil {
		return err
	}
	if !there {
		return l.syntax("anggota edits tidak ada", "the member edits is missing")
	}
	return e.end()
}

func (e *envelope) list() error {
	l := e.lex
	if err := l.expect('['); err != nil {
		return err
	}
	if l.peek() == ']' {
		l.pos++
		return nil
	}
	for {
		if len(e.edits) == plan.MostEdits {
			return &plan.Error{Kind: plan.TooLarge, Code: "too-many-edits", At: "edits", Message: plan.Text{
				ID: fmt.Sprintf("Terlalu banyak suntingan: paling banyak %d dalam satu permintaan.", plan.MostEdits),
				EN: fmt.Sprintf("Too many edits: at most %d go into one request.", plan.MostEdits),
			}}
		}
		if err := e.one(); err != nil {
			return err
		}
		if done, err := l.comma(']'); done || err != nil {
			return err
		}
	}
}

// item is one edit while its members come in.
type item struct {
	op, layer    string
	id, revision *int64
	// change is the member feature or patch, as the operation wants it.
	change   *change
	member   string
	problems []Problem
}

func (it *item) complain(code, field, id, en string) {
	it.problems = append(it.problems, Problem{Code: code, Field: field, Message: say(id, en)})
}

func (e *envelope) one() error {
	l := e.lex
	if err := l.expect('{'); err != nil {
		return err
	}
	it := &item{}
	err := l.object(e.members, func(name string, duplicate bool) error {
		if duplicate {
			it.complain("duplicate-member", name, "anggota muncul dua kali", "the member appears twice")
			return l.skip(0)
		}
		return e.member(it, name)
	})
	if err != nil {
		return err
	}
	return e.conclude(it)
}

func (e *envelope) member(it *item, name string) (err error) {
	l := e.lex
	switch name {
	case "op":
		it.op, err = e.text(it, name)
	case "layer":
		it.layer, err = e.text(it, name)
	case "id":
		it.id, err = e.number(it, name)
	case "ifRevision":
		it.revision, err = e.number(it, name)
	case "feature", "patch":
		switch {
		case it.change != nil:
			it.complain("two-changes", name, "suntingan memiliki feature dan patch sekaligus", "the edit has both feature and patch")
			return l.skip(0)
		case l.peek() != '{':
			it.complain("wrong-type-member", name, name+" mestinya objek", name+" should be an object")
			return l.skip(0)
		case name == "feature":
			it.change, err = e.whole()
		default:
			it.change, err = e.patch()
		}
		it.member = name
	default:
		it.complain("unknown-member", name, "anggota ini tidak dikenal; yang ada: op, layer, id, ifRevision, feature, patch", "the member is not known; there are: op, layer, id, ifRevision, feature, patch")
		return l.skip(0)
	}
	return err
}

// text reads a member that is a short text.
func (e *envelope) text(it *item, name string) (string, error) {
	if e.lex.peek() != '"' {
		it.complain("wrong-type-member", name, name+" mestinya teks", name+" should be a text")
		return "", e.lex.skip(0)
	}
	b, t, err := e.lex.readString(nil, longestKey)
	if t.flaw != nil {
		it.problems = append(it.problems, Problem{Code: "unreadable-text", Field: name, Message: *t.flaw})
		return "", err
	}
	return string(b), err
}

// number reads a member that is a whole number above zero, or null.
func (e *envelope) number(it *item, name string) (*int64, error) {
	c := e.lex.peek()
	if c == '"' || c == '{' || c == '[' {
		it.complain("wrong-type-member", name, name+" mestinya bilangan bulat", name+" should be a whole number")
		return nil, e.lex.skip(0)
	}
	p, err := e.lex.scalar(c)
	if err != nil || p.Kind == NullValue {
		return nil, err
	}
	n, bad := strconv.ParseInt(string(p.Raw), 10, 64)
	if bad != nil || n <= 0 {
		it.complain("wrong-type-member", name, name+" mestinya bilangan bulat di atas nol", name+" should be a whole number above zero")
		return nil, nil
	}
	return &n, nil
}

// conclude makes the edit when its members are known.
func (e *envelope) conclude(it *item) error {
	edit := plan.Edit{Layer: it.layer}
	needsID, needs := true, ""
	switch it.op {
	case "create":
		edit.Op, needs, needsID = plan.Create, "feature", false
	case "update":
		edit.Op, needs = plan.Update, "patch"
	case "replace":
		edit.Op, edit.Whole, needs = plan.Update, true, "feature"
	case "delete":
		edit.Op = plan.Delete
	default:
		it.complain("wrong-operation", "op", "op mestinya create, update, replace atau delete", "op should be create, update, replace or delete")
		needs, needsID = it.member, false
	}
	switch {
	case needsID && it.id == nil && !it.said("id"):
		it.complain("missing-member", "id", "nomor fitur (id) tidak ada", "the id of the feature is missing")
	case edit.Op == plan.Create && it.id != nil:
		it.complain("unknown-member", "id", "fitur baru diberi nomor oleh sistem", "a new feature is given its id by the system")
	case edit.Op == plan.Create && it.revision != nil:
		it.complain("unknown-member", "ifRevision", "fitur baru belum memiliki revisi", "a new feature has no revision yet")
	}
	if it.member != needs && !it.said(needs) {
		it.complain("missing-member", or(needs, it.member), "suntingan "+it.op+" "+wants(needs).ID, "the edit "+it.op+" "+wants(needs).EN)
	}
	if it.id != nil {
		edit.ID = *it.id
	}
	if it.revision != nil {
		edit.Revisions = []int64{*it.revision}
	}
	for i := range it.problems {
		edit.Refused = append(edit.Refused, it.problems[i].refusal())
	}
	layer, refused := e.layer(it.layer)
	if refused != nil {
		edit.Refused = append(edit.Refused, refused)
	} else if it.change != nil {
		if err := e.fill(&edit, layer, it.change); err != nil {
			return err
		}
	}
	e.edits = append(e.edits, edit)
	return nil
}

// said reports whether something is known to be wrong with a member.
func (it *item) said(field string) bool {
	for _, p := range it.problems {
		if p.Field == field {
			return true
		}
	}
	return false
}

func wants(member string) plan.Text {
	if member == "" {
		return say("tidak memerlukan feature atau patch", "takes neither feature nor patch")
	}
	return say("memerlukan anggota "+member, "takes the member "+member)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
