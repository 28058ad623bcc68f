package rest

import "net/http"

// Resource is what answers at one pattern.
type Resource struct {
	// Methods are the handlers; GET answers HEAD as well, and OPTIONS is
	// answered for all of them.
	Methods map[string]HandlerFunc
	// MaxBody is the largest body that is read, in bytes; 0 is the server's own
	// limit. It holds for what is sent and, where that is compressed, for what
	// comes of it.
	MaxBody int64
	// Upload tells that a body may take minutes to arrive: it is read as long as it
	// goes on, and the handler bounds its work itself.
	Upload bool
	// Allow lists the methods that whoever asks may use, for OPTIONS, and may set
	// further headers; nil: all.
	Allow func(http.Header, *http.Request) ([]string, error)
}
