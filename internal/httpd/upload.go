package httpd

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// upload is a body that may take minutes, as long as it goes on: a photo over a
// weak line. The server's own deadlines for the whole of a request do not hold
// for it.
type upload struct {
	io.ReadCloser
	conn  *http.ResponseController
	stall time.Duration
	until time.Time
}

// patient reads a body as Config.Stall allows.
func (s *Server) patient(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	u := &upload{body, http.NewResponseController(w), s.cfg.Stall, time.Now().Add(10 * s.cfg.Stall)}
	// The answer comes after the body. Where there is no connection to speak of,
	// nothing is to be set.
	_ = u.conn.SetWriteDeadline(u.until.Add(s.cfg.Timeout + s.cfg.Stall))
	return u
}

func (u *upload) Read(b []byte) (int, error) {
	next := time.Now().Add(u.stall)
	if next.After(u.until) {
		next = u.until
	}
	_ = u.conn.SetReadDeadline(next)
	n, err := u.ReadCloser.Read(b)
	if errors.Is(err, io.EOF) {
		// From here on the server reads only to notice that the client is gone.
		_ = u.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
