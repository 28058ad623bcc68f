package tileset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"strconv"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/tiles"
)

// Version identifies the content of a tile: the program, the declarations of
// its layers and the state of its features, in two lanes of 64 bits.
type Version struct{ A, B uint64 }

// with returns the version that has also seen x. In each lane it is one to one
// in x: content that differs in one part alone never shares a version.
func (v Version) with(x uint64) Version {
	return Version{A: mix(v.A ^ x), B: mix(v.B + mix(x^0x632be59bd9b4e019))}
}

// appendETag appends the version as an entity tag.
func (v Version) appendETag(dst []byte, suffix string) []byte {
	dst = append(dst, '"')
	dst = strconv.AppendUint(dst, v.A, 36)
	dst = append(dst, '.')
	dst = strconv.AppendUint(dst, v.B, 36)
	dst = append(dst, suffix...)
	return append(dst, '"')
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// base is the version of nothing yet by this program.
func base(program string) Version {
	sum := sha256.Sum256([]byte("tile " + program))
	return Version{A: binary.LittleEndian.Uint64(sum[:]), B: binary.LittleEndian.Uint64(sum[8:])}
}

// declared is a layer ready for tiles.
type declared struct {
	layer *plan.Layer
	// print identifies what the declaration says of tiles.
	print uint64
	// keys and fields are, by zoom, the names of the attributes that tiles
	// carry and their places in Feature.Values.
	keys   [tiles.MaxZoom + 1][]string
	fields [tiles.MaxZoom + 1][]int
}

func declare(l *plan.Layer) *declared {
	d := &declared{layer: l}
	type tileField struct {
		Name string
		Type plan.FieldType
		From int
	}
	about := struct {
		ID       string
		Geometry plan.GeometryType
		Coverage bool
		Zooms    plan.Zooms
		Fields   []tileField
	}{ID: l.ID, Geometry: l.Geometry, Coverage: l.Topology.Coverage, Zooms: l.Zooms}
	for i, f := range l.Fields {
		if f.Tiles == nil {
			continue
		}
		about.Fields = append(about.Fields, tileField{f.Name, f.Type, *f.Tiles})
		for z := max(0, *f.Tiles); z <= tiles.MaxZoom; z++ {
			d.keys[z] = append(d.keys[z], f.Name)
			d.fields[z] = append(d.fields[z], i)
		}
	}
	h := sha256.New()
	// These types hold nothing that JSON lacks, and a hash takes everything.
	_ = json.NewEncoder(h).Encode(about)
	d.print = binary.LittleEndian.Uint64(h.Sum(nil))
	return d
}
