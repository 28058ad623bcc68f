package auth

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/rest"
)

// maxBody in bytes; the largest body is that of a token for a hundred layers.
const maxBody = 16 << 10

// readJSON reads the body, which is small here.
func readJSON(r *http.Request, dst any) error { return rest.ReadJSON(r, maxBody, dst) }
