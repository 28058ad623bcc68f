package plan

// Computed says how the database sets a field from others of the same feature,
// whatever is sent. Nobody fills such a field in.
type Computed struct {
	Function Function `yaml:"function" json:"function"`
	// Of names the fields that the function is given, in its order. Those that
	// are computed themselves stand above in the declaration.
	Of []string `yaml:"of" json:"of"`
}

// Function is what a field is computed by: a function of the platform's schema
// of the same name.
type Function string

// The functions. All are of a feature's own values alone, and without a value
// where there is nothing to compute from.
const (
	// Percent is what the first of two numbers is of the second, in percent:
	// without a value where either is missing or the second is not above 0.
	Percent Function = "percent"
	// Mean is that of the numbers that have a value.
	Mean Function = "mean"
	// Total is the sum of the whole numbers that have a value.
	Total Function = "total"
	// Given counts the fields of numbers that have a value.
	Given Function = "given"
	// SlumScore is that of one criterion of Permen PUPR 14/2018, of its percent.
	SlumScore Function = "slum_score"
	// SlumClass is that of a total of such scores.
	SlumClass Function = "slum_class"
)

// Functions lists all members of Function.
var Functions = []Function{Percent, Mean, Total, Given, SlumScore, SlumClass}

// Signature is what a function is given and what it gives.
type Signature struct {
	// Takes are the types that each of the fields may have.
	Takes []FieldType
	// Fields is how many it is given; 0 is any number above none.
	Fields int
	Gives  FieldType
}

// Signature of the function; false where there is no such function.
func (f Function) Signature() (Signature, bool) {
	numbers, whole := []FieldType{NumberField, IntegerField}, []FieldType{IntegerField}
	switch f {
	case Percent:
		return Signature{numbers, 2, NumberField}, true
	case Mean:
		return Signature{numbers, 0, NumberField}, true
	case Total:
		return Signature{whole, 0, IntegerField}, true
	case Given:
		return Signature{numbers, 0, IntegerField}, true
	case SlumScore:
		return Signature{numbers, 1, IntegerField}, true
	case SlumClass:
		return Signature{whole, 1, TextField}, true
	}
	return Signature{}, false
}
