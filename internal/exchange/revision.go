package exchange

import (
	"io"
	"strconv"

	"github.com/simtaru/simtaru/internal/plan"
)

// ReadRevision reads a body that names a revision: {"revision":3}.
func ReadRevision(src io.Reader) (int64, error) {
	b := newBody(src, BodyOptions{})
	l := b.lex
	if err := b.open(); err != nil {
		return 0, malformed(err)
	}
	l.pos++
	var revision int64
	err := l.object(newKeys(), func(name string, duplicate bool) error {
		if name != "revision" || duplicate {
			return l.syntax("isi permintaan hanya memiliki anggota revision, satu kali", "the body has the member revision only, once")
		}
		at := l.position()
		p, err := l.scalar(l.peek())
		if err != nil {
			return err
		}
		n, bad := strconv.ParseInt(string(p.Raw), 10, 64)
		if bad != nil || n < 1 {
			return &SyntaxError{Position: at, Message: say("revision mestinya bilangan bulat di atas nol", "revision should be a whole number above zero")}
		}
		revision = n
		return nil
	})
	if err == nil {
		err = b.end()
	}
	if err == nil && revision == 0 {
		err = &plan.Error{Kind: plan.Invalid, Code: "invalid-json", At: "revision", Message: say("Anggota revision tidak ada.", "The member revision is missing.")}
	}
	return revision, malformed(err)
}
