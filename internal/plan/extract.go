package plan

// MaxExtract is the largest Document that is kept, in bytes.
const MaxExtract = 8 << 20

// Extract is an extract of a parcel as it is kept: package extract reads its
// Document.
type Extract struct {
	// ID is a UUID.
	ID string
	// Key is equal for extracts of which one is enough; empty when it was read.
	Key      string
	Document []byte
	// SHA256 of Document when it was kept, 64 hex digits.
	SHA256 string
}
