package tiles

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// ETag returns a strong entity tag, with its quotes, of what a tile depends on:
// hashes of the program's version, of the declarations, of the content of each
// layer. It is known without rendering the tile. The codings of one tile have
// different tags, as RFC 9110 (8.8.3.3) demands of strong ones. The order of
// parts counts.
func ETag(coding Coding, parts ...uint64) string {
	b := make([]byte, 0, 64)
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	sum := sha256.Sum256(append(b, byte(coding)))
	const n = 16 // 128 bits: no two tiles ever share one by chance
	tag := make([]byte, 2+n*4/3+1)
	tag[0], tag[len(tag)-1] = '"', '"'
	base64.RawURLEncoding.Encode(tag[1:], sum[:n])
	return string(tag)
}
