package postgis

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/simtaru/simtaru/internal/plan"
)

// token is how far a follower of the change feed has come: the text behind a
// ChangesQuery.Since.
//
// What is still to be read are the changes that the snapshot to sees and the
// snapshot from did not. While that backlog is paged through, both stay as they
// are and last is the largest id that was told: within one difference of
// snapshots nothing is added any more, so ids are an order there, as they are
// not for the feed as a whole. At its end to becomes the next from.
type token struct {
	// database is a fingerprint of position.system.
	database string
	// floor is the first transaction of which everything must still be there.
	floor uint64
	from  snapshot
	// to is empty between backlogs.
	to   snapshot
	last int64
}

// snapshot is a pg_snapshot, read.
type snapshot struct {
	text       string
	xmin, xmax uint64
}

// beginning is a snapshot that has seen nothing.
func beginning() snapshot { return snapshot{text: "1:1:", xmin: 1, xmax: 1} }

// after is the token for what comes after the backlog.
func (t token) after() token {
	return token{database: t.database, floor: t.to.xmin, from: t.to}
}

// continues reports whether the feed still has all that t has not seen; now is
// the token of the present.
func (t token) continues(now token) error {
	switch {
	case t.database != now.database:
		return fmt.Errorf("the token is of another database, or it was restored, promoted or recovered from a crash: %w", plan.ErrReload)
	case t.floor < now.floor:
		return fmt.Errorf("changes since the token were pruned: %w", plan.ErrReload)
	case t.from.xmax > now.to.xmax || t.to.xmax > now.to.xmax:
		return fmt.Errorf("the token is from the future: %w", plan.ErrReload)
	default:
		return nil
	}
}

func (t token) encode() string {
	text := strings.Join([]string{
		"1", t.database, strconv.FormatUint(t.floor, 10), t.from.text, t.to.text, strconv.FormatInt(t.last, 10),
	}, "/")
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// decodeToken reads a token strictly: what it lets pass PostgreSQL can read.
func decodeToken(s string) (*token, bool) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, false
	}
	part := strings.Split(string(text), "/")
	if len(part) != 6 || part[0] != "1" {
		return nil, false
	}
	t := &token{database: part[1]}
	var ok [4]bool
	t.floor, ok[0] = parseXID(part[2])
	t.from, ok[1] = parseSnapshot(part[3])
	t.to, ok[2] = parseSnapshot(part[4])
	ok[2] = ok[2] || part[4] == ""
	last, good := parseXID(part[5])
	t.last, ok[3] = int64(last), good && last <= maxID
	return t, ok == [4]bool{true, true, true, true}
}

// parseSnapshot reads xmin:xmax:xip,xip as pg_snapshot_in does it.
func parseSnapshot(text string) (snapshot, bool) {
	part := strings.Split(text, ":")
	if len(part) != 3 {
		return snapshot{}, false
	}
	xmin, ok1 := parseXID(part[0])
	xmax, ok2 := parseXID(part[1])
	if !ok1 || !ok2 || xmin == 0 || xmax < xmin {
		return snapshot{}, false
	}
	s := snapshot{text: text, xmin: xmin, xmax: xmax}
	if part[2] == "" {
		return s, true
	}
	last := xmin
	for x := range strings.SplitSeq(part[2], ",") {
		xid, ok := parseXID(x)
		if !ok || xid < last || xid >= xmax {
			return snapshot{}, false
		}
		last = xid
	}
	return s, true
}

// parseXID reads a transaction id in its only spelling.
func parseXID(s string) (uint64, bool) {
	x, err := strconv.ParseUint(s, 10, 63)
	return x, err == nil && strconv.FormatUint(x, 10) == s
}

// fingerprint shortens what identifies a database, which strangers need not
// know.
func fingerprint(system string) string {
	sum := sha256.Sum256([]byte(system))
	return hex.EncodeToString(sum[:8])
}
