package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/simtaru/simtaru/internal/plan"
)

// widening collects what changes an existing layer, and what forbids it.
type widening struct {
	tx       pgx.Tx
	old, new table
	held     held
	sql      []string
	refusals []error
	unmet    []plan.Text
}

// widen returns the statements that turn the tables of old into those of l,
// or all reasons why not, and says which rules present features do not meet.
// Editors wait while it looks and changes.
func widen(ctx context.Context, tx pgx.Tx, old, l *plan.Layer) (sql []string, unmet []plan.Text, err error) {
	w := &widening{tx: tx, old: tableOf(old), new: tableOf(l)}
	if _, err := tx.Exec(ctx, fmt.Sprintf("lock table %s in share row exclusive mode", w.old.live)); err != nil {
		return nil, nil, err
	}
	for _, step := range []func(context.Context) error{w.upgrade, w.geometry, w.fields, w.unheld} {
		if err := step(ctx); err != nil {
			return nil, nil, err
		}
	}
	if len(w.refusals) > 0 {
		return nil, nil, errors.Join(w.refusals...)
	}
	w.computed()
	if err := w.constraints(ctx); err != nil {
		return nil, nil, err
	}
	if err := w.withdrawn(ctx); err != nil {
		return nil, nil, err
	}
	return append(w.sql, w.new.replaceable()...), w.unmet, nil
}

func (w *widening) add(format string, args ...any) {
	w.sql = append(w.sql, fmt.Sprintf(format, args...))
}

func (w *widening) refuse(field, id, en string) {
	w.refusals = append(w.refusals, loss(w.new.layer.ID, field, id, en))
}

// geometry may change its type only while no feature has ever had one. The
// type is a constraint, so nothing else changes.
func (w *widening) geometry(ctx context.Context) error {
	was, is := w.old.layer.Geometry, w.new.layer.Geometry
	if was == is {
		return nil
	}
	count, _, err := offending(ctx, w.tx, w.old.history, "geom is not null")
	if err != nil {
		return err
	}
	if count > 0 {
		w.refuse("", fmt.Sprintf("Jenis geometri tidak dapat diubah dari %s ke %s: sudah ada %d versi fitur. Buat layer baru dan impor datanya ke sana.", was, is, count),
			fmt.Sprintf("the geometry type cannot change from %s to %s: %d versions of features have one; make a new layer and import the data there", was, is, count))
		return nil
	}
	return nil
}

// fields compares the fields by name: a renamed one is one removed and one
// added.
func (w *widening) fields(ctx context.Context) error {
	for i := range w.old.layer.Fields {
		f := &w.old.layer.Fields[i]
		now, ok := w.new.layer.Field(f.Name)
		if ok && now.Type == f.Type {
			continue
		}
		count := 0
		if f.Computed == nil { // what was computed is no loss
			var err error
			if count, _, err = offending(ctx, w.tx, w.old.history, ident(f.Name)+" is not null"); err != nil {
				return err
			}
		}
		switch {
		case count == 0:
			for _, name := range []string{w.old.live, w.old.history} {
				w.add("alter table %s drop column %s", name, ident(f.Name))
			}
		case !ok:
			w.refuse(f.Name, fmt.Sprintf("Atribut ini masih berisi data (%d nilai, riwayat termasuk). Pertahankan dalam deklarasi; boleh tidak ditampilkan.", count),
				fmt.Sprintf("the field holds data (%d values, history included); keep it in the declaration, it need not be shown", count))
		default:
			w.refuse(f.Name, fmt.Sprintf("Jenis atribut tidak dapat diubah dari %s ke %s: ada %d nilai. Tambahkan atribut baru dengan nama lain dan isi dari yang lama.", f.Type, now.Type, count),
				fmt.Sprintf("the type cannot change from %s to %s: there are %d values; add a field under another name and fill it from this one", f.Type, now.Type, count))
		}
	}
	for i := range w.new.layer.Fields {
		if err := w.field(ctx, &w.new.layer.Fields[i]); err != nil {
			return err
		}
	}
	return nil
}

// field adds a new field, or checks what an existing one asks beyond what it
// did.
func (w *widening) field(ctx context.Context, f *plan.Field) error {
	was, ok := w.old.layer.Field(f.Name)
	fresh := !ok || was.Type != f.Type
	switch {
	case f.Computed != nil && fresh:
		return nil // added with its values
	case f.Computed != nil && was.Computed == nil:
		return w.typedIn(ctx, f)
	case fresh:
		for _, name := range []string{w.old.live, w.old.history} {
			w.add("alter table %s add column %s %s", name, ident(f.Name), columnTypes[f.Type])
		}
		if !f.Required {
			return nil
		}
		count, _, err := offending(ctx, w.tx, w.old.live, "true")
		if err != nil {
			return err
		}
		if count > 0 {
			w.refuse(f.Name, fmt.Sprintf("Atribut baru tidak dapat langsung wajib: %d fitur belum mempunyai nilainya. Tambahkan dahulu tanpa required, isi, lalu wajibkan.", count),
				fmt.Sprintf("a new field cannot be required at once: %d features have no value yet; add it without required, fill it, then require it", count))
		}
		w.add("alter table %s alter column %s set not null", w.old.live, ident(f.Name))
		return nil
	}
	if was.Required && !f.Required {
		w.add("alter table %s alter column %s drop not null", w.old.live, ident(f.Name))
	}
	if !was.Required && f.Required {
		w.add("alter table %s alter column %s set not null", w.old.live, ident(f.Name))
	}
	return w.narrowed(ctx, was, f)
}

// typedIn refuses to compute a field that people have filled in.
func (w *widening) typedIn(ctx context.Context, f *plan.Field) error {
	count, _, err := offending(ctx, w.tx, w.old.history, ident(f.Name)+" is not null")
	if err != nil {
		return err
	}
	if count > 0 {
		w.refuse(f.Name, fmt.Sprintf("Atribut ini tidak dapat dihitung oleh basis data: ada %d nilai yang diisi orang, riwayat termasuk. Tambahkan atribut baru dengan nama lain.", count),
			fmt.Sprintf("the field cannot become computed: people have filled in %d values, history included; add a field under another name", count))
	}
	return nil
}

// narrowed refuses what existing features do not meet. Each condition is
// looked for only where the declaration became stricter.
func (w *widening) narrowed(ctx context.Context, was, f *plan.Field) error {
	name := ident(f.Name)
	for _, rule := range []struct {
		stricter  bool
		condition string
		id, en    string
	}{
		{
			!was.Required && f.Required, name + " is null",
			"Atribut tidak dapat diwajibkan: %d fitur belum mempunyai nilainya (id %s). Isi dahulu.",
			"the field cannot become required: %d features have no value (id %s); fill them first",
		},
		{
			f.Type == plan.TextField && maxLength(f) < maxLength(was), fmt.Sprintf("char_length(%s) > %d", name, maxLength(f)),
			"Panjang tidak dapat dikurangi: %d fitur mempunyai teks yang lebih panjang (id %s). Pendekkan dahulu.",
			"the length cannot be reduced: %d features have a longer text (id %s); shorten them first",
		},
		{
			inRange(f, name) != "" && inRange(f, name) != inRange(was, name), "not (" + inRange(f, name) + ")",
			"Rentang tidak dapat dipersempit: %d fitur mempunyai nilai di luarnya (id %s). Perbaiki dahulu.",
			"the range cannot be narrowed: %d features have a value outside it (id %s); correct them first",
		},
		{
			!was.Unique && f.Unique, fmt.Sprintf("%s in (select %[1]s from %s group by 1 having count(*) > 1)", name, w.old.live),
			"Atribut tidak dapat dibuat unik: %d fitur mempunyai nilai yang sama dengan fitur lain (id %s). Perbaiki dahulu.",
			"the field cannot become unique: %d features share their value with another (id %s); correct them first",
		},
	} {
		if !rule.stricter {
			continue
		}
		count, some, err := offending(ctx, w.tx, w.old.live, rule.condition)
		if err != nil {
			return err
		}
		if count > 0 {
			w.refuse(f.Name, fmt.Sprintf(rule.id, count, some), fmt.Sprintf(rule.en, count, some))
		}
	}
	return nil
}

// unheld refuses a code list that existing features do not follow.
func (w *widening) unheld(ctx context.Context) error {
	for _, f := range w.new.layer.Fields {
		was, ok := w.old.layer.Field(f.Name)
		if !ok || was.Type != f.Type || f.Codes == nil || (was.Codes != nil && *was.Codes == *f.Codes) {
			continue
		}
		condition := fmt.Sprintf("%s is not null and not exists (select from simtaru.code c where c.list = $1 and c.version = $2 and c.code = %[1]s::text)", ident(f.Name))
		count, some, err := offending(ctx, w.tx, w.old.live, condition, f.Codes.List, f.Codes.Version)
		if err != nil {
			return err
		}
		if count > 0 {
			w.refuse(f.Name, fmt.Sprintf("Daftar kode %s versi %s tidak memuat kode dari %d fitur (id %s). Ubah kode fitur-fitur itu dahulu, atau tambahkan kodenya ke daftar.", f.Codes.List, f.Codes.Version, count, some),
				fmt.Sprintf("the code list %s, version %s lacks the codes of %d features (id %s); change those features first, or add their codes to the list", f.Codes.List, f.Codes.Version, count, some))
		}
	}
	return nil
}

// constraints drops those that are gone or different and adds the new ones,
// and those that the database lacks. Constraints of a dropped column went with
// it. One of those that present features may break is not valid then: it holds
// for what is written from now on, and what is there is told.
func (w *widening) constraints(ctx context.Context) error {
	for _, t := range []struct {
		name    string
		was, is []constraint
		held    []string
	}{
		{w.old.live, w.old.constraints(), w.new.constraints(), w.held.live},
		{w.old.history, w.old.geometryConstraints(), w.new.geometryConstraints(), w.held.history},
	} {
		for _, c := range t.was {
			if !slices.Contains(t.is, c) {
				w.add("alter table %s drop constraint if exists %s", t.name, ident(c.name))
			}
		}
		for _, c := range t.is {
			if !slices.Contains(t.was, c) || !slices.Contains(t.held, c.name) || w.readded(c) {
				w.add("alter table %s drop constraint if exists %s", t.name, ident(c.name))
				not, err := w.unmetBy(ctx, c)
				if err != nil {
					return err
				}
				w.add("alter table %s add %s%s", t.name, c, not)
			}
		}
	}
	return nil
}

// unmetBy looks whether present features break a constraint, if it is one that
// they may break. It is added without looking at them then.
func (w *widening) unmetBy(ctx context.Context, c constraint) (notValid string, err error) {
	if !slices.Contains(w.new.checks(), c) {
		return "", nil
	}
	for _, f := range w.new.layer.Fields {
		was, ok := w.old.layer.Field(f.Name)
		if strings.Contains(c.definition, ident(f.Name)) && (!ok || was.Type != f.Type) {
			return "", nil // no feature has a value in it
		}
	}
	count, some, err := offending(ctx, w.tx, w.old.live, "not "+strings.TrimPrefix(c.definition, "check "))
	if err != nil || count == 0 {
		return "", err
	}
	w.unmet = append(w.unmet, plan.Text{
		ID: fmt.Sprintf("%s: %d fitur lama tidak memenuhi aturan %s (id %s); perbaiki atau hapus, lalu: alter table %s validate constraint %s", w.new.layer.ID, count, c.name, some, w.new.live, ident(c.name)),
		EN: fmt.Sprintf("%s: %d features from before break the rule %s (id %s); correct or delete them, then: alter table %s validate constraint %s", w.new.layer.ID, count, c.name, some, w.new.live, ident(c.name)),
	})
	return " not valid", nil
}

// readded reports whether a constraint speaks of a column that is dropped and
// added again: it went with the column.
func (w *widening) readded(c constraint) bool {
	return slices.ContainsFunc(w.new.layer.Fields, func(f plan.Field) bool {
		was, ok := w.old.layer.Field(f.Name)
		return ok && (was.Type != f.Type || w.recomputed(&f)) && strings.Contains(c.definition, ident(f.Name))
	})
}
