package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	extractapi "github.com/simtaru/simtaru/internal/extract/api"
	"github.com/simtaru/simtaru/internal/plan"
)

// extractFlags say by which key extracts are signed.
type extractFlags struct {
	ExtractKey string `name:"extract-key" env:"SIMTARU_EXTRACT_KEY" type:"path" placeholder:"FILE" help:"Ed25519 key that extracts are signed with, PEM. By default extract-key.pem in the data directory, which is made there, or none with --database-url."`
}

// keys reads the key of extracts. With the own PostgreSQL, which one server
// alone runs, it is made where it is not there yet; several servers on one
// database must be given the same. nil: extracts are not signed.
func (f extractFlags) keys(a *app) (*extractapi.Keys, error) {
	path := f.ExtractKey
	if path == "" {
		if a.DatabaseURL != "" {
			a.log.Warn("extracts are not signed: there is no --extract-key")
			return nil, nil
		}
		path = filepath.Join(a.Data, "extract-key.pem")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			if err := makeKey(path); err != nil {
				return nil, errExtractKey(path, err)
			}
			a.log.Info("a key for extracts was made; keep a copy of it elsewhere", "file", path)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errExtractKey(path, err)
	}
	keys, err := extractapi.ReadKeys(text)
	if err != nil {
		return nil, errExtractKey(path, err)
	}
	return keys, nil
}

func makeKey(path string) error {
	text, err := extractapi.NewKey()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func errExtractKey(path string, cause error) error {
	return &plan.Error{Kind: plan.Invalid, Code: "extract-key", At: path, Cause: cause, Message: plan.Text{
		ID: "kunci kutipan tidak dapat dibaca; buat dengan: openssl genpkey -algorithm ed25519 -out BERKAS",
		EN: "the key of extracts cannot be read; make one with: openssl genpkey -algorithm ed25519 -out FILE",
	}}
}
