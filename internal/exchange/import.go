package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/simtaru/simtaru/internal/geo"
	"github.com/simtaru/simtaru/internal/plan"
)

// Options says what to import and how.
type Options struct {
	// Layer is the layer that takes the rows; Catalog has its code lists.
	Layer   *plan.Layer
	Catalog *plan.Catalog
	// Actor is who the history will name.
	Actor plan.Actor

	// Source is the file, Name what to call it, Size its bytes (0: unknown).
	Source io.Reader
	Name   string
	Size   int64

	// CRS of the coordinates; nil: what the file says, otherwise lon, lat.
	CRS *geo.CRS
	// Map fills fields from properties of other names; Set gives fields one
	// value in all rows.
	Map []Mapping
	Set []Assignment

	// DryRun does everything but commit. SkipInvalid imports the sound rows
	// although others are refused. Repair mends invalid geometries where
	// ST_MakeValid can, and closes rings.
	DryRun, SkipInvalid, Repair bool

	Limits Limits
	// Problems takes what is found; nil throws it away, but for the counts.
	Problems Problems
}

// Progress is how far an import has come.
type Progress struct {
	Stage Stage
	// Rows that were read so far, or handled in the later stages.
	Rows int64
	// Bytes of Total were read; Total is 0 where it is unknown.
	Bytes, Total int64
	Elapsed      time.Duration
}

// Rate is rows a second.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Rows) / p.Elapsed.Seconds()
}

// Remaining guesses the time that reading will still take; false where
// nothing can be said.
func (p Progress) Remaining() (time.Duration, bool) {
	if p.Stage != Reading || p.Total <= 0 || p.Bytes <= 0 || p.Bytes > p.Total {
		return 0, false
	}
	return time.Duration(float64(p.Elapsed) / float64(p.Bytes) * float64(p.Total-p.Bytes)), true
}

// Stage is a part of an import.
type Stage string

// The stages, in order.
const (
	Reading   Stage = "reading"   // the file is read into a staging table
	Checking  Stage = "checking"  // PostGIS checks geometries
	Inserting Stage = "inserting" // the rows go into the layer
	Finished  Stage = "finished"
)

// Target is what a sink needs to know of an import.
type Target struct {
	Layer  *plan.Layer
	Actor  plan.Actor
	Repair bool
}

// Sink is where rows go: internal/postgis.
type Sink interface {
	// Begin opens the one transaction of an import.
	Begin(ctx context.Context, t Target) (Session, error)
}

// Session is one transaction. Its methods are called in the order of their
// declaration, each once, Close always.
type Session interface {
	// Stage takes rows until next returns io.EOF, and returns next's error if
	// it is another. A row is good until next is called again.
	Stage(ctx context.Context, next func() (*Row, error)) error
	// Check finds the staged rows that the layer cannot take, mends them if the
	// Target says so, and calls found for each such row, in file order. Rows
	// that stay bad are set aside.
	Check(ctx context.Context, found func(*Problem) error) error
	// Insert moves the rows that are left into the layer and returns how many.
	// A row that only the insert shows to be bad is given to found.
	Insert(ctx context.Context, found func(*Problem) error) (int64, error)
	// Commit ends the transaction for good.
	Commit(ctx context.Context) error
	// Close undoes what was not committed, also when the context of Begin was
	// cancelled.
	Close() error
}

// Import reads a file into a layer. The Report is true in any case. The error
// is nil if the rows were imported (or would have been, for a dry run); a
// *plan.Error with the code import-refused if rows were refused and
// SkipInvalid is not set, so that nothing was imported; and otherwise what
// kept the run from its end. progress may be nil; it is called at most five
// times a second and at each change of stage, from this goroutine or the
// sink's, never from two at a time.
func Import(ctx context.Context, o Options, sink Sink, progress func(Progress)) (Report, error) {
	im := &importer{Options: o, progress: progress, started: time.Now()}
	im.report = Report{
		Layer: o.Layer.ID, File: o.Name, DryRun: o.DryRun, CRS: geo.CRS84.String(),
		Problems: map[string]int64{}, Foreign: map[string]int64{},
	}
	schema, err := newSchema(o.Layer, o.Catalog, o.Map, o.Set)
	if err != nil {
		return im.report, err
	}
	im.schema = schema
	im.reader = NewReader(o.Source, ReaderOptions{Limits: o.Limits, CRS: o.CRS, CloseRings: o.Repair})
	err = im.run(ctx, sink)
	im.conclude()
	if sum := im.report.check(); sum != nil && err == nil {
		err = sum
	}
	return im.report, err
}

type importer struct {
	Options
	report   Report
	schema   *schema
	reader   *Reader
	progress func(Progress)
	started  time.Time
	told     time.Time
	stage    Stage
}

func (im *importer) run(ctx context.Context, sink Sink) (err error) {
	session, err := sink.Begin(ctx, Target{Layer: im.Layer, Actor: im.Actor, Repair: im.Repair})
	if err != nil {
		return fmt.Errorf("begin the import: %w", err)
	}
	defer func() {
		if cerr := session.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("end the import: %w", cerr)
		}
	}()
	im.tell(Reading)
	var syntax *SyntaxError
	if err := session.Stage(ctx, im.next); errors.As(err, &syntax) {
		return im.unreadable(syntax)
	} else if err != nil {
		return fmt.Errorf("read %s: %w", im.Name, err)
	}
	im.tell(Checking)
	if err := session.Check(ctx, im.found); err != nil {
		return fmt.Errorf("check the rows of %s: %w", im.Name, err)
	}
	im.tell(Inserting)
	imported, err := session.Insert(ctx, im.found)
	if err != nil {
		return fmt.Errorf("insert the rows of %s: %w", im.Name, err)
	}
	if im.report.Refused > 0 && !im.SkipInvalid {
		return im.refused()
	}
	if !im.DryRun {
		if err := session.Commit(ctx); err != nil {
			return fmt.Errorf("commit the import of %s: %w", im.Name, err)
		}
		im.report.Committed = true
	}
	im.report.Imported = imported
	im.tell(Finished)
	return nil
}

// next is the row after the last one that can be taken; the others are
// reported on the way.
func (im *importer) next() (*Row, error) {
	for {
		rec, err := im.reader.Next()
		if err != nil {
			return nil, err
		}
		im.report.Read++
		row := im.schema.row(rec)
		if len(rec.Problems) == 0 {
			im.tell(Reading)
			return &row, im.count(rec)
		}
		im.report.Refused++
		for i := range rec.Problems {
			if err := im.write(&rec.Problems[i]); err != nil {
				return nil, err
			}
		}
		im.tell(Reading)
	}
}

// count notes what was changed in a record that is taken, and lists the ones
// whose rings were closed.
func (im *importer) count(rec *Record) error {
	if rec.HasZ {
		im.report.Heights++
	}
	if rec.Geometry == nil {
		im.report.WithoutGeometry++
	}
	if rec.Closed == 0 {
		return nil
	}
	im.report.Closed += int64(rec.Closed)
	return im.write(&Problem{
		Position: rec.Position, Feature: rec.Feature, Action: Repaired, Code: "ring-closed", Field: "geometry", At: firstPoint(rec.Geometry),
		Message: sayf("%d cincin poligon ditutup", "%d rings were closed", rec.Closed),
	})
}

// found takes a problem that the sink has with a row.
func (im *importer) found(p *Problem) error {
	switch p.Action {
	case Refused:
		im.report.Refused++
	case Repaired:
		im.report.Repaired++
	default:
		return fmt.Errorf("a problem without an action: %v", p.Err())
	}
	return im.write(p)
}

func (im *importer) write(p *Problem) error {
	im.report.Problems[p.Code]++
	if im.Problems == nil {
		return nil
	}
	if err := im.Problems.Write(p); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// unreadable reports where the file stops making sense. It is no row, so it
// counts nowhere but among the problems.
func (im *importer) unreadable(syntax *SyntaxError) error {
	p := Problem{Position: syntax.Position, Feature: im.report.Read + 1, Action: Refused, Code: "syntax", Message: syntax.Message}
	if err := im.write(&p); err != nil {
		return err
	}
	return &plan.Error{Kind: plan.Invalid, Code: "unreadable-file", At: im.Name + ", " + syntax.Position.String(), Message: syntax.Message, Cause: syntax.Cause}
}

func (im *importer) refused() error {
	return &plan.Error{
		Kind: plan.Unprocessable, Code: "import-refused", At: im.Name,
		Message: sayf(
			"%d dari %d objek tidak dapat diterima, jadi tidak ada yang diimpor; lihat laporannya, atau pakai --skip-invalid",
			"%d of %d features cannot be taken, so nothing was imported; see the report, or use --skip-invalid",
			im.report.Refused, im.report.Read),
	}
}

// conclude fills in what is known only at the end, however it came.
func (im *importer) conclude() {
	r := &im.report
	crs, named := im.reader.CRS()
	r.CRS, r.FromFile = crs.String(), named
	r.Skipped = r.Read - r.Refused - r.Imported
	r.Promoted, r.EmptyTexts = im.schema.promoted, im.schema.empty
	r.Unknown, r.Unmet = im.schema.unknownProperties(), im.schema.unmet(im.Map)
	r.Foreign = im.reader.Foreign()
	r.Bytes = im.reader.Position().Offset
}

// tell reports progress, now and then.
func (im *importer) tell(stage Stage) {
	if im.progress == nil {
		return
	}
	// The clock is asked every 64 rows only.
	if stage == im.stage && im.report.Read%64 != 0 {
		return
	}
	now := time.Now()
	if stage == im.stage && now.Sub(im.told) < 200*time.Millisecond {
		return
	}
	im.stage, im.told = stage, now
	im.progress(Progress{
		Stage: stage, Rows: im.report.Read, Bytes: im.reader.Position().Offset, Total: im.Size, Elapsed: now.Sub(im.started),
	})
}
