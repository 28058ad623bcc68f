package network

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"path"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/simtaru/simtaru/internal/plan"
)

// Profile is a way of going: where one may go and how fast. The built-in ones
// are profiles/*.yaml.
type Profile struct {
	ID          string    `yaml:"id"`
	Order       int       `yaml:"order"`
	Title       plan.Text `yaml:"title"`
	Description plan.Text `yaml:"description"`
	// Source is where the speeds are from.
	Source string `yaml:"source"`
	Travel Travel `yaml:"travel"`
	// MinWidth is the width in m below which a road of known width is not used.
	MinWidth float64 `yaml:"min_width"`
	// Speeds are m/s on a good flat road by class; 0 is a class that may not be
	// used. That of UnknownClass is taken for a class that is not listed.
	Speeds map[string]float64 `yaml:"speeds"`
	// Surfaces and Conditions are factors of speed by code; what is not listed
	// or not known is 1.
	Surfaces   map[string]float64 `yaml:"surfaces"`
	Conditions map[string]float64 `yaml:"conditions"`
	Crowd      Crowd              `yaml:"crowd"`
}

// Crowd is how people go where many do.
type Crowd struct {
	// Flow is how many pass a metre of width in a second.
	Flow float64 `yaml:"flow"`
	// Standing is how many wait on a square metre.
	Standing float64 `yaml:"standing"`
	// Speed is the fastest in m/s, whatever the road.
	Speed float64 `yaml:"speed"`
}

// UnknownClass is the road class of which only is known that it is a road.
const UnknownClass = "road"

// Travel is which rules of the road hold.
type Travel string

// The members of Travel.
const (
	// OnFoot goes both ways on any one-way street, heeds Attributes.Foot, and
	// goes by Attributes.SpeedFactor where there is one.
	OnFoot Travel = "foot"
	// OnWheels goes one way where that is so.
	OnWheels Travel = "wheels"
)

// Travels lists the members of Travel.
func Travels() []Travel { return []Travel{OnFoot, OnWheels} }

// Speed is that in m/s along the line of a road and against it; 0 is that one
// may not go there.
func (p *Profile) Speed(a *Attributes) (along, against float64) {
	class := a.Class
	if _, ok := p.Speeds[class]; !ok {
		class = UnknownClass
	}
	v := p.Speeds[class]
	if a.Width > 0 && a.Width < p.MinWidth {
		return 0, 0
	}
	surface := factor(p.Surfaces, a.Surface)
	switch p.Travel {
	case OnFoot:
		if a.Foot != nil && !*a.Foot {
			return 0, 0
		}
		if a.Foot != nil && v == 0 {
			v = p.Speeds[UnknownClass]
		}
		if a.SpeedFactor != nil {
			surface = *a.SpeedFactor
		}
		v *= surface * factor(p.Conditions, a.Condition)
		return v, v
	case OnWheels:
		v *= surface * factor(p.Conditions, a.Condition)
		switch a.Oneway {
		case Both:
			return v, v
		case Forward:
			return v, 0
		case Backward:
			return 0, v
		default:
			panic(fmt.Sprintf("network: direction %d", a.Oneway))
		}
	default:
		panic(fmt.Sprintf("network: travel %q", p.Travel))
	}
}

func factor(of map[string]float64, code string) float64 {
	if f, ok := of[code]; ok {
		return f
	}
	return 1
}

//go:embed profiles/*.yaml
var builtin embed.FS

// Profiles returns the built-in profiles by Order.
func Profiles() ([]*Profile, error) {
	names, err := fs.Glob(builtin, "profiles/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list profiles: %w", err)
	}
	var all []*Profile
	for _, name := range names {
		text, err := builtin.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		p, err := ParseProfile(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Base(name), err)
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *Profile) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// ParseProfile reads a profile from YAML, strictly. The error is a *plan.Error
// or several, joined.
func ParseProfile(text []byte) (*Profile, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	p := new(Profile)
	err := d.Decode(p)
	if err == nil {
		if more := d.Decode(new(yaml.Node)); !errors.Is(more, io.EOF) {
			err = cmp.Or(more, errors.New("a second document follows"))
		}
	}
	if err != nil {
		return nil, &plan.Error{Kind: plan.Unprocessable, Code: "profile-syntax", Cause: err, Message: plan.Text{
			ID: "bukan profil perjalanan yang benar: " + err.Error(),
			EN: "not a valid travel profile: " + err.Error(),
		}}
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

var profileID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// fastest is the speed in m/s that a profile may have.
const fastest = 50

func (p *Profile) check() error {
	var faults []error
	fault := func(at, id, en string) {
		faults = append(faults, &plan.Error{Kind: plan.Unprocessable, Code: "profile-invalid", At: at, Message: plan.Text{ID: id, EN: en}})
	}
	if !profileID.MatchString(p.ID) {
		fault("id", "harus huruf kecil, angka dan garis bawah, diawali huruf", "must be lower-case letters, digits and underscores, and begin with a letter")
	}
	for at, t := range map[string]plan.Text{"title": p.Title, "description": p.Description} {
		if t.ID == "" || t.EN == "" {
			fault(at, "harus ada dalam bahasa Indonesia (id) dan Inggris (en)", "must be there in Indonesian (id) and English (en)")
		}
	}
	if p.Source == "" {
		fault("source", "sebutkan asal angka kecepatan", "say where the speeds are from")
	}
	if !slices.Contains(Travels(), p.Travel) {
		fault("travel", fmt.Sprintf("harus salah satu dari %v", Travels()), fmt.Sprintf("must be one of %v", Travels()))
	}
	within := func(at string, v, high float64) {
		if math.IsNaN(v) || v < 0 || v > high {
			fault(at, fmt.Sprintf("harus dari 0 sampai %g", high), fmt.Sprintf("must be from 0 to %g", high))
		}
	}
	within("min_width", p.MinWidth, 100)
	for _, of := range []struct {
		at      string
		v, high float64
	}{{"crowd.flow", p.Crowd.Flow, 10}, {"crowd.standing", p.Crowd.Standing, 10}, {"crowd.speed", p.Crowd.Speed, fastest}} {
		if within(of.at, of.v, of.high); of.v == 0 {
			fault(of.at, "harus lebih dari 0", "must be more than 0")
		}
	}
	if _, ok := p.Speeds[UnknownClass]; !ok {
		fault("speeds", "harus memuat kelas "+UnknownClass+", yang dipakai bila kelas tidak dikenal", "must have the class "+UnknownClass+", which stands for classes that are not known")
	}
	for list, of := range map[string]struct {
		factors map[string]float64
		high    float64
	}{"speeds": {p.Speeds, fastest}, "surfaces": {p.Surfaces, 2}, "conditions": {p.Conditions, 2}} {
		for _, code := range slices.Sorted(maps.Keys(of.factors)) {
			within(list+"."+code, of.factors[code], of.high)
		}
	}
	return errors.Join(faults...)
}
