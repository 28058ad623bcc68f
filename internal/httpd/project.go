package httpd

import (
	"net/http"

	"github.com/simtaru/simtaru/internal/carto/qgis"
	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

// projectType is what servers call a QGZ.
const projectType = "application/x-qgis-project"

// project is GET /qgis/simtaru.qgz: the project of whoever asks, for those who
// open a file instead of the database's own. It names the database and the
// login, and holds no password. With via=ogc its layers come over the OGC API,
// for those who cannot reach the database.
func (s *Server) project(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "via")
	if err != nil {
		return err
	}
	via, ok := p.Get("via")
	if ok && via != "ogc" {
		return rest.Invalid("via", plan.Text{
			ID: "Tidak ada jalan dengan nama ini: via=ogc, atau tanpa via untuk basis data.",
			EN: "There is no way of this name: via=ogc, or no via for the database.",
		})
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
	if ok {
		o.Service = qgis.Service{Landing: s.cfg.PublicURL + "/ogc", Login: !actor.Anonymous()}
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
