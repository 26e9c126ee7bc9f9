package train

import (
	"math"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// Options are the settings of a training.
type Options struct {
	Without  string  // the leak that is held out
	Pure     bool    // leave out the mixes of many leaks, which hold parts of the one held out
	Listed   int     // passwords in the list
	Power    float64 // a password that n accounts use weighs n to this power
	Discount float64
	Least    float64 // weight from which an n-gram of two signs is kept; each sign more asks for more
	Gain     float64 // bits that keeping an n-gram saves at least
	Word     float64 // weight of a word in the model
}

// Defaults returns the settings of the shipped tables.
func Defaults() Options {
	return Options{Listed: 90000, Power: 0.5, Discount: 0.8, Least: 6, Gain: 7, Word: 0.3}
}

// Model is trained tables before they are packed.
type Model struct {
	contents tables.Contents
	Listed   int
	Grams    int
}

// Train learns from the data.
func Train(d Data, o Options) *Model {
	m := &Model{}
	all := sources(d, o.Without, o.Pure)
	g := grams{discount: o.Discount, nodes: map[uint64]*node{}}
	for _, s := range all {
		rarest := s.rows[len(s.rows)-1].Count
		for _, r := range s.rows {
			g.add(guess.Fold(r.Password), math.Pow(max(r.Count/rarest, 1), o.Power))
		}
	}
	for _, w := range d.Words {
		for _, text := range w.Texts {
			if o.Word > 0 {
				g.add(guess.Fold(text), o.Word)
			}
		}
	}
	m.Grams = g.pack(&m.contents, func(k int) float64 { return o.Least * (0.6 + 0.1*float64(k)) }, o.Gain)
	listed := pool(all, d.Words, o.Listed)
	m.Listed = len(listed)
	for text, p := range listed {
		m.contents.AddText([]rune(text), p.kind, eighths(p.chance))
	}
	m.contents.Curve = []tables.Knot{{}, {Score: 1000, Guesses: 1000}}
	return m
}

// Build trains twice: without RockYou, to fit the curve, and with all data.
func Build(d Data, o Options) (*Model, error) {
	o.Without = "rockyou"
	t, err := Train(d, o).Tables()
	if err != nil {
		return nil, err
	}
	o.Without = ""
	m := Train(d, o)
	m.contents.Curve = curve(d, t)
	return m, nil
}

// Tables returns the tables as they would be embedded.
func (m *Model) Tables() (tables.Tables, error) { return tables.Open(string(m.Encode())) }

// Encode returns the file.
func (m *Model) Encode() []byte { return m.contents.Encode() }
