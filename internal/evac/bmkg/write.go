package bmkg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"github.com/simtaru/simtaru/internal/plan"
)

// attempts at an edit that somebody else overtakes.
const attempts = 4

// settle brings one event, nil where there is none yet, to what a warning says.
func (f *Feed) settle(ctx context.Context, layer *plan.Layer, p *past, w *warning, alive bool) (*past, error) {
	want := w.values()
	early := w.Origin.After(f.now()) // by a wrong zone, or clock: it is on at once
	if early {
		delete(want, arrivalField) // is as wrong
	}
	for range attempts {
		switch {
		case p == nil:
			if early {
				want[startField] = f.now().UTC().Truncate(time.Second)
			}
			area, err := f.area(ctx)
			if err != nil {
				return nil, err
			}
			// Two servers that make it at once make one.
			p, err = f.write(ctx, layer, creation(layer, want, area), plan.Once{Key: "tsunami " + w.first, Fingerprint: Actor})
			if err != nil {
				return nil, err
			}
			continue
		case w.key < p.key: // an older list than was seen before
			return p, nil
		case !w.over && (!w.listed || f.now().Sub(w.sent) >= f.config.Lapse):
			return f.age(ctx, layer, p, alive)
		case w.over && !alive:
			return p, nil
		}
		if early {
			delete(want, startField)
		}
		var area orb.MultiPolygon
		if p.deleted() || p.nowhere() {
			var err error
			if area, err = f.area(ctx); err != nil {
				return p, err
			}
		}
		edit := p.decide(want, area)
		if edit == nil {
			return p, nil
		}
		next, err := f.write(ctx, layer, edit, plan.Once{})
		if err != nil {
			return p, err
		}
		p = next
	}
	return p, errors.New("an event is being changed all the time")
}

// age ends an event of which BMKG says nothing more.
func (f *Feed) age(ctx context.Context, layer *plan.Layer, p *past, alive bool) (*past, error) {
	sent, ok := stamped(p.key)
	if !ok || !alive || f.now().Sub(sent) < f.config.Lapse {
		return p, nil
	}
	edit := p.decide(lapse(sent, f.config.Lapse), nil)
	if edit == nil {
		return p, nil
	}
	f.log.Warn("a warning has lapsed: BMKG has not ended it", "event", edit.ID, "bulletin", p.key)
	next, err := f.write(ctx, layer, edit, plan.Once{})
	if err != nil {
		return p, err
	}
	return next, nil
}

// write makes an edit and returns what the event is then. To be overtaken is no
// error: what is then is looked at again.
func (f *Feed) write(ctx context.Context, layer *plan.Layer, edit *plan.Edit, once plan.Once) (*past, error) {
	done, err := f.store.Commit(ctx, actor, []plan.Edit{*edit}, once)
	id := edit.ID
	if plan.KindOf(err) == plan.Unprocessable {
		// Whatever rule it breaks: that there is a warning, how grave it is and where.
		f.log.Error("a warning was refused as it is, and is written without its times", "err", err)
		bare := *edit
		bare.Values = map[string]any{}
		for name, v := range edit.Values {
			if name != arrivalField && name != endField && (name != startField || edit.Op == plan.Create) {
				bare.Values[name] = v
			}
		}
		f.bare = toldOf(err)
		done, err = f.store.Commit(ctx, actor, []plan.Edit{bare}, once)
	}
	switch kind := plan.KindOf(err); {
	case err == nil:
		id = done[0].ID
		p, err := f.history(ctx, layer, id)
		if err == nil && p.now().Feature.Revision == done[0].Revision { // not what a key remembers
			f.written.Add(1)
			f.log.Info("a warning was written", "event", id, "op", edit.Op, "status", edit.Values[statusField], "level", edit.Values[levelField])
		}
		return p, err
	case id != 0 && (kind == plan.Stale || kind == plan.Conflict || kind == plan.NotFound):
	default:
		return nil, fmt.Errorf("write the event %d: %w", id, err)
	}
	return f.history(ctx, layer, id)
}

// area is where an event holds; nil where the city has no boundary.
func (f *Feed) area(ctx context.Context) (orb.MultiPolygon, error) {
	if f.config.Area != nil {
		return f.config.Area, nil
	}
	layer, ok := f.plan.View(plan.Actor{}).Layer(boundaryLayer)
	if !ok {
		return nil, nil
	}
	all, err := f.store.Dissolve(ctx, layer, codeField, 0, nil)
	if err != nil {
		return nil, err
	}
	return all[""], nil
}
