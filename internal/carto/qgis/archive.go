package qgis

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"
)

// Archive zips a project into a QGZ, the form in which QGIS keeps projects in
// files and in the database. name is that of the project without an ending.
// The same project gives the same bytes.
func Archive(name string, qgs []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	// The earliest moment that the format knows, since none is true.
	w, err := z.CreateHeader(&zip.FileHeader{Name: name + ".qgs", Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		_, err = w.Write(qgs)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("zip the project: %w", err)
	}
	return b.Bytes(), nil
}
