package httpd

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/simtaru/simtaru/internal/rest"
)

// files are the files of the web map, read once: a few megabytes that are part
// of the program anyway.
type files struct {
	byPath map[string]file
}

// file is one file, and its gzipped form where the build made one.
type file struct {
	kind       string
	data, gzip []byte
	etag       string
}

// newFiles reads everything below web. nil is no web map: an API alone.
func newFiles(web fs.FS) (*files, error) {
	f := &files{byPath: map[string]file{}}
	if web == nil {
		return f, nil
	}
	err := fs.WalkDir(web, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := fs.ReadFile(web, name)
		if err != nil {
			return err
		}
		if plainName, ok := strings.CutSuffix(name, ".gz"); ok {
			if _, err := fs.Stat(web, plainName); err == nil {
				x := f.byPath["/"+plainName]
				x.gzip = data
				f.byPath["/"+plainName] = x
				return nil
			}
		}
		x := f.byPath["/"+name]
		x.kind, x.data, x.etag = kindOf(name), data, rest.ETagOf(data)
		f.byPath["/"+name] = x
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web map: %w", err)
	}
	index, ok := f.byPath["/index.html"]
	if !ok {
		return nil, errors.New("web map: there is no index.html")
	}
	delete(f.byPath, "/index.html")
	f.byPath["/"] = index
	return f, nil
}

// kindOf is the media type by extension: ours first, since the system's list
// differs from machine to machine.
func kindOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm"
	case ".pbf":
		return "application/x-protobuf"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

// patterns are the routes of the files: the top by name, folders as a whole.
func (f *files) patterns() []string {
	seen := map[string]bool{}
	var out []string
	for p := range f.byPath {
		if dir, _, deep := strings.Cut(strings.TrimPrefix(p, "/"), "/"); deep {
			p = "/" + dir + "/*"
		}
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// forever is for files whose name holds the hash of their content.
const forever = "public, max-age=31536000, immutable"

// serve answers with a file. Parameters are let be: a file has none, and links
// from elsewhere carry some (utm_source and the like).
func (f *files) serve(w http.ResponseWriter, r *http.Request) error {
	x, ok := f.byPath[r.URL.Path]
	if !ok {
		return rest.NoRoute()
	}
	b := rest.Body{Type: x.kind, Data: x.data, ETag: x.etag, Cache: rest.Revalidate}
	switch {
	case strings.HasPrefix(x.kind, "text/html"):
		pageHeaders(w.Header(), mapPolicy)
		b.Cache = "no-cache"
	case strings.HasPrefix(r.URL.Path, "/assets/"):
		b.Cache = forever
	}
	if strings.HasPrefix(x.kind, "text/javascript") {
		w.Header().Set("Content-Security-Policy", scriptPolicy)
	}
	if x.gzip != nil {
		rest.AddVary(w.Header(), "Accept-Encoding")
		if rest.AcceptsGzip(r.Header) {
			w.Header().Set("Content-Encoding", "gzip")
			b.Data, b.ETag = x.gzip, strings.TrimSuffix(x.etag, `"`)+rest.GzipSuffix+`"`
		}
	}
	return rest.Write(w, r, b)
}
