package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// held is what the tables of a layer have that its declaration does not say:
// an earlier program may have made them in another form.
type held struct {
	// live and history are the names of their constraints.
	live, history []string
	// modified are the tables whose geometry column has a type modifier.
	modified []string
	// readRevision tells whether the live table has that column.
	readRevision bool
	// views are those that would keep a column's type from being changed.
	views []string
}

// holds reads held from PostgreSQL's catalogue.
func holds(ctx context.Context, tx pgx.Tx, t table) (h held, err error) {
	err = tx.QueryRow(ctx, sqlHeld, t.live, t.history, readRevision).
		Scan(&h.live, &h.history, &h.modified, &h.readRevision, &h.views)
	if err != nil {
		return h, fmt.Errorf("look at the present tables: %w", err)
	}
	return h, nil
}

// upgrade brings the platform's own columns to their present form. A type
// modifier is dropped without rewriting the table; constraints take its place.
func (w *widening) upgrade(ctx context.Context) (err error) {
	if w.held, err = holds(ctx, w.tx, w.old); err != nil {
		return err
	}
	if len(w.held.modified) > 0 && len(w.held.views) > 0 {
		w.refuse("", fmt.Sprintf("Tabel layer ini harus diperbarui, tetapi view berikut memakainya: %v. Hapus view itu, jalankan lagi, lalu buat kembali.", w.held.views),
			fmt.Sprintf("the layer's tables must be brought up to date, but these views use them: %v; drop them, run this again, then make them anew", w.held.views))
		return nil
	}
	for _, name := range w.held.modified {
		w.add("alter table %s alter column geom type %s", name, geometryColumn)
	}
	if !w.held.readRevision {
		w.add("alter table %s add column %s bigint", w.old.live, readRevision)
	}
	return nil
}
