package postgis

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

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
//
// A recovery from a crash gives ids of transactions again that were rolled back
// just before, and a snapshot from before holds them for ended. So a token says
// when from was taken, and after a recovery what began since then is told, in
// whatever transaction. With a margin for a clock that was set back meanwhile
// some changes may be told twice then; none is left out.
type token struct {
	// database is a fingerprint of position.database, life is position.life.
	database string
	life     int64
	// floor is the first transaction of which everything must still be there.
	floor uint64
	from  snapshot
	// to is empty between backlogs.
	to   snapshot
	last int64
	// fromAt and toAt are when the snapshots were taken, in microseconds of Unix time.
	fromAt, toAt int64
	// recovered says that there was a crash after from.
	recovered bool
}

// clockMargin is by how much the clock may be set back over a crash.
const clockMargin = time.Minute

// snapshot is a pg_snapshot, read.
type snapshot struct {
	text       string
	xmin, xmax uint64
}

// beginning is a snapshot that has seen nothing.
func beginning() snapshot { return snapshot{text: "1:1:", xmin: 1, xmax: 1} }

// after is the token for what comes after the backlog.
func (t token) after() token {
	return token{database: t.database, life: t.life, floor: t.to.xmin, from: t.to, fromAt: t.toAt}
}

// resume is t in the present: with something to read up to.
func (t token) resume(now token) token {
	if t.life != now.life {
		t.life, t.recovered = now.life, true
		t.to, t.last = snapshot{}, 0
	}
	if t.to.text == "" {
		t.to, t.toAt = now.to, now.toAt
	}
	return t
}

// since is from when on changes are told in whatever transaction.
func (t token) since() pgtype.Timestamptz {
	if !t.recovered {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: time.UnixMicro(t.fromAt).Add(-clockMargin), Valid: true}
}

// continues reports whether the feed still has all that t has not seen; now is
// the token of the present.
func (t token) continues(now token) error {
	switch {
	case t.database != now.database:
		return fmt.Errorf("the token is of another database, or it was restored or promoted: %w", plan.ErrReload)
	case t.floor < now.floor:
		return fmt.Errorf("changes since the token were pruned: %w", plan.ErrReload)
	case t.life == now.life && (t.from.xmax > now.to.xmax || t.to.xmax > now.to.xmax):
		return fmt.Errorf("the token is from the future: %w", plan.ErrReload)
	default:
		return nil
	}
}

func (t token) encode() string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	recovered := int64(0)
	if t.recovered {
		recovered = 1
	}
	text := strings.Join([]string{
		"1", t.database, strconv.FormatUint(t.floor, 10), t.from.text, t.to.text, number(t.last),
		number(t.life), number(t.fromAt), number(t.toAt), number(recovered),
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
	if len(part) != 10 || part[0] != "1" {
		return nil, false
	}
	t := &token{database: part[1]}
	var ok [4]bool
	t.floor, ok[0] = parseXID(part[2])
	t.from, ok[1] = parseSnapshot(part[3])
	t.to, ok[2] = parseSnapshot(part[4])
	ok[2] = ok[2] || part[4] == ""
	var numbers [5]int64
	ok[3] = true
	for i := range numbers {
		n, good := parseXID(part[5+i])
		numbers[i] = int64(n)
		// Microseconds up to maxID end in the year 2255.
		ok[3] = ok[3] && good && n <= maxID
	}
	t.last, t.life, t.fromAt, t.toAt, t.recovered = numbers[0], numbers[1], numbers[2], numbers[3], numbers[4] == 1
	return t, ok == [4]bool{true, true, true, true} && numbers[4] <= 1
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
