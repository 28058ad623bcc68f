package plan

import "time"

// MaxExtract is the largest Document that is kept, in bytes.
const MaxExtract = 8 << 20

// Extract is an extract of a parcel as it is kept: package extract reads its
// Document.
type Extract struct {
	// ID is a UUID.
	ID string
	// Key is equal for extracts of which one is enough; empty when it was read.
	Key string
	// Document is nil once Until is over.
	Document []byte
	// SHA256 of Document when it was kept, 64 hex digits.
	SHA256 string
	// Signature over ID and SHA256; nil: there is none.
	Signature []byte
	// KeptAt is when the database took it. Until is when Document goes; nil: never.
	KeptAt time.Time
	Until  *time.Time
}
