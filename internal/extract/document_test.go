package extract_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/simtaru/simtaru/internal/extract"
)

// The example is written by hand: it has all members, and none that the type
// does not know.
func TestExampleIsADocument(t *testing.T) {
	text, err := os.ReadFile("testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(new(extract.Document)); err != nil {
		t.Error(err)
	}
	d, err := extract.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if json.Unmarshal(text, &want) != nil || json.Unmarshal(again, &got) != nil {
		t.Fatal("no JSON")
	}
	a, _ := json.MarshalIndent(want, "", " ")
	b, _ := json.MarshalIndent(got, "", " ")
	if !bytes.Equal(a, b) {
		t.Errorf("written again it is\n%s", b)
	}
	other, err := extract.Decode(again)
	if err != nil || other.SHA256 != d.SHA256 || len(d.SHA256) != 64 {
		t.Errorf("read again its hash is %q, not %q (%v)", other.SHA256, d.SHA256, err)
	}
}

func TestOtherFormsAreRefused(t *testing.T) {
	for _, text := range []string{`{"format": 3}`, `{"format": 0}`, `{"format": -1}`, `{}`, `[]`, ``} {
		if _, err := extract.Decode([]byte(text)); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
