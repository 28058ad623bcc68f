package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// Limits of plans that wait to be made, and that are kept.
const (
	mostWaiting = 10
	mostPlans   = 200
)

// AddEvacuation takes a wish for a plan into the queue.
func (s *Store) AddEvacuation(ctx context.Context, e plan.Evacuation) error {
	var waiting, kept int
	var made bool
	err := s.change(ctx, s.edit, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sqlAddEvacuation, e.ID, e.Title, e.By, []byte(e.Asked), mostWaiting, mostPlans).Scan(&waiting, &kept, &made)
	})
	switch {
	case err != nil:
		return fmt.Errorf("add an evacuation plan: %w", err)
	case made:
		return nil
	case kept >= mostPlans:
		return &plan.Error{Kind: plan.Conflict, Code: "too-many-plans", Message: plan.Text{
			ID: fmt.Sprintf("Sudah ada %d rencana evakuasi. Hapus yang tidak dipakai.", kept), EN: fmt.Sprintf("There are %d evacuation plans. Delete those that are not needed.", kept),
		}}
	}
	return &plan.Error{Kind: plan.Conflict, Code: "queue-full", Message: plan.Text{
		ID: fmt.Sprintf("%d rencana evakuasi masih menunggu giliran. Coba lagi nanti.", waiting), EN: fmt.Sprintf("%d evacuation plans are waiting for their turn. Try again later.", waiting),
	}}
}

// Evacuation returns the plan with an id, a UUID; false where there is none.
func (s *Store) Evacuation(ctx context.Context, id string) (e plan.Evacuation, found bool, err error) {
	err = s.view(ctx, s.read, func(tx pgx.Tx) (err error) {
		e, err = scanEvacuation(tx.QueryRow(ctx, sqlEvacuation, id))
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("read an evacuation plan: %w", err)
	}
	return e, true, nil
}

// Evacuations returns all plans, the newest first; of what they come to only sums.
func (s *Store) Evacuations(ctx context.Context) (all []plan.Evacuation, err error) {
	all, err = listed(ctx, s, sqlEvacuations, func(row pgx.CollectableRow) (plan.Evacuation, error) { return scanEvacuation(row) })
	if err != nil {
		return nil, fmt.Errorf("list evacuation plans: %w", err)
	}
	return all, nil
}

// listed reads rows in a view.
func listed[T any](ctx context.Context, s *Store, sql string, read func(pgx.CollectableRow) (T, error), args ...any) (all []T, err error) {
	err = s.view(ctx, s.read, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, read)
		return err
	})
	return all, err
}

func scanEvacuation(row pgx.Row) (e plan.Evacuation, err error) {
	var asked, progress, outcome, problem []byte
	err = row.Scan(&e.ID, &e.Title, &e.By, &asked, &e.AskedAt, &e.StartedAt, &e.EndedAt, &e.Status, &e.Cancelling, &progress,
		&e.GraphVersion, &e.ClosuresAsOf, &e.HazardsFrom, &outcome, &problem)
	if err != nil {
		return e, err
	}
	e.Asked, e.Outcome, e.AskedAt = asked, outcome, e.AskedAt.UTC()
	for _, t := range []*time.Time{e.StartedAt, e.EndedAt, e.ClosuresAsOf} {
		if t != nil {
			*t = t.UTC()
		}
	}
	if problem != nil {
		if err := json.Unmarshal(problem, &e.Problem); err != nil {
			return e, err
		}
	}
	return e, json.Unmarshal(progress, &e.Progress)
}

// DropEvacuation asks a plan that is being made to end, and removes any other. It
// returns the status that it had; empty: there is none.
func (s *Store) DropEvacuation(ctx context.Context, id string) (was plan.EvacuationStatus, err error) {
	err = s.change(ctx, s.edit, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlDropEvacuation, id).Scan(&was) })
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("drop an evacuation plan: %w", err)
	}
	return was, nil
}

// lockPlanner is the advisory lock of who makes plans of evacuation.
const lockPlanner = 0x73696d74617065 // "simtape"

// How often a server asks whether it may make plans, and whether it still may.
const (
	plannerWait = 3 * time.Second
	plannerPing = time.Second
)

// WhilePlanner runs work while no other server of this database makes plans. What
// was being made by one that is gone is marked as failed first. It returns when
// work does, or when the lock is lost.
func (s *Store) WhilePlanner(ctx context.Context, work func(context.Context) error) error {
	conn, err := s.connect(ctx, adminSession)
	if err != nil {
		return err
	}
	defer func() { conn.Close(context.WithoutCancel(ctx)) }()
	for mine := false; !mine; {
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", int64(lockPlanner)).Scan(&mine); err != nil {
			return fmt.Errorf("wait to make evacuation plans: %w", err)
		}
		if !mine {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(plannerWait):
			}
		}
	}
	interrupted, err := json.Marshal(plan.EvacuationProblem{Code: "interrupted", Detail: plan.Text{
		ID: "Layanan berhenti saat rencana ini sedang dibuat. Mintalah lagi.", EN: "The service stopped while this plan was being made. Ask for it again.",
	}})
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, sqlInterruptEvacuations, interrupted); err != nil {
		return fmt.Errorf("mark interrupted evacuation plans: %w", err)
	}
	working, end := context.WithCancel(ctx)
	defer end()
	done := make(chan error, 1)
	go func() { done <- work(working) }()
	every := time.NewTicker(plannerPing)
	defer every.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-every.C:
		}
		if s.stillPlanner(ctx, &conn) {
			continue
		}
		end()
		<-done
		return errors.New("another server makes evacuation plans")
	}
}

// stillPlanner reports whether no other server has the lock. Where the connection
// is lost, as by a restart of the database, it takes the lock again by another;
// while the database is away nobody else can have it.
func (s *Store) stillPlanner(ctx context.Context, conn **pgx.Conn) bool {
	asked, cancel := context.WithTimeout(ctx, plannerPing)
	defer cancel()
	if (*conn).Ping(asked) == nil {
		return true
	}
	fresh, err := s.connect(asked, adminSession)
	if err != nil {
		return true
	}
	(*conn).Close(asked)
	*conn = fresh
	var mine bool
	err = fresh.QueryRow(asked, "select pg_try_advisory_lock($1)", int64(lockPlanner)).Scan(&mine)
	return err != nil || mine
}

// ClaimEvacuation begins the plan that has waited longest; false: none waits.
func (s *Store) ClaimEvacuation(ctx context.Context) (e plan.Evacuation, found bool, err error) {
	err = s.change(ctx, s.edit, func(tx pgx.Tx) (err error) {
		e, err = scanEvacuation(tx.QueryRow(ctx, sqlClaimEvacuation))
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("begin an evacuation plan: %w", err)
	}
	return e, true, nil
}

// BeatEvacuation tells how far a plan is, and returns whether it shall end.
func (s *Store) BeatEvacuation(ctx context.Context, id string, p plan.EvacuationProgress) (end bool, err error) {
	text, err := json.Marshal(p)
	if err != nil {
		return false, err
	}
	err = s.change(ctx, s.edit, func(tx pgx.Tx) error { return tx.QueryRow(ctx, sqlBeatEvacuation, id, text).Scan(&end) })
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("tell how far an evacuation plan is: %w", err)
	}
	return end, nil
}

// EndEvacuation keeps what a plan has come to, all or nothing. One that is not
// being made any more is left as it is.
func (s *Store) EndEvacuation(ctx context.Context, e plan.Evacuation, flows []plan.EvacuationFlow, groups []plan.EvacuationGroup) error {
	progress, err := json.Marshal(e.Progress)
	if err != nil {
		return err
	}
	var problem []byte
	if e.Problem != nil {
		if problem, err = json.Marshal(e.Problem); err != nil {
			return err
		}
	}
	err = s.change(ctx, s.edit, func(tx pgx.Tx) error {
		var id string
		err := tx.QueryRow(ctx, sqlEndEvacuation, e.ID, e.Status, progress, e.GraphVersion, e.ClosuresAsOf, e.HazardsFrom, []byte(e.Outcome), problem).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := copyFlows(ctx, tx, e.ID, flows); err != nil {
			return err
		}
		return copyGroups(ctx, tx, e.ID, groups)
	})
	if err != nil {
		return fmt.Errorf("keep an evacuation plan: %w", err)
	}
	return nil
}

func copyFlows(ctx context.Context, tx pgx.Tx, id string, flows []plan.EvacuationFlow) error {
	columns := []string{"plan", "kind", "name", "layer", "feature", "people", "peak", "peak_minute", "capacity", "saturated", "first_minute", "last_minute", "per_minute", "geom"}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"simtaru", "evacuation_flow"}, columns, pgx.CopyFromSlice(len(flows), func(i int) ([]any, error) {
		f := &flows[i]
		line, err := geo.EncodeEWKB(nil, f.Line, 4326)
		return []any{id, f.Kind, f.Name, f.Layer, f.Feature, f.People, f.Peak, f.PeakAt, f.Capacity, f.Saturated, f.First, f.Last, f.PerMinute, line}, err
	}))
	return err
}

func copyGroups(ctx context.Context, tx pgx.Tx, id string, groups []plan.EvacuationGroup) error {
	columns := []string{"plan", "area_code", "area", "people", "shelter_id", "shelter_name", "why", "leave_first", "leave_last", "arrive_first", "arrive_last", "minutes", "waiting", "metres", "way", "geom"}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"simtaru", "evacuation_group"}, columns, pgx.CopyFromSlice(len(groups), func(i int) ([]any, error) {
		g := &groups[i]
		at, err := geo.EncodeEWKB(nil, g.At, 4326)
		row := []any{id, g.AreaCode, g.Area, g.People, nil, g.ShelterName, g.Why, nil, nil, nil, nil, nil, nil, nil, g.Way, at}
		if g.Why == "" {
			copy(row[4:], []any{g.Shelter})
			copy(row[7:], []any{g.LeaveFirst, g.LeaveLast, g.ArriveFirst, g.ArriveEnd, g.Minutes, g.Waiting, g.Metres})
		}
		return row, err
	}))
	return err
}

// EvacuationFlows are those of a plan.
func (s *Store) EvacuationFlows(ctx context.Context, id string) ([]plan.EvacuationFlow, error) {
	all, err := listed(ctx, s, sqlEvacuationFlows, func(row pgx.CollectableRow) (f plan.EvacuationFlow, err error) {
		var g []byte
		if err := row.Scan(&f.Kind, &f.Name, &f.Layer, &f.Feature, &f.People, &f.Peak, &f.PeakAt, &f.Capacity, &f.Saturated, &f.First, &f.Last, &f.PerMinute, &g); err != nil {
			return f, err
		}
		f.Line, err = decoded[orb.LineString](g)
		return f, err
	}, id)
	if err != nil {
		return nil, fmt.Errorf("read the flows of an evacuation plan: %w", err)
	}
	return all, nil
}

// EvacuationGroups are those of a plan.
func (s *Store) EvacuationGroups(ctx context.Context, id string) ([]plan.EvacuationGroup, error) {
	all, err := listed(ctx, s, sqlEvacuationGroups, func(row pgx.CollectableRow) (g plan.EvacuationGroup, err error) {
		var at []byte
		if err := row.Scan(&g.AreaCode, &g.Area, &g.People, &g.Shelter, &g.ShelterName, &g.Why, &g.LeaveFirst, &g.LeaveLast, &g.ArriveFirst, &g.ArriveEnd,
			&g.Minutes, &g.Waiting, &g.Metres, &g.Way, &at); err != nil {
			return g, err
		}
		g.At, err = decoded[orb.Point](at)
		return g, err
	}, id)
	if err != nil {
		return nil, fmt.Errorf("read the groups of an evacuation plan: %w", err)
	}
	return all, nil
}

func decoded[T orb.Geometry](ewkb []byte) (g T, err error) {
	any, _, err := geo.DecodeEWKB(ewkb, geo.Limits{})
	if err != nil {
		return g, err
	}
	g, ok := any.(T)
	if !ok {
		return g, fmt.Errorf("a %T where a %T should be", any, g)
	}
	return g, nil
}
