package exchange_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"pgregory.net/rapid"

	"github.com/simtaru/simtaru/internal/exchange"
	"github.com/simtaru/simtaru/internal/geo"
)

// transcript reads text and says what came: a line for each record, with its
// problems, and the last error.
func transcript(text string, o exchange.ReaderOptions) string {
	var b strings.Builder
	r := exchange.NewReader(strings.NewReader(text), o)
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return strings.TrimSuffix(b.String(), "\n")
		}
		var syntax *exchange.SyntaxError
		if errors.As(err, &syntax) {
			fmt.Fprintf(&b, "! %d:%d %s", syntax.Line, syntax.Column, syntax.Message.EN)
			return b.String()
		}
		if err != nil {
			return b.String() + "!! " + err.Error()
		}
		fmt.Fprintf(&b, "%d@%d", rec.Feature, rec.Line)
		if len(rec.Problems) > 0 {
			for _, p := range rec.Problems {
				fmt.Fprintf(&b, " [%s %s%s %d:%d]", p.Code, p.Field, p.Path, p.Line, p.Column)
			}
		} else if rec.Geometry == nil {
			b.WriteString(" null")
		} else {
			b.WriteString(" " + wkt.MarshalString(rec.Geometry))
		}
		for _, p := range rec.Properties {
			fmt.Fprintf(&b, " %s=%s", p.Name, p.Raw)
		}
		b.WriteByte('\n')
	}
}

const (
	point = `{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[95.3,5.5]}}`
	head  = `{"type":"FeatureCollection","features":[`
)

// withGeometry is a collection of one feature.
func withGeometry(g string) string {
	return head + `{"type":"Feature","properties":{},"geometry":` + g + `}]}`
}

func TestReader(t *testing.T) {
	utm, wgs := geo.EPSG32646, geo.EPSG4326
	for _, c := range []struct {
		name, in, want string
		o              exchange.ReaderOptions
	}{
		// What is good.
		{name: "collection", in: head + point + "]}", want: "1@1 POINT(95.3 5.5) a=1"},
		{name: "empty collection", in: head + "]}", want: ""},
		{name: "type last", in: `{"features":[` + point + `],"type":"FeatureCollection","name":"x","n":{"features":[1]}}`, want: "1@1 POINT(95.3 5.5) a=1"},
		{name: "byte order mark", in: "\ufeff" + head + point + "]}", want: "1@1 POINT(95.3 5.5) a=1"},
		{name: "white space", in: "\r\n\t{ \"type\" :\n\"Feature\" , \"properties\" : null , \"geometry\" : null }\n\n", want: "1@2 null"},
		{name: "lines", in: point + "\n" + point + "\r\n\n" + point, want: "1@1 POINT(95.3 5.5) a=1\n2@2 POINT(95.3 5.5) a=1\n3@4 POINT(95.3 5.5) a=1"},
		{name: "text sequence", in: "\x1e{\"type\":\"Feature\",\n\"properties\":{},\"geometry\":null}\n\x1e" + point + "\n", want: "1@1 null\n2@3 POINT(95.3 5.5) a=1"},
		{name: "height", in: withGeometry(`{"type":"Point","coordinates":[95.3,5.5,12]}`), want: "1@1 POINT(95.3 5.5)"},
		{name: "exponents", in: withGeometry(`{"coordinates":[9.53e1,55E-1],"type":"Point"}`), want: "1@1 POINT(95.3 5.5)"},
		{name: "polygon", in: withGeometry(`{"type":"Polygon","coordinates":[[[0,0],[4,0],[0,4],[0,0]],[[1,1],[1,2],[2,1],[1,1]]]}`), want: "1@1 POLYGON((0 0,4 0,0 4,0 0),(1 1,1 2,2 1,1 1))"},
		{name: "multipolygon", in: withGeometry(`{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[0,4],[0,0]]],[[[5,5],[6,5],[5,6],[5,5]]]]}`), want: "1@1 MULTIPOLYGON(((0 0,4 0,0 4,0 0)),((5 5,6 5,5 6,5 5)))"},
		{name: "lines of lines", in: withGeometry(`{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]}`), want: "1@1 MULTILINESTRING((0 0,1 1),(2 2,3 3))"},
		{name: "escapes", in: `{"type":"Feature","properties":{"\u0061":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"},"geometry":null}`, want: "1@1 null a=\"\\/\b\f\n\r\té😀é"},

		// Not JSON: nothing after it can be read.
		{name: "empty", in: "", want: "! 1:1 the file is empty"},
		{name: "blank", in: " \n ", want: "! 2:2 the file is empty"},
		{name: "cut", in: head + point[:40], want: "! 1:81 the file ends in the middle; '\"' should follow"},
		{name: "cut after feature", in: head + point, want: "1@1 POINT(95.3 5.5) a=1\n! 1:133 the file ends in the middle; ',' or ']' should follow"},
		{name: "trailing text", in: head + point + "]} x", want: "1@1 POINT(95.3 5.5) a=1\n! 1:136 not JSON: 'x' where the end of the file should be"},
		{name: "trailing object", in: head + point + "]}\n" + point, want: "1@1 POINT(95.3 5.5) a=1\n! 2:1 not JSON: '{' where the end of the file should be"},
		{name: "trailing NUL", in: head + "]}\x00", want: `! 1:43 not JSON: '\x00' where the end of the file should be`},
		{name: "trailing comma", in: head + point + ",]}", want: "1@1 POINT(95.3 5.5) a=1\n! 1:134 not JSON: ']' where a value should be"},
		{name: "single quotes", in: "{'type':'Feature'}", want: "! 1:2 not JSON: '\\'' where '\"' should be"},
		{name: "comment", in: "// x\n" + point, want: "! 1:1 not JSON: '/' where '{' should be"},
		{name: "array", in: "[" + point + "]", want: "! 1:1 not JSON: '[' where '{' should be"},
		{name: "leading zero", in: head + `{"type":"Feature","properties":{"a":01},"geometry":null}]}`, want: "! 1:77 not JSON: '0' where a number should be"},
		{name: "no digits after point", in: head + `{"type":"Feature","properties":{"a":1.},"geometry":null}]}`, want: "! 1:77 not JSON: '1' where a number should be"},
		{name: "plus", in: head + `{"type":"Feature","properties":{"a":+1},"geometry":null}]}`, want: "! 1:77 not JSON: '+' where a value should be"},
		{name: "hex", in: head + `{"type":"Feature","properties":{"a":0x1},"geometry":null}]}`, want: "! 1:78 not JSON: 'x' where ',' or a bracket should be"},
		{name: "newline in text", in: head + "{\"type\":\"Fea\nture\"}]}", want: "! 1:53 a control character inside a text; perhaps its closing quote is missing"},
		{name: "wrong escape", in: head + `{"ty\pe":1}]}`, want: "! 1:45 an unknown escape sequence inside a text"},
		{name: "a word", in: head + `nul]}`, want: "! 1:41 not JSON: 'n' where a value should be"},
		{name: "a longer word", in: head + `nulll]}`, want: "! 1:41 not JSON: 'n' where a value should be"},
		{name: "deep", in: head + `{"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}]}`, want: "! 1:111 values are nested too deeply"},
		{name: "deep coordinates", in: withGeometry(`{"type":"Point","coordinates":` + strings.Repeat("[", 100000)), want: "! 1:181 arrays are nested too deeply"},
		{name: "gzip", in: "\x1f\x8b\x08", want: "! 1:1 this is a gzip file, not GeoJSON in UTF-8; convert it first, for instance with ogr2ogr"},
		{name: "utf-16", in: "\xff\xfe{\x00", want: "! 1:1 this is UTF-16 text, not GeoJSON in UTF-8; convert it first, for instance with ogr2ogr"},
		{name: "kml", in: "<?xml", want: "! 1:1 this is XML (KML or GML), not GeoJSON in UTF-8; convert it first, for instance with ogr2ogr"},

		// JSON, but not this GeoJSON.
		{name: "bare geometry", in: `{"type":"Point","coordinates":[1,2]}`, want: "! 1:37 a bare geometry; it must be a Feature or a FeatureCollection"},
		{name: "no features", in: `{"type":"FeatureCollection"}`, want: "! 1:29 a FeatureCollection without features"},
		{name: "feature with features", in: `{"type":"Feature","features":[]}`, want: "! 1:30 an object with features must be of type FeatureCollection, without geometry and properties"},
		{name: "features without type", in: `{"features":[]}`, want: "! 1:16 the type member is missing"},
		{name: "features twice", in: `{"type":"FeatureCollection","features":[],"features":[]}`, want: "! 1:54 the member features appears twice"},
		{name: "type twice at the top", in: `{"type":"FeatureCollection","type":"FeatureCollection","features":[]}`, want: "! 1:36 the member appears twice"},
		{name: "topology", in: `{"type":"Topology","objects":{}}`, want: "1@1 [no-feature type 1:1]"},
		{name: "geometry in a collection", in: `{"type":"FeatureCollection","features":[],"geometry":null}`, want: "! 1:54 a FeatureCollection must not have a member geometry"},

		// A row that cannot be taken; the others go on.
		{name: "duplicate type", in: head + `{"type":"Feature","type":"Feature","properties":{},"geometry":null},` + point + `]}`, want: "1@1 [duplicate-member type 1:66]\n2@1 POINT(95.3 5.5) a=1"},
		{name: "duplicate property", in: head + `{"type":"Feature","properties":{"a":1,"\u0061":2},"geometry":null}]}`, want: "1@1 [duplicate-member a 1:88] a=1"},
		{name: "same property in the next feature", in: head + point + "," + point + "]}", want: "1@1 POINT(95.3 5.5) a=1\n2@1 POINT(95.3 5.5) a=1"},
		{name: "duplicate coordinates", in: withGeometry(`{"type":"Point","coordinates":[1,2],"coordinates":[3,4]}`), want: "1@1 [duplicate-member coordinates 1:136]"},
		{name: "wrong case", in: head + `{"Type":"Feature","properties":{},"geometry":null}]}`, want: "1@1 [no-feature type 1:41]"},
		{name: "wrong case of geometry", in: head + `{"type":"Feature","properties":{},"GEOMETRY":null}]}`, want: "1@1 [no-feature geometry 1:41]"},
		{name: "wrong case of the type", in: withGeometry(`{"type":"point","coordinates":[1,2]}`), want: "1@1 [unsupported-geometry geometry 1:87]"},
		{name: "no properties", in: head + `{"type":"Feature","geometry":null}]}`, want: "1@1 [no-feature properties 1:41]"},
		{name: "no object", in: head + `5,null,"x",` + point + `]}`, want: "1@1 [no-feature  1:41]\n2@1 [no-feature  1:43]\n3@1 [no-feature  1:48]\n4@1 POINT(95.3 5.5) a=1"},
		{name: "NaN", in: withGeometry(`{"type":"Point","coordinates":[NaN,5]}`), want: "1@1 [not-finite  1:120]"},
		{name: "Infinity", in: withGeometry(`{"type":"Point","coordinates":[5,-Infinity]}`), want: "1@1 [not-finite  1:128]"},
		{name: "1e309", in: withGeometry(`{"type":"Point","coordinates":[5,1e309]}`), want: "1@1 [not-finite  1:124]"},
		{name: "NaN in a property", in: head + `{"type":"Feature","properties":{"a":NaN},"geometry":null}]}`, want: "1@1 [not-finite a 1:77] a=NaN"},
		{name: "null ordinate", in: withGeometry(`{"type":"Point","coordinates":[null,5]}`), want: "1@1 [wrong-coordinates  1:117]"},
		{name: "null coordinates", in: withGeometry(`{"type":"Point","coordinates":null}`), want: "1@1 [wrong-coordinates  1:116]"},
		{name: "true as 1", in: withGeometry(`{"type":"Point","coordinates":[true,5]}`), want: "1@1 [wrong-coordinates  1:117]"},
		{name: "text as number", in: withGeometry(`{"type":"Point","coordinates":["95.3","5.5"]}`), want: "1@1 [wrong-coordinates  1:117]"},
		{name: "one ordinate", in: withGeometry(`{"type":"Point","coordinates":[5]}`), want: "1@1 [wrong-coordinates  1:119]"},
		{name: "four ordinates", in: withGeometry(`{"type":"Point","coordinates":[5,6,7,8]}`), want: "1@1 [wrong-coordinates  1:125]"},
		{name: "five ordinates", in: withGeometry(`{"type":"Point","coordinates":[5,6,7,8,9]}`), want: "1@1 [wrong-coordinates  1:127]"},
		{name: "empty point", in: withGeometry(`{"type":"Point","coordinates":[]}`), want: "1@1 [empty-geometry  1:118]"},
		{name: "empty ring", in: withGeometry(`{"type":"Polygon","coordinates":[[]]}`), want: "1@1 [empty-geometry  1:121]"},
		{name: "nested for another type", in: withGeometry(`{"type":"Polygon","coordinates":[[0,0],[1,1],[0,0]]}`), want: "1@1 [wrong-coordinates geometry 1:87]"},
		{name: "uneven", in: withGeometry(`{"type":"Polygon","coordinates":[[[0,0]],[1,1]]}`), want: "1@1 [wrong-coordinates  1:132]"},
		{name: "a collection", in: withGeometry(`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}`), want: "1@1 [unsupported-geometry geometry 1:87]"},
		{name: "unclosed", in: withGeometry(`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4]]]}`), want: "1@1 [unclosed-ring geometrycoordinates[0] 1:41]"},
		{name: "unclosed, repaired", o: exchange.ReaderOptions{CloseRings: true}, in: withGeometry(`{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,4]]],[[[8,8],[9,8],[9,9]]]]}`), want: "1@1 MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((8 8,9 8,9 9,8 8)))"},
		{name: "three points", in: withGeometry(`{"type":"Polygon","coordinates":[[[0,0],[4,0],[0,0]]]}`), want: "1@1 [too-few-points geometrycoordinates[0] 1:41]"},
		{name: "metres taken for degrees", in: withGeometry(`{"type":"Point","coordinates":[288642,2108175]}`), want: "1@1 [out-of-world geometrycoordinates 1:41]"},
		{name: "NUL", in: head + `{"type":"Feature","properties":{"a":"x\u0000"},"geometry":null}]}`, want: "1@1 [unreadable-text a 1:77] a=x"},
		{name: "half a surrogate", in: head + `{"type":"Feature","properties":{"a":"\ud83dx"},"geometry":null}]}`, want: "1@1 [unreadable-text a 1:77] a=x"},
		{name: "Latin-1", in: head + "{\"type\":\"Feature\",\"properties\":{\"a\":\"caf\xe9\"},\"geometry\":null}]}", want: "1@1 [unreadable-text a 1:77] a=caf\xe9"},
		{name: "too many vertices", o: exchange.ReaderOptions{Limits: exchange.Limits{Geometry: geo.Limits{MaxVertices: 3}}}, in: withGeometry(`{"type":"LineString","coordinates":[[0,0],[1,1],[2,2],[3,3],[4,4]]}`), want: "1@1 [too-many-vertices  1:145]"},
		{name: "too many parts", o: exchange.ReaderOptions{Limits: exchange.Limits{Geometry: geo.Limits{MaxParts: 1}}}, in: withGeometry(`{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[0,0],[1,1]]]}`), want: "1@1 [too-many-parts geometrycoordinates[1] 1:41]"},
		{name: "long text", o: exchange.ReaderOptions{Limits: exchange.Limits{TextBytes: 3}}, in: head + `{"type":"Feature","properties":{"a":"abcd","b":"abc"},"geometry":null}]}`, want: "1@1 [too-large a 1:77] a=abc b=abc"},
		{name: "many properties", o: exchange.ReaderOptions{Limits: exchange.Limits{Members: 1}}, in: head + `{"type":"Feature","properties":{"a":1,"b":2},"geometry":null}]}`, want: "1@1 [too-large b 1:83] a=1"},
		{name: "big record", o: exchange.ReaderOptions{Limits: exchange.Limits{RecordBytes: 50}}, in: head + point + `]}`, want: "1@1 [too-large  1:41] a=1"},

		// Lines: a broken one does not hide the next.
		{name: "broken line", in: point + "\n{\"type\":\n" + point, want: "1@1 POINT(95.3 5.5) a=1\n! 3:93 the file ends in the middle; ',' or '}' should follow"},
		{name: "broken in one line", in: point + "\n{\"type\":x}\n" + point, want: "1@1 POINT(95.3 5.5) a=1\n2@2 [wrong-type-member type 2:9] [syntax  2:9]\n3@3 POINT(95.3 5.5) a=1"},
		{name: "garbage line", in: point + "\nhello\n" + point, want: "1@1 POINT(95.3 5.5) a=1\n2@2 [syntax  2:1]\n3@3 POINT(95.3 5.5) a=1"},
		{name: "two on a line", in: point + point, want: "1@1 POINT(95.3 5.5) a=1\n! 1:93 not JSON: '{' where a new line should be"},
		{name: "garbage after a feature", in: point + " x\n" + point, want: "1@1 POINT(95.3 5.5) a=1\n! 1:94 not JSON: 'x' where a new line should be"},
		{name: "features of several lines", in: "{\"type\":\"Feature\",\n\"properties\":{},\"geometry\":null}\n" + point, want: "1@1 null\n! 3:1 features of several lines must be separated by RS (RFC 8142) or be in a FeatureCollection"},
		{name: "sequence with a broken record", in: "\x1e" + point + "\n\x1e{\"type\":\n\n\x1e" + point, want: "1@1 POINT(95.3 5.5) a=1\n2@2 [wrong-type-member type 4:1] [syntax  4:1]\n3@4 POINT(95.3 5.5) a=1"},
		{name: "collection in a line", in: point + "\n" + head + "]}", want: "1@1 POINT(95.3 5.5) a=1\n2@2 [no-feature type 2:1]"},

		// Reference systems.
		{name: "utm", o: exchange.ReaderOptions{CRS: &utm}, in: withGeometry(`{"type":"Point","coordinates":[500000,0]}`), want: "1@1 POINT(93 0)"},
		{name: "outside utm", o: exchange.ReaderOptions{CRS: &utm}, in: withGeometry(`{"type":"Point","coordinates":[95.3,1e8]}`), want: "1@1 [out-of-world geometrypoint 1 1:41]"},
		{name: "named", in: `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32646"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[500000,0]}}]}`, want: "1@1 POINT(93 0)"},
		{name: "named CRS84 is 4326", o: exchange.ReaderOptions{CRS: &wgs}, in: `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + point + `]}`, want: "1@1 POINT(95.3 5.5) a=1"},
		{name: "named otherwise", o: exchange.ReaderOptions{CRS: &utm}, in: `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4326"}},"features":[]}`, want: "! 1:96 the file says EPSG:4326, but --crs says EPSG:32646"},
		{name: "unknown", in: `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:9999"}},"features":[]}`, want: "! 1:35 the coordinate reference system EPSG:9999 is not known"},
		{name: "link", in: `{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://x"}},"features":[]}`, want: "! 1:35 the crs member cannot be read; only the named form is supported"},
		{name: "null crs", in: `{"type":"FeatureCollection","crs":null,"features":[]}`, want: "! 1:51 the file says that its reference system is unknown (crs null); give --crs"},
		{name: "null crs, said", o: exchange.ReaderOptions{CRS: &wgs}, in: `{"type":"FeatureCollection","crs":null,"features":[]}`, want: ""},
		{name: "late", in: `{"type":"FeatureCollection","features":[],"crs":{"type":"name","properties":{"name":"EPSG:32646"}}}`, want: "! 1:99 the crs member comes after the features and differs from what was used (OGC:CRS84); give --crs"},
		{name: "late but the same", in: `{"type":"FeatureCollection","features":[],"crs":{"type":"name","properties":{"name":"EPSG:4326"}}}`, want: ""},
		{name: "in a feature", in: head + `{"type":"Feature","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"properties":{},"geometry":null}]}`, want: "1@1 [crs crs 1:41]"},
	} {
		if got := transcript(c.in, c.o); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestReaderInAnyPieces: where the window ends makes no difference.
func TestReaderInAnyPieces(t *testing.T) {
	text := withGeometry(`{"type":"Polygon","coordinates":[[[95.32061075800004,5.55],[95.4,5.55],[95.4,5.6],[95.32061075800004,5.55]]]}`)
	var got []string
	for _, src := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.HalfReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
		rec, err := exchange.NewReader(src, exchange.ReaderOptions{}).Next()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, wkt.MarshalString(rec.Geometry))
	}
	for _, g := range got {
		if g != got[0] || !strings.Contains(g, "95.32061075800004") {
			t.Errorf("%q", got)
		}
	}
	r := exchange.NewReader(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(text))), exchange.ReaderOptions{})
	if _, err := r.Next(); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a failing file gives %v", err)
	}
}

// repeat gives a text n times without holding it.
type repeat struct {
	text string
	n    int64
	at   int
}

func (r *repeat) Read(b []byte) (int, error) {
	total := 0
	for total < len(b) {
		if r.n == 0 {
			if total == 0 {
				return 0, io.EOF
			}
			break
		}
		n := copy(b[total:], r.text[r.at:])
		total += n
		if r.at += n; r.at == len(r.text) {
			r.at = 0
			r.n--
		}
	}
	return total, nil
}

// TestMonstersAreRefusedInFlatMemory: records of forty megabytes,
// each another way to be too large. The bytes allocated are a bound on the
// memory held.
func TestMonstersAreRefusedInFlatMemory(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct{ name, before, repeated, after, want string }{
		{"vertices", `{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[1,1]`, ",[95.123456789,5.123456789]", "]}}", "too-many-vertices"},
		{"rings", `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[1,1]]`, ",[[1,1]]", "]}}", "too-many"},
		{"polygons", `{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,1]]]`, ",[[[1,1]]]", "]}}", "too-many"},
		{"empty arrays", `{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[]`, ",[]", "]}}", "empty-geometry"},
		{"ordinates", `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1`, ",1", "]}}", "wrong-coordinates"},
		{"text", `{"type":"Feature","geometry":null,"properties":{"a":"`, "simtaru ", `"}}`, "too-large"},
		{"name", `{"type":"Feature","geometry":null,"properties":{"`, "simtaru ", `":1}}`, "syntax"},
		{"the same property", `{"type":"Feature","geometry":null,"properties":{"a":1`, `,"a":1`, `}}`, "duplicate-member"},
		{"array", `{"type":"Feature","geometry":null,"properties":{"a":[1`, `,{"a":[1]}`, `]}}`, "too-large"},
		{"number", `{"type":"Feature","geometry":null,"properties":{"a":1`, `1111111`, `}}`, "syntax"},
		{"garbage", `{"type":"Feature","geometry":null,"properties":{"a":x`, `1111111`, `}}`, "syntax"},
	} {
		t.Run(c.name, func(t *testing.T) {
			long := &repeat{text: c.repeated, n: 40 * mb / int64(len(c.repeated))}
			src := io.MultiReader(strings.NewReader(c.before), long, strings.NewReader(c.after+"\n"+point))
			var got string
			bytes := allocated(func() {
				r := exchange.NewReader(src, exchange.ReaderOptions{Limits: exchange.Limits{RecordBytes: 30 * mb}})
				rec, err := r.Next()
				if err != nil {
					t.Error(err)
					return
				}
				for _, p := range rec.Problems {
					got += p.Code + " "
				}
				if next, err := r.Next(); err != nil || len(next.Problems) > 0 || next.Line != 2 {
					t.Errorf("the next line: %+v, %v", next, err)
				}
			})
			if !strings.Contains(got, c.want) {
				t.Errorf("problems %q, want %s", got, c.want)
			}
			if bytes > 20*mb {
				t.Errorf("%d MB were allocated for a record of 40 MB", bytes/mb)
			}
		})
	}
}

// TestWrittenIsRead: what geo.AppendGeoJSON writes is read as the same
// geometry, to the rounding.
func TestWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coord := func(limit float64) func(string) float64 {
			return func(name string) float64 {
				return float64(rapid.Int64Range(int64(-limit*1e9), int64(limit*1e9)).Draw(t, name)) / 1e9
			}
		}
		lon, lat := coord(180), coord(90)
		list := func(least int) []orb.Point {
			out := make([]orb.Point, rapid.IntRange(least, least+5).Draw(t, "points"))
			for i := range out {
				out[i] = orb.Point{lon("lon"), lat("lat")}
			}
			return out
		}
		ring := func() orb.Ring {
			l := list(3)
			return append(l, l[0])
		}
		polygon := func() orb.Polygon {
			p := orb.Polygon{ring()}
			for range rapid.IntRange(0, 2).Draw(t, "holes") {
				p = append(p, ring())
			}
			return p
		}
		var g orb.Geometry
		switch rapid.IntRange(0, 5).Draw(t, "type") {
		case 0:
			g = list(1)[0]
		case 1:
			g = orb.LineString(list(2))
		case 2:
			g = orb.MultiLineString{list(2), list(2)}
		case 3:
			g = polygon()
		case 4:
			g = orb.MultiPolygon{polygon(), polygon()}
		case 5:
			g = orb.MultiPoint(list(1))
		}
		text := append([]byte(`{"type":"Feature","properties":null,"geometry":`), geo.AppendGeoJSON(nil, g, 9)...)
		rec, err := exchange.NewReader(strings.NewReader(string(text)+"}"), exchange.ReaderOptions{}).Next()
		if err != nil || len(rec.Problems) > 0 {
			t.Fatalf("%s: %v, %v", text, err, rec)
		}
		if !orb.Equal(g, rec.Geometry) {
			t.Fatalf("%v was read as %v", g, rec.Geometry)
		}
	})
}
