package httpd

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/carto/qgis"
	"github.com/simtaru/simtaru/internal/rest"
)

// projectType is what servers call a QGZ.
const projectType = "application/x-qgis-project"

// project is GET /qgis/simtaru.qgz: the project of whoever asks, for those who
// open a file instead of the database's own. It names the database and the
// login, and holds no password.
func (s *Server) project(w http.ResponseWriter, r *http.Request) error {
	if _, err := rest.ParseParams(r); err != nil {
		return err
	}
	if !s.plan.Status().Ready {
		return rest.Starting()
	}
	v := s.see(r)
	actor := v.Actor()
	o := qgis.Options{
		Actor: actor, Lang: rest.Language(r), City: s.cfg.City.Title, Notice: s.cfg.City.Notice(), Connection: s.cfg.QGIS,
	}
	if actor.Person {
		o.Connection.User = actor.Name
	}
	for _, l := range v.Catalog().Layers() {
		if snap, ok := v.Snapshot(l.ID); ok {
			if box, ok := snap.Bound(); ok {
				o.Bound = qgis.Around(o.Bound, box)
			}
		}
	}
	qgs, err := qgis.Project(v.Catalog(), o)
	if err != nil {
		return err
	}
	qgz, err := qgis.Archive("simtaru", qgs)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="simtaru.qgz"`)
	return rest.Write(w, r, rest.Body{Type: projectType, Data: qgz, Lang: string(o.Lang)})
}
