package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// Commit carries out edits in one transaction as the actor, all or none, and
// returns what became of each, in their order. What refuses them comes back as
// *plan.Faults, which names every edit at fault, or as a *plan.Error where it
// is the fault of none.
//
// The statements go to the server in one batch, one for each edit, and a
// revision that must be met is a condition of the statement itself. Only when
// that fails is everything run again with a savepoint around each edit, to find
// all faults instead of the first. An edit that waits for a lock longer than
// the session allows is a Conflict.
//
// A commit whose connection dies is looked up afterwards; where even that fails
// the error has the code outcome-unknown.
func (s *Store) Commit(ctx context.Context, actor plan.Actor, edits []plan.Edit, once plan.Once) ([]plan.Edited, error) {
	switch {
	case actor.Anonymous():
		return nil, &plan.Error{Kind: plan.Unauthenticated, Code: "login-required", Message: plan.Text{
			ID: "Masuk dahulu untuk menyunting.", EN: "Log in before you edit.",
		}}
	case len(edits) > plan.MostEdits:
		return nil, &plan.Error{Kind: plan.TooLarge, Code: "too-many-edits", Message: plan.Text{
			ID: fmt.Sprintf("Terlalu banyak suntingan: %d, paling banyak %d dalam satu permintaan.", len(edits), plan.MostEdits),
			EN: fmt.Sprintf("Too many edits: %d, at most %d go into one request.", len(edits), plan.MostEdits),
		}}
	}
	// The catalogue may turn out to be old once, hardly ever twice.
	for range 3 {
		done, err := s.commitOnce(ctx, actor, edits, once)
		if !errors.Is(err, errOldCatalogue) {
			return done, err
		}
		s.declared.Store(nil)
	}
	return nil, &plan.Error{Kind: plan.Unavailable, Code: "catalogue-changing", Message: plan.Text{
		ID: "Deklarasi layer sedang diubah. Coba lagi sebentar lagi.",
		EN: "The declarations of the layers are being changed. Try again shortly.",
	}}
}

// errOldCatalogue says that the declarations have changed since they were read.
var errOldCatalogue = errors.New("the catalogue has changed")

func (s *Store) commitOnce(ctx context.Context, actor plan.Actor, edits []plan.Edit, once plan.Once) ([]plan.Edited, error) {
	cat := s.declared.Load()
	if cat == nil {
		var err error
		if cat, err = s.Catalog(ctx); err != nil {
			return nil, err
		}
		s.declared.Store(cat)
	}
	c := &committing{store: s, actor: actor, once: once, edits: edits, cat: cat}
	if c.compile(); c.hopeless {
		return nil, c.run(ctx, c.oneByOne)
	}
	err := c.run(ctx, c.together)
	if of := new(editError); errors.As(err, &of) {
		e := refusalOf(of.err)
		switch {
		case e == nil: // not about the edit
			return nil, explain(of.err)
		case e.Kind == plan.Conflict && e.Code != codeTaken:
			// It would wait again for each edit that is locked.
			return nil, &plan.Faults{List: []plan.Fault{c.fault(of.index, e)}, Cut: len(edits) > 1}
		}
		err = c.run(ctx, c.oneByOne)
	}
	if err != nil {
		return nil, err
	}
	return c.done, nil
}

// committing is one call of Commit.
type committing struct {
	store *Store
	actor plan.Actor
	once  plan.Once
	edits []plan.Edit
	cat   *plan.Catalog
	steps []step
	// hopeless says that some edit is refused before anything is tried.
	hopeless bool
	done     []plan.Edited
}

// editError is the failure of one edit's statement.
type editError struct {
	index int
	err   error
}

func (e *editError) Error() string { return fmt.Sprintf("edit %d: %v", e.index, e.err) }

func (e *editError) Unwrap() error { return e.err }

// errNoRow says that a statement met no feature in the revision it asked for.
var errNoRow = errors.New("no such feature or revision")

// run runs the edits in one transaction, in one of two ways.
func (c *committing) run(ctx context.Context, edit func(context.Context, pgx.Tx) error) error {
	c.done = make([]plan.Edited, 0, len(c.steps))
	stage := stages{
		do:     func(tx pgx.Tx) error { return edit(ctx, tx) },
		commit: func(tx pgx.Tx) error { return c.commit(ctx, tx) },
	}
	if c.once.Key != "" {
		stage.first = func(tx pgx.Tx) error { return c.claim(ctx, tx) }
	}
	err := c.store.transact(ctx, c.actor, stage)
	var lost *lostCommit
	switch {
	case errors.Is(err, errReplayed):
		return nil
	case errors.As(err, &lost):
		return c.store.outcome(ctx, lost)
	}
	for _, own := range []any{new(*plan.Faults), new(*editError)} {
		if errors.As(err, own) {
			return err
		}
	}
	if errors.Is(err, errOldCatalogue) {
		return err
	}
	return explain(err)
}

// together sends all statements at once and stops at the first that fails.
func (c *committing) together(ctx context.Context, tx pgx.Tx) error {
	b := &pgx.Batch{}
	b.Queue(sqlBeginEdits)
	for i := range c.steps {
		b.Queue(c.steps[i].sql, c.steps[i].args...)
	}
	r := tx.SendBatch(ctx, b)
	defer r.Close()
	if err := c.begun(r.QueryRow()); err != nil {
		return err
	}
	for i := range c.steps {
		if err := c.take(r.QueryRow(), &c.steps[i]); err != nil {
			return &editError{i, err}
		}
	}
	if err := r.Close(); err != nil {
		return fmt.Errorf("end of the edits: %w", err)
	}
	return nil
}

// begun makes sure that the declarations are those that the statements were
// made from.
func (c *committing) begun(row pgx.Row) error {
	var changed int64
	if err := row.Scan(&changed); err != nil {
		return fmt.Errorf("begin the edits: %w", err)
	}
	if catalogVersion(changed) != c.cat.Version() {
		return errOldCatalogue
	}
	return nil
}

// take reads what a statement returned.
func (c *committing) take(row pgx.Row, s *step) error {
	e := plan.Edited{Layer: s.layer.ID, Op: s.op, WidenedM: s.widened}
	err := row.Scan(&e.ID, &e.Revision)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoRow
	}
	if err != nil {
		return err
	}
	c.done = append(c.done, e)
	return nil
}

// oneByOne runs each statement within a savepoint and gathers what refuses
// them. Where it finds nothing, what stood in the way has passed.
func (c *committing) oneByOne(ctx context.Context, tx pgx.Tx) error {
	if err := c.begun(tx.QueryRow(ctx, sqlBeginEdits)); err != nil {
		return err
	}
	faults := &plan.Faults{}
	for i := range c.steps {
		refused := c.steps[i].refused
		if len(refused) == 0 {
			e, err := c.try(ctx, tx, &c.steps[i])
			if err != nil {
				return err
			}
			if e != nil {
				refused = []*plan.Error{e}
			}
		}
		for _, e := range refused {
			faults.List = append(faults.List, c.fault(i, e))
		}
		if len(faults.List) >= plan.MostFaults {
			faults.Cut = i+1 < len(c.steps)
			break
		}
	}
	if len(faults.List) > 0 {
		return faults
	}
	return nil
}

// try runs one statement and says what refused it. The error is of something
// else.
func (c *committing) try(ctx context.Context, tx pgx.Tx, s *step) (*plan.Error, error) {
	b := &pgx.Batch{}
	b.Queue("savepoint edit")
	b.Queue(s.sql, s.args...)
	b.Queue("release savepoint edit")
	r := tx.SendBatch(ctx, b)
	if _, err := r.Exec(); err != nil {
		_ = r.Close()
		return nil, fmt.Errorf("set a savepoint: %w", err)
	}
	err := c.take(r.QueryRow(), s)
	if err == nil {
		return nil, r.Close()
	}
	_ = r.Close() // it says the same once more
	if errors.Is(err, errNoRow) {
		return c.missed(ctx, tx, s)
	}
	e := refusalOf(err)
	if e == nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "rollback to savepoint edit"); err != nil {
		return nil, fmt.Errorf("go back to a savepoint: %w", err)
	}
	if e.Kind == plan.Stale {
		if e.Current, err = current(ctx, tx, s); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// fault puts an error to its edit.
func (c *committing) fault(index int, e *plan.Error) plan.Fault {
	return plan.Fault{Index: index, Layer: c.edits[index].Layer, ID: c.edits[index].ID, Err: e}
}

// refusalOf turns the failure of a statement into what refuses the edit; nil
// where the failure is about something else, such as the connection.
func refusalOf(err error) *plan.Error {
	if errors.Is(err, errNoRow) {
		return &plan.Error{Kind: plan.NotFound, Cause: err}
	}
	var e *plan.Error
	if !errors.As(explain(err), &e) {
		return nil
	}
	switch e.Kind {
	case plan.NotFound, plan.Conflict, plan.Stale, plan.Unprocessable, plan.Denied, plan.TooLarge, plan.Invalid:
	default:
		return nil
	}
	if e.At == "geom" {
		e.At = "geometry" // as the body of a request calls it
	}
	return e
}
