package postgis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// position is what a plan.Position holds: which database, which catalogue, and
// which transactions have been seen.
type position struct {
	database string // system identifier, database and timeline
	life     int64  // another number after each recovery from a crash
	catalog  int64
	snapshot string // pg_snapshot
	at       time.Time
}

func (p position) encode() plan.Position {
	return plan.Position(fmt.Sprintf("%s/%d/%d/%s", p.database, p.life, p.catalog, p.snapshot))
}

func decodePosition(at plan.Position) (p position, err error) {
	part := strings.Split(string(at), "/")
	if len(part) != 4 {
		return p, fmt.Errorf("position %q: %w", at, plan.ErrReload)
	}
	p.database, p.snapshot = part[0], part[3]
	var errLife, errCatalog error
	p.life, errLife = strconv.ParseInt(part[1], 10, 64)
	p.catalog, errCatalog = strconv.ParseInt(part[2], 10, 64)
	if errLife != nil || errCatalog != nil {
		return p, fmt.Errorf("position %q: %w", at, plan.ErrReload)
	}
	return p, nil
}

// current reads the position of the transaction's own snapshot.
func (p *position) current(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, sqlPosition).Scan(&p.database, &p.life, &p.catalog, &p.snapshot, &p.at); err != nil {
		return fmt.Errorf("read the present position: %w", err)
	}
	return nil
}

// reloadAbove is the number of changes from which loading everything is
// cheaper than applying them one by one.
const reloadAbove = 20_000

// Since returns what became visible after a position: see plan.Delta. It
// returns plan.ErrReload where the feed cannot go on from there.
func (s *Store) Since(ctx context.Context, at plan.Position, cat *plan.Catalog) (plan.Delta, error) {
	from, err := decodePosition(at)
	if err != nil {
		return plan.Delta{}, err
	}
	var d plan.Delta
	err = s.view(ctx, s.feed, func(tx pgx.Tx) error {
		d = plan.Delta{}
		var now position
		if err := now.current(ctx, tx); err != nil {
			return err
		}
		if err := continues(ctx, tx, from, now, cat); err != nil {
			return err
		}
		d.Position = now.encode()
		if d.Changes, err = changes(ctx, tx, from.snapshot); err != nil {
			return err
		}
		d.Features, err = changedFeatures(ctx, tx, d.Changes, cat)
		return err
	})
	return d, err
}

func continues(ctx context.Context, tx pgx.Tx, from, now position, cat *plan.Catalog) error {
	if from.database != now.database || from.life != now.life {
		return fmt.Errorf("this is another database, or it was restored, promoted or recovered from a crash: %w", plan.ErrReload)
	}
	// The reader's catalogue may be older than its position: a declaration can
	// be applied between reading the one and loading at the other.
	if from.catalog != now.catalog || (cat.Version() != 0 && cat.Version() != catalogVersion(now.catalog)) {
		return fmt.Errorf("the catalogue has changed: %w", plan.ErrReload)
	}
	var ok bool
	if err := tx.QueryRow(ctx, sqlContinues, from.snapshot).Scan(&ok); err != nil {
		return fmt.Errorf("compare positions: %w", err)
	}
	if !ok {
		return fmt.Errorf("changes since the position were pruned, or the database was restored: %w", plan.ErrReload)
	}
	return nil
}

func changes(ctx context.Context, tx pgx.Tx, snapshot string) ([]plan.Change, error) {
	rows, err := tx.Query(ctx, sqlSince, snapshot, reloadAbove+1)
	if err != nil {
		return nil, fmt.Errorf("read the change feed: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanChange)
	if err != nil {
		return nil, fmt.Errorf("read the change feed: %w", err)
	}
	if len(all) > reloadAbove {
		return nil, fmt.Errorf("more than %d changes at once: %w", reloadAbove, plan.ErrReload)
	}
	return all, nil
}

func scanChange(row pgx.CollectableRow) (plan.Change, error) {
	var c plan.Change
	var before, after []float64
	err := row.Scan(&c.ID, &c.Layer, &c.Feature, &c.Op, &c.Revision, &before, &after, &c.Actor, &c.At)
	c.Before, c.After = box(before), box(after)
	return c, err
}

// box reads west, south, east, north.
func box(b []float64) *orb.Bound {
	if len(b) != 4 {
		return nil
	}
	return &orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}
}

// changedFeatures reads the present versions of the features named in changes.
func changedFeatures(ctx context.Context, tx pgx.Tx, all []plan.Change, cat *plan.Catalog) (map[string][]*plan.Feature, error) {
	ids := map[string][]int64{}
	seen := map[string]map[int64]bool{}
	for _, c := range all {
		if seen[c.Layer] == nil {
			seen[c.Layer] = map[int64]bool{}
		}
		if !seen[c.Layer][c.Feature] {
			seen[c.Layer][c.Feature] = true
			ids[c.Layer] = append(ids[c.Layer], c.Feature)
		}
	}
	out := make(map[string][]*plan.Feature, len(ids))
	for name, list := range ids {
		layer, ok := cat.Layer(name)
		if !ok {
			return nil, fmt.Errorf("the layer %s is new: %w", name, plan.ErrReload)
		}
		features, err := byIDs(ctx, tx, layer, list)
		if err != nil {
			return nil, fmt.Errorf("read changed features of %s: %w", name, err)
		}
		out[name] = features
	}
	return out, nil
}

func byIDs(ctx context.Context, tx pgx.Tx, layer *plan.Layer, ids []int64) ([]*plan.Feature, error) {
	rows, err := tx.Query(ctx, "select "+featureColumns(layer)+" from "+tableOf(layer).live+" where id = any($1) order by id", binaryFormat, ids)
	if err != nil {
		return nil, err
	}
	return collectFeatures(rows, layer)
}

func collectFeatures(rows pgx.Rows, layer *plan.Layer) ([]*plan.Feature, error) {
	defer rows.Close()
	read := newFeatureReader(layer)
	var out []*plan.Feature
	for rows.Next() {
		f, err := read.read(rows.RawValues())
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// pollEvery is how often the feed is read without a notification: one that
// was lost delays a change by this much and loses nothing.
const pollEvery = 10 * time.Second

// Wait returns when something may have changed: after a notification, after a
// new connection (whose predecessor may have missed some), or after ten
// seconds. Only one caller may wait at a time.
func (s *Store) Wait(ctx context.Context) error {
	return s.listener.wait(ctx, s.connect)
}

// listener holds the connection that listens. Notifications carry no data and
// are only a hint.
type listener struct {
	mu   sync.Mutex
	conn *pgx.Conn
}

func (l *listener) wait(ctx context.Context, connect func(context.Context, session) (*pgx.Conn, error)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return l.listen(ctx, connect)
	}
	timed, cancel := context.WithTimeout(ctx, pollEvery)
	defer cancel()
	if _, err := l.conn.WaitForNotification(timed); err != nil {
		// A connection that says nothing may be dead without knowing it.
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil && l.alive(ctx) {
			return nil
		}
		l.drop()
		return fmt.Errorf("wait for a notification: %w", err)
	}
	return nil
}

func (l *listener) alive(ctx context.Context) bool {
	timed, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return l.conn.Ping(timed) == nil
}

// drop ends the connection without a word: nothing is owed to the server.
func (l *listener) drop() {
	_ = l.conn.PgConn().Conn().Close()
	l.conn = nil
}

func (l *listener) listen(ctx context.Context, connect func(context.Context, session) (*pgx.Conn, error)) error {
	timed, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := connect(timed, feedSession)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(timed, "listen simtaru_change"); err != nil {
		_ = conn.Close(timed)
		return fmt.Errorf("listen: %w", err)
	}
	l.conn = conn
	return nil
}

// close ends the connection; a wait under way ends by its context first.
func (l *listener) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		l.drop()
	}
}
