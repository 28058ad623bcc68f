package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// The key of the own database is made once and read again after that; one that is
// named is never made.
func TestExtractKeys(t *testing.T) {
	a := &app{globals: globals{Data: t.TempDir()}, log: slog.New(slog.DiscardHandler)}
	file := filepath.Join(a.Data, "extract-key.pem")
	var texts [][]byte
	for range 2 {
		keys, err := extractFlags{}.keys(a)
		if err != nil || keys == nil {
			t.Fatal(keys, err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("another key was made")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	a.DatabaseURL = "postgres://elsewhere"
	if keys, err := (extractFlags{}).keys(a); keys != nil || err != nil {
		t.Errorf("%v %v", keys, err)
	}
	if keys, err := (extractFlags{ExtractKey: file}).keys(a); keys == nil || err != nil {
		t.Errorf("%v %v", keys, err)
	}
	if _, err := (extractFlags{ExtractKey: file + "x"}).keys(a); err == nil {
		t.Error("a key that is not there was taken")
	}
	a.DatabaseURL = ""
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (extractFlags{}).keys(a); err == nil {
		t.Error("what is no key was taken")
	}
}
