package api

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"slices"

	"github.com/simtaru/simtaru/internal/indicator"
	"github.com/simtaru/simtaru/internal/mirror"
	"github.com/simtaru/simtaru/internal/ogc/tileset"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
	"github.com/simtaru/simtaru/tiles"
)

// The attributes of a tile's features, in the order of keys.
const (
	keyCode = iota
	keyName
	keyValue
	keyNumerator
	keyDenominator
	keyStatus
)

func tileKeys() []string {
	return []string{"code", "name", "value", "numerator", "denominator", "status"}
}

// choropleth reads a question about tiles, by gampong where it does not say: the
// city as a whole is no map. The boundary is drawn as it is now.
func (s *Service) choropleth(r *http.Request) (*ask, *mirror.Snapshot, error) {
	a, err := s.ask(r)
	if err != nil {
		return nil, nil, err
	}
	smaller := slices.DeleteFunc(slices.Clone(a.def.Units), func(k plan.UnitKind) bool { return k == plan.City })
	if _, given := a.params.Get("by"); !given && slices.Contains(smaller, plan.Gampong) {
		a.by = plan.Gampong
	} else if a.by, err = unitKind(a.params, smaller); err != nil {
		return nil, nil, err
	}
	snap, ok := a.v.Snapshot(indicator.Boundary)
	if !ok {
		return nil, nil, rest.Starting()
	}
	return a, snap, nil
}

// tile is GET /api/v1/indicators/{id}/tiles/{z}/{x}/{y}: the gampong, each with
// the figures of the area that it belongs to.
func (s *Service) tile(w http.ResponseWriter, r *http.Request) error {
	a, snap, err := s.choropleth(r)
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.Media{
		Name: "mvt", Type: tileset.MediaType, Also: []string{"application/x-protobuf", "application/octet-stream"},
	}); err != nil {
		return err
	}
	layer := snap.Layer()
	id, err := tiles.ParseID(r.PathValue("z"), r.PathValue("col"), r.PathValue("row"))
	if err != nil || int(id.Z) < layer.Zooms.Min || int(id.Z) > layer.Zooms.Max {
		return &plan.Error{Kind: plan.NotFound, Code: "no-such-tile", Cause: err, Message: plan.Text{
			ID: "Tidak ada ubin di alamat ini: zum di luar jangkauan, atau kolom dan baris di luar dunia.",
			EN: "There is no tile at this address: the zoom is outside the range, or column and row outside the world.",
		}}
	}
	f, err := s.figures(r.Context(), a, a.by)
	if err != nil {
		return err
	}
	shown := body(a.def, f.list, false)
	version, err := versionOf(a, shown, snap.TileVersion(id))
	if err != nil {
		return err
	}
	answer, err := s.tiles.Draw(r.Context(), tileset.Of(r, a.def.ID, "", "", ""), "indicator/"+a.def.ID, id, version, func(dst []byte) ([]byte, error) {
		return s.encoder.Append(dst, id, choroplethLayer(a, snap, id, shown))
	})
	if err != nil {
		return err
	}
	stamp(w.Header(), f.asOf, f.old)
	return s.tiles.Write(w, answer)
}

// versionOf identifies the content of a tile.
func versionOf(a *ask, shown []reading, boundary uint64) ([]uint64, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode([]any{a.def.ID, a.by, shown}); err != nil {
		return nil, err
	}
	sum := h.Sum(nil)
	return []uint64{boundary, binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])}, nil
}

// choroplethLayer draws the boundary as the tiles of its own layer do.
func choroplethLayer(a *ask, snap *mirror.Snapshot, id tiles.ID, shown []reading) tiles.Layer {
	byCode := make(map[string]*reading, len(shown))
	for k := range shown {
		byCode[shown[k].Code] = &shown[k]
	}
	code := snap.Layer().FieldIndex(indicator.Code)
	drawn := func(m *mirror.Feature) tiles.Feature { return tiles.Feature{ID: uint64(m.ID), Shape: m.Shape, Data: m} }
	l := tiles.Layer{
		Name: a.def.ID, Keys: tileKeys(),
		Features: inOrder(snap, id, drawn),
		Tags: func(f tiles.Feature, t tiles.Tags) {
			m, ok := f.Data.(*mirror.Feature)
			if !ok || code < 0 {
				return
			}
			own, _ := m.Values[code].(string)
			if v := byCode[indicator.CodeOf(a.by, own)]; v != nil {
				tag(v, t)
			}
		},
	}
	if snap.Layer().Topology.Coverage {
		l.Find = func(id uint64) (tiles.Feature, bool) {
			m, ok := snap.Get(int64(id))
			if !ok || m.Shape == nil {
				return tiles.Feature{}, false
			}
			return drawn(m), true
		}
	}
	return l
}

func inOrder(snap *mirror.Snapshot, id tiles.ID, drawn func(*mirror.Feature) tiles.Feature) iter.Seq[tiles.Feature] {
	var found []*mirror.Feature
	snap.Search(id.Reach(), func(m *mirror.Feature) bool {
		if m.Shape != nil {
			found = append(found, m)
		}
		return true
	})
	slices.SortFunc(found, func(a, b *mirror.Feature) int { return int(a.ID - b.ID) })
	return func(yield func(tiles.Feature) bool) {
		for _, m := range found {
			if !yield(drawn(m)) {
				return
			}
		}
	}
}

func tag(v *reading, t tiles.Tags) {
	t.String(keyCode, v.Code)
	t.String(keyName, v.Name)
	for _, n := range []struct {
		key   int
		value *float64
	}{{keyValue, v.Value}, {keyNumerator, v.Numerator}, {keyDenominator, v.Denominator}} {
		if n.value != nil {
			t.Float(n.key, *n.value)
		}
	}
	t.String(keyStatus, string(v.Status))
}

// tileJSON is GET /api/v1/indicators/{id}/tiles.json: TileJSON 3.0.
func (s *Service) tileJSON(w http.ResponseWriter, r *http.Request) error {
	a, snap, err := s.choropleth(r)
	if err != nil {
		return err
	}
	if _, err := rest.Negotiate(r, "", rest.JSON()); err != nil {
		return err
	}
	zooms := snap.Layer().Zooms
	doc := tileset.TileJSON{
		TileJSON: "3.0.0", Name: a.def.Title.In(a.lang), Description: a.def.Explanation.In(a.lang), Scheme: "xyz",
		Attribution: s.cfg.Notice.In(a.lang), MinZoom: zooms.Min, MaxZoom: zooms.Max,
		VectorLayers: []tileset.VectorLayer{{
			ID: a.def.ID, Description: a.def.Title.In(a.lang), MinZoom: zooms.Min, MaxZoom: zooms.Max,
			Fields: map[string]string{"code": "String", "name": "String", "value": "Number", "numerator": "Number", "denominator": "Number", "status": "String"},
		}},
	}
	if !a.at.IsZero() {
		doc.Description += " " + text("Garis batasnya digambar seperti sekarang, juga untuk angka dari waktu yang lalu; GeoJSON memuat garis batas waktu itu.",
			"The outlines are drawn as they are now, for figures of the past too; the GeoJSON has those of that time.").In(a.lang)
	}
	address := s.cfg.PublicURL + root + "/" + url.PathEscape(a.def.ID) + "/tiles/{z}/{x}/{y}"
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	doc.Tiles = []string{address}
	if b, ok := snap.Bound(); ok {
		c := b.Center()
		doc.Bounds = [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		doc.Center = [3]float64{c[0], c[1], float64(min(max(11, zooms.Min), zooms.Max))}
	}
	return rest.WriteJSON(w, r, rest.Body{Lang: string(a.lang)}, doc)
}
