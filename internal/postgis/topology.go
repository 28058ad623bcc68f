package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/simtaru/simtaru/internal/plan"
)

// TopologyDue is a layer whose topology waits for a check of the whole.
type TopologyDue struct {
	Layer string
	// Actor is who asked for it last; the issues that it finds are signed so.
	Actor string
	// Reason is for the log.
	Reason string
}

// TopologyCount sums up the issues of one kind that a layer has.
type TopologyCount struct {
	Kind   string
	Issues int
	// AreaM2 is that of the issues whose area is known; Unknown counts the others.
	AreaM2  float64
	Unknown int
	// Message is of one issue, where the kind is what could not be checked: of
	// all issues that were left off, if any were. Else it is empty.
	Message plan.Text
}

// TopologyProgress tells how far a check has come, in portions of about equal
// work.
type TopologyProgress struct{ Done, Total int }

// checkSession scans for as long as a layer needs; each statement of it is a
// portion that takes a second or so.
var checkSession = session{name: "check", statement: 10 * time.Minute, lock: time.Minute}

// scans is how often a layer is scanned before the check gives up because too
// much changes meanwhile.
const scans = 3

// errMoved says that a layer has changed too much since it was scanned.
var errMoved = errors.New("the layer has changed too much during the check")

// TopologyDue lists the layers that wait for CheckTopology, the one that has
// waited longest first.
func (s *Store) TopologyDue(ctx context.Context) ([]TopologyDue, error) {
	due, err := listAll(ctx, s, s.edit, pgx.RowToStructByPos[TopologyDue], sqlTopologyDue)
	if err != nil {
		return nil, fmt.Errorf("list the layers to be checked: %w", err)
	}
	return due, nil
}

// TopologyIssues sums up the known issues of a layer.
func (s *Store) TopologyIssues(ctx context.Context, layer *plan.Layer) ([]TopologyCount, error) {
	counts, err := listAll(ctx, s, s.edit, func(row pgx.CollectableRow) (c TopologyCount, err error) {
		err = row.Scan(&c.Kind, &c.Issues, &c.AreaM2, &c.Unknown, &c.Message.ID, &c.Message.EN)
		return c, err
	}, sqlTopologyCounts, layer.ID)
	if err != nil {
		return nil, fmt.Errorf("count the issues of %s: %w", layer.ID, err)
	}
	return counts, nil
}

// CheckTopology finds the issues of a layer that declares a topology, the first
// 10,000 of them; how many are left off is an issue of its own. It scans one
// snapshot while editors go on working, then writes what is different and
// catches up with what they did. Progress may be nil. Ending ctx stops it
// between two portions; nothing has changed then.
func (s *Store) CheckTopology(ctx context.Context, layer *plan.Layer, actor string, progress func(TopologyProgress)) error {
	if progress == nil {
		progress = func(TopologyProgress) {}
	}
	conn, err := s.connect(ctx, checkSession)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for range scans {
		scan := topologyScan{layer: layer, progress: progress}
		read := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		if err = pgx.BeginTxFunc(ctx, conn, read, func(tx pgx.Tx) error { return scan.run(ctx, tx) }); err == nil {
			err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return scan.apply(ctx, tx, actor) })
		}
		if !errors.Is(err, errMoved) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("check the topology of %s: %w", layer.ID, err)
	}
	return nil
}

// topologyScan is what one snapshot holds. Geometries stay in PostGIS's own
// binary form: Go only carries them from one statement to another.
type topologyScan struct {
	layer    *plan.Layer
	progress func(TopologyProgress)
	at       TopologyProgress
	snapshot string
	// most is how many issues are kept, leftOff counts others; enough says that
	// there are so many that the rest was not counted.
	most, leftOff int
	enough        bool
	found         found
	uncovered     [][]byte
}

// found are overlaps, parts outside, and cells that could not be looked at, column
// by column.
type found struct {
	kind []string
	a, b []int64
	geom [][]byte
	area []*float64
	// why, in JSON, is null of what could be computed.
	why []*string
}

// counted is how often the number of issues that are kept is counted before the
// scan is content that there are more.
const counted = 10

func (s *topologyScan) run(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, sqlTopologyScan).Scan(&s.snapshot, &s.most); err != nil {
		return fmt.Errorf("read the snapshot: %w", err)
	}
	ends, err := s.portions(ctx, tx)
	if err != nil {
		return err
	}
	cells, err := s.cells(ctx, tx)
	if err != nil {
		return err
	}
	t := s.layer.Topology
	s.at.Total = len(cells)
	if t.Coverage || t.NoOverlap {
		s.at.Total += len(ends)
	}
	if t.Within != "" {
		s.at.Total += len(ends)
	}
	s.progress(s.at)
	from := int64(0)
	for _, to := range ends {
		if t.Coverage || t.NoOverlap {
			if err := s.collect(ctx, tx, "overlap", sqlTopologyOverlaps, from, to); err != nil {
				return fmt.Errorf("look for overlaps: %w", err)
			}
		}
		if t.Within != "" {
			if err := s.collect(ctx, tx, "outside", sqlTopologyOutside, from, to); err != nil {
				return fmt.Errorf("look for parts outside: %w", err)
			}
		}
		from = to
	}
	for _, cell := range cells {
		var piece []byte
		var why *string
		if err := tx.QueryRow(ctx, sqlTopologyCell, s.layer.ID, cell).Scan(&piece, &why); err != nil {
			return fmt.Errorf("look for gaps: %w", err)
		}
		if piece != nil {
			s.uncovered = append(s.uncovered, piece)
		}
		if why != nil {
			s.keep("unchecked", 0, 0, cell, nil, why)
		}
		s.step()
	}
	return nil
}

func (s *topologyScan) step() {
	s.at.Done++
	s.progress(s.at)
}

// portions returns the last id of each thousand features.
func (s *topologyScan) portions(ctx context.Context, tx pgx.Tx) ([]int64, error) {
	rows, err := tx.Query(ctx, "select max(id) from (select id, (row_number() over (order by id) - 1) / 1000 as n from "+
		tableOf(s.layer).live+") f group by n order by n")
	if err != nil {
		return nil, fmt.Errorf("divide the features: %w", err)
	}
	ends, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("divide the features: %w", err)
	}
	return ends, nil
}

// cells divides what a coverage should cover.
func (s *topologyScan) cells(ctx context.Context, tx pgx.Tx) ([][]byte, error) {
	if !s.layer.Topology.Coverage {
		return nil, nil
	}
	rows, err := tx.Query(ctx, sqlTopologyCells, s.layer.ID)
	if err != nil {
		return nil, fmt.Errorf("divide the area: %w", err)
	}
	cells, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, fmt.Errorf("divide the area: %w", err)
	}
	return cells, nil
}

func (s *topologyScan) collect(ctx context.Context, tx pgx.Tx, kind, sql string, from, to int64) error {
	defer s.step()
	room := counted*s.most - len(s.found.kind) - s.leftOff
	if room <= 0 {
		return nil
	}
	rows, err := tx.Query(ctx, sql, s.layer.ID, from, to, room)
	if err != nil {
		return err
	}
	var a, b int64
	var geom []byte
	var area *float64
	var why *string
	_, err = pgx.ForEachRow(rows, []any{&a, &b, &geom, &area, &why}, func() error {
		s.keep(kind, a, b, geom, area, why)
		geom, area, why = nil, nil, nil
		room--
		return nil
	})
	s.enough = s.enough || room == 0
	return err
}

func (s *topologyScan) keep(kind string, a, b int64, geom []byte, area *float64, why *string) {
	if len(s.found.kind) >= s.most {
		s.leftOff++
		return
	}
	f := &s.found
	f.kind, f.a, f.b = append(f.kind, kind), append(f.a, a), append(f.b, b)
	f.geom, f.area, f.why = append(f.geom, geom), append(f.area, area), append(f.why, why)
}

// apply writes what was found and is not known, and takes away what is known
// and was not found.
func (s *topologyScan) apply(ctx context.Context, tx pgx.Tx, actor string) error {
	if _, err := tx.Exec(ctx, "select set_config('simtaru.actor', $1, true)", actor); err != nil {
		return fmt.Errorf("name the actor: %w", err)
	}
	var applied bool
	err := tx.QueryRow(ctx, sqlTopologyApply, s.layer.ID, s.snapshot,
		s.found.kind, s.found.a, s.found.b, s.found.geom, s.found.area, s.found.why,
		s.uncovered, s.leftOff, s.enough).Scan(&applied)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && pg.Code == "SU500" || err == nil && !applied:
		return errMoved
	case err != nil:
		return fmt.Errorf("write the issues: %w", err)
	}
	return nil
}
