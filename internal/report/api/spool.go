package api

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/simtaru/simtaru/internal/report"
)

// spool holds a photo in a file without a name while the rest of it arrives,
// which may take minutes, and while it waits to be decoded. The zero value holds
// none.
type spool struct {
	file *os.File
	size int64
}

// fill takes a photo. What is wrong with it is a *plan.Error.
func (s *spool) fill(from io.Reader) (err error) {
	if s.file, err = os.CreateTemp("", "simtaru-photo-*"); err != nil {
		return fmt.Errorf("make a file for a photo: %w", err)
	}
	if err := os.Remove(s.file.Name()); err != nil {
		return fmt.Errorf("make a file for a photo: %w", err)
	}
	chunk := make([]byte, 32<<10)
	for {
		n, arrived := from.Read(chunk)
		if s.size += int64(n); s.size > report.MaxPhoto {
			return report.TooLarge()
		}
		if _, err := s.file.Write(chunk[:n]); err != nil {
			return fmt.Errorf("keep a photo in a file: %w", err)
		}
		switch {
		case errors.Is(arrived, io.EOF):
			return nil
		case arrived != nil:
			return broken(arrived)
		}
	}
}

func (s *spool) decode() ([]byte, error) {
	file := make([]byte, s.size)
	if _, err := s.file.ReadAt(file, 0); err != nil {
		return nil, fmt.Errorf("read a photo from its file: %w", err)
	}
	return report.Photo(file)
}

func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close() // nothing is kept of it
	}
}
