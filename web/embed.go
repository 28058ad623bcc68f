// Package web holds the files of the public web map and the user guides,
// embedded in the program so that one binary serves everything.
package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed docs
var docs embed.FS

// ErrNotBuilt says that the program was compiled before `npm run build` had
// written the web map.
var ErrNotBuilt = errors.New("the web map is not in this program: run `npm ci && npm run build` in web/, then compile again")

// Dist returns the built web map: index.html, icon.svg, sw.js and assets/. Every file
// below assets/ carries a hash of its content in its name, so it may be cached
// for ever; the others may not. The error is ErrNotBuilt when there is none.
func Dist() (fs.FS, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("opening the embedded web map: %w", err)
	}
	if _, err := fs.Stat(sub, "index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return sub, nil
}

// Docs returns the user guides: index.md, and a folder for each language with
// Markdown files.
func Docs() (fs.FS, error) {
	sub, err := fs.Sub(docs, "docs")
	if err != nil {
		return nil, fmt.Errorf("opening the embedded guides: %w", err)
	}
	return sub, nil
}
