// Package routingkit reads the vectors in which RoutingKit keeps road graphs,
// their weights and reference queries: a file for each, of nothing but its
// numbers, little-endian and here gzipped.
package routingkit

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Uint32s reads the file dir/name.u32.gz.
func Uint32s(dir, name string) ([]uint32, error) {
	return read[uint32](filepath.Join(dir, name+".u32.gz"))
}

// Float32s reads the file dir/name.f32.gz.
func Float32s(dir, name string) ([]float32, error) {
	return read[float32](filepath.Join(dir, name+".f32.gz"))
}

// maxBytes bounds a vector, unpacked: a hundred million numbers.
const maxBytes = 400e6

func read[T uint32 | float32](path string) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	b, err := io.ReadAll(io.LimitReader(z, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(b) > maxBytes || len(b)%4 != 0 {
		return nil, fmt.Errorf("%s: %d bytes, want a multiple of 4 up to %.0f", path, len(b), maxBytes)
	}
	numbers := make([]T, len(b)/4)
	return numbers, binary.Read(bytes.NewReader(b), binary.LittleEndian, numbers)
}
