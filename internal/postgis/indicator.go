package postgis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// ApplyDefinitions writes coverages and indicators in one transaction and says
// what became of each, in the order given, coverages first. That they fit the
// catalogue is for the caller to see to; the same definition again costs a
// comparison.
func (s *Store) ApplyDefinitions(ctx context.Context, coverages []*plan.Coverage, indicators []*plan.Indicator) ([]Outcome, error) {
	var outcomes []Outcome
	err := s.applying(ctx, func(tx pgx.Tx) (err error) {
		outcomes, err = applyDefinitions(ctx, tx, coverages, indicators)
		return err
	})
	return outcomes, err
}

// RemoveIndicator takes an indicator out of the catalogue. Its values stay, with
// the definition that they were counted by: the same applied again has them
// again. That no other indicator refers to it is for the caller to see to.
func (s *Store) RemoveIndicator(ctx context.Context, id string) error {
	return s.applying(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "update simtaru.indicator set removed_at = now() where id = $1 and removed_at is null", id)
		if err == nil && tag.RowsAffected() == 0 {
			return noIndicator(id)
		}
		return err
	})
}

func applyDefinitions(ctx context.Context, tx pgx.Tx, coverages []*plan.Coverage, indicators []*plan.Indicator) ([]Outcome, error) {
	var outcomes []Outcome
	for _, c := range coverages {
		outcome, err := applyDefinition(ctx, tx, "select declaration, false from simtaru.coverage where id = $1", sqlWriteCoverage, c.ID, c)
		if err != nil {
			return nil, fmt.Errorf("apply the coverage %s: %w", c.ID, err)
		}
		outcomes = append(outcomes, outcome)
	}
	for _, i := range indicators {
		outcome, err := applyDefinition(ctx, tx, "select declaration, removed_at is not null from simtaru.indicator where id = $1", sqlWriteIndicator, i.ID, i)
		if err != nil {
			return nil, fmt.Errorf("apply the indicator %s: %w", i.ID, err)
		}
		outcomes = append(outcomes, outcome)
	}
	return outcomes, nil
}

func applyDefinition[T any](ctx context.Context, tx pgx.Tx, read, write, id string, d *T) (Outcome, error) {
	if !nameText.MatchString(id) || len(id) > 40 {
		return "", &plan.Error{Kind: plan.Unprocessable, Code: "bad-declaration", At: id, Message: plan.Text{
			ID: "Nama harus huruf kecil, angka dan garis bawah, paling banyak 40 huruf.",
			EN: "a name is lower snake case of at most 40 characters",
		}}
	}
	declaration, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("write the declaration: %w", err)
	}
	outcome := Changed
	var present []byte
	var removed bool
	switch err := tx.QueryRow(ctx, read, id).Scan(&present, &removed); {
	case errors.Is(err, pgx.ErrNoRows):
		outcome = Created
	case err != nil:
		return "", fmt.Errorf("read the present declaration: %w", err)
	default:
		// What jsonb gives back is in another order.
		old := new(T)
		if err := json.Unmarshal(present, old); err != nil {
			return "", fmt.Errorf("read the present declaration: %w", err)
		}
		if was, err := json.Marshal(old); err == nil && bytes.Equal(was, declaration) && !removed {
			return Unchanged, nil
		}
		if is, ok := any(d).(*plan.Indicator); ok {
			if err := comparable(any(old).(*plan.Indicator), is); err != nil {
				return "", err
			}
		}
		if removed {
			outcome = Created
		}
	}
	_, err = tx.Exec(ctx, write, id, declaration)
	return outcome, err
}

// comparable refuses a definition that counts otherwise under the method of the
// one before: values of both would stand in one line.
func comparable(old, d *plan.Indicator) error {
	if d.Method > old.Method {
		return nil
	}
	if d.Method == old.Method {
		was, err := json.Marshal(old.Counting())
		if err != nil {
			return fmt.Errorf("write the declaration: %w", err)
		}
		is, err := json.Marshal(d.Counting())
		if err != nil {
			return fmt.Errorf("write the declaration: %w", err)
		}
		if bytes.Equal(was, is) {
			return nil
		}
	}
	return &plan.Error{Kind: plan.Conflict, Code: "same-method", At: d.ID + ".method", Message: plan.Text{
		ID: fmt.Sprintf("Indikator ini kini dihitung dengan cara lain, sehingga nilai lama tidak dapat dibandingkan. Naikkan method menjadi %d.", old.Method+1),
		EN: fmt.Sprintf("This indicator now counts otherwise, so that values from before cannot be compared. Raise method to %d.", old.Method+1),
	}}
}

// Observe stores values of an external indicator, all or none, signed with the
// actor's name, and returns how many are new: a value that holds already is
// not stored again, so a request may be repeated. Another value for the same
// unit and moment corrects the one before, and nil takes it back; what was sent
// stays in the table. It takes planners and administrators, and at most plan.MostObservations; what is wrong
// with them comes back as *plan.Faults. It writes as the server's login, since
// nobody else may.
func (s *Store) Observe(ctx context.Context, actor plan.Actor, indicator string, list []plan.Observation) (stored int, err error) {
	if !actor.CanSend(indicator) {
		return 0, &plan.Error{Kind: plan.Denied, Code: "not-allowed", Message: plan.Text{
			ID: "Nilai indikator hanya dapat dikirim oleh perencana atau administrator yang masuk, dengan token yang boleh mengirimnya.",
			EN: "Values of indicators are sent by planners and administrators who have logged in, with a token that may send them.",
		}}
	}
	if len(list) > plan.MostObservations {
		return 0, &plan.Error{Kind: plan.TooLarge, Code: "too-many-observations", Message: plan.Text{
			ID: fmt.Sprintf("Ada %d nilai; paling banyak %d sekali kirim.", len(list), plan.MostObservations),
			EN: fmt.Sprintf("There are %d values; at most %d are taken at once.", len(list), plan.MostObservations),
		}}
	}
	err = s.begin(ctx, s.edit, thenCommit(ctx, func(tx pgx.Tx) error {
		i, err := observedIndicator(ctx, tx, indicator)
		if err != nil {
			return err
		}
		sent, err := acceptable(i, list, time.Now())
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sqlObserve, indicator, i.Method, actor.Name, sent.kinds, sent.codes, sent.times, sent.values)
		stored = int(tag.RowsAffected())
		return err
	}))
	if err != nil {
		return 0, fmt.Errorf("store values of %s: %w", indicator, explain(err))
	}
	return stored, nil
}

func observedIndicator(ctx context.Context, tx pgx.Tx, id string) (*plan.Indicator, error) {
	var declaration []byte
	err := tx.QueryRow(ctx, sqlObservedIndicator, id).Scan(&declaration)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, noIndicator(id)
	}
	if err != nil {
		return nil, err
	}
	i := new(plan.Indicator)
	if err := json.Unmarshal(declaration, i); err != nil {
		return nil, fmt.Errorf("read the declaration: %w", err)
	}
	if i.Kind != plan.External {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "indicator-is-computed", At: id, Message: plan.Text{
			ID: "Indikator ini dihitung dari peta; nilainya tidak dapat dikirim.",
			EN: "This indicator is computed from the map; values of it cannot be sent.",
		}}
	}
	return i, nil
}

// observations are those to be stored, by column.
type observations struct {
	kinds, codes []string
	times        []time.Time
	values       []*float64
}

// acceptable leaves out what is said twice, and refuses what is wrong.
func acceptable(i *plan.Indicator, list []plan.Observation, now time.Time) (observations, error) {
	type key struct {
		kind plan.UnitKind
		code string
		at   int64
	}
	var sent observations
	var faults plan.Faults
	first := map[key]int{}
	for n, o := range list {
		refused := i.Refuse(o, now)
		k := key{o.Kind, o.Code, o.At.UnixMicro()} // as exact as PostgreSQL is
		if before, twice := first[k]; refused == nil && twice {
			if was := list[before].Value; was == o.Value || was != nil && o.Value != nil && *was == *o.Value {
				continue
			}
			refused = &plan.Error{Kind: plan.Unprocessable, Code: "observation-twice", At: "value", Message: plan.Text{
				ID: fmt.Sprintf("untuk wilayah dan waktu ini sudah ada nilai lain pada urutan %d", before),
				EN: fmt.Sprintf("another value for this unit and moment stands at position %d", before),
			}}
		}
		if refused != nil {
			faults.List = append(faults.List, plan.Fault{Index: n, Err: refused})
			continue
		}
		first[k] = n
		sent.kinds, sent.codes = append(sent.kinds, string(o.Kind)), append(sent.codes, o.Code)
		sent.times, sent.values = append(sent.times, o.At), append(sent.values, o.Value)
	}
	if len(faults.List) > 0 {
		return observations{}, &faults
	}
	return sent, nil
}

// Observations returns the latest value of each unit that has any which was not
// taken back, by kind and code. They have no names of units.
func (s *Store) Observations(ctx context.Context, indicator string) ([]plan.Reading, error) {
	var all []plan.Reading
	err := s.view(ctx, s.read, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sqlObservations, indicator)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (plan.Reading, error) {
			r := plan.Reading{Indicator: indicator}
			err := row.Scan(&r.Kind, &r.Code, &r.Value, &r.Method, &r.At, &r.Actor, &r.Sent)
			return inUTC(r), err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the values of %s: %w", indicator, err)
	}
	return all, nil
}

// mostInSeries bounds the values of one answer of Series: a daily value for
// more than twenty years.
const mostInSeries = 10_000

// Series returns the values of one unit over the days from and until, both
// included and either empty for no bound, the oldest first: those recorded, or
// those sent where the indicator is external. Of more than 10,000 it returns the
// newest.
func (s *Store) Series(ctx context.Context, indicator string, kind plan.UnitKind, code string, from, until plan.Date) ([]plan.Recorded, error) {
	var all []plan.Recorded
	err := s.view(ctx, s.read, func(tx pgx.Tx) error {
		var external bool
		err := tx.QueryRow(ctx, "select declaration ->> 'kind' = $2 from simtaru.indicator where id = $1 and removed_at is null", indicator, plan.External).Scan(&external)
		if errors.Is(err, pgx.ErrNoRows) {
			return noIndicator(indicator)
		}
		if err != nil {
			return err
		}
		sql := sqlRecordedSeries
		if external {
			sql = sqlObservedSeries
		}
		rows, err := tx.Query(ctx, sql, indicator, kind, code, from, until, mostInSeries)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (plan.Recorded, error) {
			r := plan.Recorded{Reading: plan.Reading{Indicator: indicator, Kind: kind, Code: code}}
			err := row.Scan(&r.On, &r.Label, &r.Name, &r.Value, &r.Why.ID, &r.Why.EN, &r.Numerator, &r.Denominator, &r.Features, &r.Classes,
				&r.Method, &r.Boundary, &r.Data, &r.At, &r.Actor, &r.Sent)
			r.Reading = inUTC(r.Reading)
			return r, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the series of %s: %w", indicator, err)
	}
	slices.Reverse(all)
	return all, nil
}

// Record keeps values for their day or release, all or none. A value for the
// same indicator, unit and day or release replaces the one before.
func (s *Store) Record(ctx context.Context, values []plan.Recorded) error {
	if len(values) == 0 {
		return nil
	}
	text, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("record values: %w", err)
	}
	err = s.begin(ctx, s.edit, thenCommit(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sqlRecord, text)
		return err
	}))
	if err != nil {
		return fmt.Errorf("record values: %w", readable(err))
	}
	return nil
}

func inUTC(r plan.Reading) plan.Reading {
	r.At = r.At.UTC()
	if r.Sent != nil {
		sent := r.Sent.UTC()
		r.Sent = &sent
	}
	return r
}

func noIndicator(id string) error {
	return &plan.Error{Kind: plan.NotFound, Code: "no-such-indicator", At: id, Message: plan.Text{
		ID: "Tidak ada indikator dengan nama ini.", EN: "There is no indicator of this name.",
	}}
}
