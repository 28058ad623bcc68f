package plan

// FieldType is the type of an attribute.
type FieldType string

// The field types and the Go type a Feature holds for each.
const (
	TextField      FieldType = "text"      // string
	IntegerField   FieldType = "integer"   // int64
	NumberField    FieldType = "number"    // float64
	BooleanField   FieldType = "boolean"   // bool
	DateField      FieldType = "date"      // plan.Date
	TimestampField FieldType = "timestamp" // time.Time
)

// FieldTypes lists all members of FieldType.
var FieldTypes = []FieldType{TextField, IntegerField, NumberField, BooleanField, DateField, TimestampField}

// Date is a calendar day as YYYY-MM-DD, without a time zone.
type Date string

// Field is one attribute of a layer.
type Field struct {
	// Name is the column and property name: lower snake case; official names
	// (namobj, kodzon, ...) are kept in lower case.
	Name        string    `yaml:"name" json:"name"`
	Type        FieldType `yaml:"type" json:"type"`
	Title       Text      `yaml:"title" json:"title"`
	Description Text      `yaml:"description,omitempty" json:"description,omitzero"`
	// Unit is a UCUM code (m, m2, har, %, km/h, {person}); empty for none.
	Unit     string   `yaml:"unit,omitempty" json:"unit,omitempty"`
	Required bool     `yaml:"required,omitempty" json:"required,omitempty"`
	Unique   bool     `yaml:"unique,omitempty" json:"unique,omitempty"`
	Min      *float64 `yaml:"min,omitempty" json:"min,omitempty"`
	Max      *float64 `yaml:"max,omitempty" json:"max,omitempty"`
	// MaxLength in characters, for text; 0 means DefaultMaxLength.
	MaxLength int `yaml:"max_length,omitempty" json:"maxLength,omitempty"`
	// Codes is the code list the value must come from.
	Codes *CodeRef `yaml:"codes,omitempty" json:"codes,omitempty"`
	// References is the field of another layer whose value this one repeats,
	// such as the code of the village that a parcel lies in. It is told to
	// clients, which offer that layer's features as a list; a value that is
	// none of theirs is not refused.
	References *FieldRef `yaml:"references,omitempty" json:"references,omitempty"`
	// Computed fields are set by the database; nil: by who edits.
	Computed *Computed `yaml:"computed,omitempty" json:"computed,omitempty"`
	// Legal is where the law says what this field alone restricts, as special
	// provisions of a plan do; none: that of the layer.
	Legal []Legal `yaml:"legal,omitempty" json:"legal,omitempty"`
	// Tiles is the lowest zoom at which tiles carry the attribute; nil: never.
	Tiles *int `yaml:"tiles,omitempty" json:"tiles,omitempty"`
}

// DefaultMaxLength is the length limit of text that declares none.
const DefaultMaxLength = 1000

// FieldRef names a field of a layer.
type FieldRef struct {
	Layer string `yaml:"layer" json:"layer"`
	Field string `yaml:"field" json:"field"`
}

// CodeRef names one version of a code list.
type CodeRef struct {
	List    string `yaml:"list" json:"list"`
	Version string `yaml:"version" json:"version"`
}

// CodeList is one version of a list of codes: the same code may mean
// something else in another version, so (list, version, code) is the key.
type CodeList struct {
	ID      string `yaml:"id" json:"id"`
	Version string `yaml:"version" json:"version"`
	Title   Text   `yaml:"title" json:"title"`
	// Source is where the list comes from: regulation, transcription.
	Source string `yaml:"source" json:"source"`
	Codes  []Code `yaml:"codes" json:"codes"`
}

// Code is one entry of a code list.
type Code struct {
	Code  string `yaml:"code" json:"code"`
	Title Text   `yaml:"title" json:"title"`
	// Color is #RRGGBB, empty where the list has none.
	Color string `yaml:"color,omitempty" json:"color,omitempty"`
	// Group is the code of the larger class the code belongs to.
	Group string `yaml:"group,omitempty" json:"group,omitempty"`
	// Note says what is uncertain: conflicting or single transcriptions.
	Note string `yaml:"note,omitempty" json:"note,omitempty"`
}
