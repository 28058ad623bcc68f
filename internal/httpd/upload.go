package httpd

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// leastRate of an upload on the whole, in bytes a second; it may be behind by one
// pause.
const leastRate = 2000

// upload is a body that may take minutes, as long as it goes on: a photo over a
// weak line. The server's own deadlines for the whole of a request do not hold
// for it.
type upload struct {
	io.ReadCloser
	conn  *http.ResponseController
	stall time.Duration
	// slowest is when the next byte must be there at the least rate, until when all.
	slowest, until time.Time
}

// patient reads a body as Config.Stall allows.
func (s *Server) patient(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	now := time.Now()
	u := &upload{body, http.NewResponseController(w), s.cfg.Stall, now.Add(s.cfg.Stall), now.Add(10 * s.cfg.Stall)}
	// The answer comes after the body. Where there is no connection to speak of,
	// nothing is to be set.
	_ = u.conn.SetWriteDeadline(u.until.Add(s.cfg.Timeout + s.cfg.Stall))
	return u
}

func (u *upload) Read(b []byte) (int, error) {
	next := time.Now().Add(u.stall)
	for _, end := range []time.Time{u.slowest, u.until} {
		if next.After(end) {
			next = end
		}
	}
	_ = u.conn.SetReadDeadline(next)
	n, err := u.ReadCloser.Read(b)
	u.slowest = u.slowest.Add(time.Duration(n) * time.Second / leastRate)
	if errors.Is(err, io.EOF) {
		// From here on the server reads only to notice that the client is gone.
		_ = u.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
