package ogc

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// itemForm is in what form a feature is answered.
type itemForm struct {
	lang plan.Lang
	crs  geo.CRS
	// query is the query string that the links repeat.
	query string
}

// itemETag is the strong ETag of one feature: its revision, and a hash of
// everything else that decides what the answer says. It is known without
// writing the answer. If-Match looks at the revision alone, so that a tag from
// any form of the feature serves.
func (s *Service) itemETag(v mirror.View, l *plan.Layer, f *plan.Feature, form itemForm) string {
	h := fnv.New64a()
	for _, part := range []string{
		s.cfg.Version, s.fingerprint(v, l), string(shownTo(v.Actor(), l)), string(form.lang), form.crs.String(), form.query,
		strconv.FormatInt(f.ID, 10), strconv.FormatInt(f.UpdatedAt.UnixMicro(), 10), f.UpdatedBy,
	} {
		_, _ = h.Write(append([]byte(part), 0)) // a hash does not fail
	}
	return fmt.Sprintf(`"%d-%x"`, f.Revision, h.Sum64())
}

// condition reads which revisions an edit may meet: those of If-Match; nil
// accepts any. A tag that is weak or not ours matches none. If-None-Match says
// what must not be there, which for a feature that is to be changed can only
// be that it is not.
func condition(r *http.Request) ([]int64, error) {
	none, ok, err := rest.ParseETags(r.Header, "If-None-Match")
	if err != nil {
		return nil, err
	}
	if ok && !none.Any {
		return nil, &plan.Error{Kind: plan.Invalid, Code: "invalid-header", At: "If-None-Match", Message: plan.Text{
			ID: "Untuk menyunting, sebutkan revisi yang Anda baca dengan If-Match.",
			EN: "To edit, say which revision you had read with If-Match.",
		}}
	}
	if ok {
		return []int64{}, nil
	}
	tags, ok, err := rest.ParseETags(r.Header, "If-Match")
	if err != nil || !ok || tags.Any {
		return nil, err
	}
	revisions := []int64{}
	for _, tag := range tags.Strong {
		number, _, _ := strings.Cut(tag, "-")
		if n, ok := featureID(number); ok {
			revisions = append(revisions, n)
		}
	}
	return revisions, nil
}
