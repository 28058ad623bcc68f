package postgis

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// Outcome is what applying a declaration came to.
type Outcome string

// The outcomes.
const (
	Unchanged Outcome = "unchanged"
	Created   Outcome = "created"
	Changed   Outcome = "changed"
)

// Outcomes lists all members of Outcome.
var Outcomes = []Outcome{Unchanged, Created, Changed}

// Report tells what Apply did.
type Report struct {
	Layer   string
	Outcome Outcome
	// Statements that were run on the layer's tables, in order.
	Statements []string
	// Lists are the code lists that were written, as list@version.
	Lists []string
	// Unmet says which rules features from before do not meet.
	Unmet []plan.Text
}

// Apply makes the database follow a declaration: it creates a layer, or widens
// an existing one, and writes the code lists given with it. What would lose
// data is refused, each refusal a *plan.Error, all of them joined; then nothing
// has changed. It is one transaction; the same declaration again costs a
// comparison.
func (s *Store) Apply(ctx context.Context, l *plan.Layer, lists []*plan.CodeList) (Report, error) {
	var report Report
	err := s.applying(ctx, func(tx pgx.Tx) (err error) {
		report, err = applyLayer(ctx, tx, l, lists)
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("apply the layer %s: %w", l.ID, err)
	}
	return report, nil
}

// ApplyCatalog applies all declarations of a catalogue in one transaction and
// reports on its layers.
func (s *Store) ApplyCatalog(ctx context.Context, cat *plan.Catalog) ([]Report, error) {
	var reports []Report
	err := s.applying(ctx, func(tx pgx.Tx) error {
		reports = nil
		for i, l := range cat.Layers() {
			lists := cat.Lists()
			if i > 0 {
				lists = nil // written with the first layer
			}
			report, err := applyLayer(ctx, tx, l, lists)
			if err != nil {
				return fmt.Errorf("apply the layer %s: %w", l.ID, err)
			}
			reports = append(reports, report)
		}
		_, err := applyDefinitions(ctx, tx, cat.Coverages(), cat.Indicators())
		return err
	})
	return reports, err
}

// applying runs do in a transaction, one at a time in a database.
func (s *Store) applying(ctx context.Context, do func(pgx.Tx) error) error {
	conn, err := s.connect(ctx, adminSession)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(lockMigrate)); err != nil {
			return err
		}
		return do(tx)
	})
	return explain(err)
}

func applyLayer(ctx context.Context, tx pgx.Tx, l *plan.Layer, lists []*plan.CodeList) (Report, error) {
	report := Report{Layer: l.ID, Outcome: Unchanged}
	if err := checkNames(l); err != nil {
		return report, err
	}
	for _, list := range lists {
		written, err := applyList(ctx, tx, list)
		if err != nil {
			return report, err
		}
		if written {
			report.Lists = append(report.Lists, list.ID+"@"+list.Version)
		}
	}
	if err := checkLists(ctx, tx, l); err != nil {
		return report, err
	}
	old, made, err := declared(ctx, tx, l.ID)
	if err != nil {
		return report, err
	}
	declaration, err := json.Marshal(l)
	if err != nil {
		return report, fmt.Errorf("write the declaration: %w", err)
	}
	hash := ddlHash(l)
	switch {
	case old == nil:
		report.Outcome, report.Statements = Created, DDL(l)
	case made == hash && sameDeclaration(old, l):
		return report, nil
	default:
		report.Outcome = Changed
		if report.Statements, report.Unmet, err = widen(ctx, tx, old, l); err != nil {
			return report, err
		}
	}
	for _, sql := range report.Statements {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return report, fmt.Errorf("%s: %w", firstLine(sql), err)
		}
	}
	if _, err = tx.Exec(ctx, sqlWriteLayer, l.ID, declaration, hash); err != nil {
		return report, err
	}
	return report, publishAnew(ctx, tx, l.ID)
}

// declared reads a layer's declaration and the hash of the statements that
// made it; nil where there is none.
func declared(ctx context.Context, tx pgx.Tx, id string) (*plan.Layer, string, error) {
	var text []byte
	var hash string
	err := tx.QueryRow(ctx, "select declaration, ddl from simtaru.layer where id = $1 for update", id).Scan(&text, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("read the present declaration: %w", err)
	}
	old := new(plan.Layer)
	if err := json.Unmarshal(text, old); err != nil {
		return nil, "", fmt.Errorf("read the present declaration: %w", err)
	}
	return old, hash, nil
}

func sameDeclaration(a, b *plan.Layer) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// ddlHash identifies the statements of a declaration.
func ddlHash(l *plan.Layer) string {
	sum := sha256.Sum256([]byte(strings.Join(DDL(l), ";\n")))
	return hex.EncodeToString(sum[:])
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
