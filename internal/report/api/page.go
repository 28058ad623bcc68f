package api

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/simtaru/simtaru/internal/plan"
	"github.com/simtaru/simtaru/internal/rest"
)

//go:embed status.html
var statusHTML string

// row is one step on the page.
type row struct{ At, Status, Answer string }

// Page is GET /reports/{secret}: the state of a report for people.
func (s *Service) Page(w http.ResponseWriter, r *http.Request) error {
	p, err := rest.ParseParams(r, "lang")
	if err != nil {
		return err
	}
	lang := rest.Language(r)
	switch text, ok := p.Get("lang"); {
	case ok && text != string(plan.Indonesian) && text != string(plan.English):
		return rest.Invalid("lang", plan.Text{ID: "Bahasa yang tersedia: id, en.", EN: "Available languages: id, en."})
	case ok:
		lang = plan.Lang(text)
	}
	secretly(w.Header())
	told, err := s.find(r)
	if err != nil {
		return err
	}
	t := func(id, en string) string { return plan.Text{ID: id, EN: en}.In(lang) }
	rows := make([]row, len(told.History))
	for i, step := range told.History {
		rows[i] = row{step.At.In(time.FixedZone("WIB", 7*60*60)).Format("2006-01-02 15:04 WIB"), step.Status.Title.In(lang), step.Answer}
	}
	other := plan.Text{ID: "?lang=en", EN: "?lang=id"}.In(lang)
	public := t("Umum tidak melihat laporan ini.", "The public does not see this report.")
	if told.Public {
		public = t("Umum melihat bahwa ada laporan ini dan jawabannya.", "The public sees that there is this report, and its answer.")
	}
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
	body, err := execute(map[string]any{
		"Told": told, "Rows": rows, "Kind": told.Kind.Title.In(lang), "Status": told.Status.Title.In(lang), "Public": public,
		"Map": s.pages.Root() + "/#16/" + degrees(told.Lat) + "/" + degrees(told.Lon), "Other": other, "OtherName": t("English", "Bahasa Indonesia"),
		"Keep":      t("Simpan alamat halaman ini: hanya dengan alamat ini laporan Anda dapat diikuti.", "Keep the address of this page: your report can be followed by it alone."),
		"StatusKey": "Status", "AnswerKey": t("Jawaban", "Answer"), "KindKey": t("Jenis", "Kind"), "TextKey": t("Laporan", "Report"),
		"PhotoKey": t("Foto", "Photo"), "PhotoText": t("terkirim", "sent"), "PlaceKey": t("Tempat", "Place"), "PlaceText": t("lihat di peta", "see on the map"), "HistoryKey": t("Riwayat", "History"), "None": t("belum ada", "none yet"),
	})
	if err != nil {
		return err
	}
	err = s.pages.Write(once{w}, r, rest.Page{Lang: lang, Title: t("Laporan Anda", "Your report"), Body: body})
	if err != nil {
		return fmt.Errorf("page of a report: %w", err)
	}
	return nil
}

// once keeps what the layout of pages says of caches from being sent.
type once struct{ http.ResponseWriter }

func (o once) WriteHeader(status int) {
	secretly(o.Header())
	o.ResponseWriter.WriteHeader(status)
}

func (o once) Write(b []byte) (int, error) {
	secretly(o.Header())
	return o.ResponseWriter.Write(b)
}

func execute(data map[string]any) (template.HTML, error) {
	t, err := template.New("status").Parse(statusHTML)
	if err != nil {
		return "", fmt.Errorf("page of a report: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return "", errors.Join(errors.New("page of a report"), err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // escaped by the template
}
