package httpd_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"testing"
	"time"
)

// isPacked: the file of the whole city is had, gzipped or not, is what its ETag
// says, and is not sent again to who has it.
func isPacked(t *testing.T, o *office) {
	const path = "/api/v1/evacuation/pack/"
	c := converse(t, &gate{service: o.service, t: t}, definition(t, o.service))
	c.say(200, "GET", path+"city?profile=car&hazard=tsunami", nil)
	plain := o.get(t, path+"city", "Accept-Encoding", "identity")
	small := o.get(t, path+"city", "Accept-Encoding", "gzip")
	if plain.status != 200 || small.header.Get("Content-Encoding") != "gzip" || small.header.Get("Content-Type") != "application/vnd.simtaru.evacuation-pack" {
		t.Fatalf("%d %s, %v", plain.status, plain.body, small.header)
	}
	z, err := gzip.NewReader(bytes.NewReader(small.body))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(z); err != nil || !bytes.Equal(data, plain.body) {
		t.Error("gzipped it is another", err)
	}
	sum := sha256.Sum256(plain.body[36:])
	if tag := plain.header.Get("ETag"); tag != `"`+base64.RawURLEncoding.EncodeToString(sum[:])+`"` || string(plain.body[:4]) != "SEP1" || !bytes.Equal(plain.body[4:36], sum[:]) {
		t.Errorf("ETag %s", tag)
	}
	again := o.get(t, path+"city", "Accept-Encoding", "gzip", "If-None-Match", small.header.Get("ETag"))
	asOf, err := time.Parse(time.RFC3339, again.header.Get("Simtaru-As-Of"))
	if again.status != http.StatusNotModified || err != nil || time.Since(asOf) > time.Minute {
		t.Errorf("%d, as of %v, %v", again.status, asOf, err)
	}
	for query, status := range map[string]int{"11": 404, "city%20": 404, "City": 404, "%2e": 404, "city?profile=horse": 400, "city?hazard=zombies": 400, "city?k=1": 400} {
		if r := o.get(t, path+query); r.status != status {
			t.Errorf("%s: %d %s", query, r.status, r.body)
		}
	}
	c.say(404, "GET", path+"11.71.01.2001", nil)
}
