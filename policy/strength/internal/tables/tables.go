// Package tables holds what package strength knows: a list of common texts, a
// model of which sign follows which, and the curve that turns scores into
// guess numbers. NOTICE.md says what they were made of.
//
// The list and the model are fingerprints: they answer whether a text that is
// known to the asker is in them, and cannot be read the other way round. The
// model can be sampled, as any model can; that gives texts that look like
// passwords, not the ones it was made of.
package tables

import (
	_ "embed"
	"errors"
)

// The file: the magic, the number of knots, four bytes each for the sizes of
// the list and the model (buckets, entries) and of the starts (bytes), the
// knots of four and four bytes, the offsets, fingerprints and values of the
// list and of the model, and then the bits of the starts. All numbers have the
// little end first.
const (
	magic    = "tkguess\x02"
	sizesAt  = len(magic) + 4
	startsAt = sizesAt + 16
	knotsAt  = startsAt + 4
)

//go:generate go run ../gen build $STRENGTH_DATA/dev $STRENGTH_WORDS tables.bin

//go:embed tables.bin
var file string

// Tables is the knowledge, ready for use. It refers to the file and holds no
// memory of its own.
type Tables struct {
	List  List
	Grams Grams
	knots string
}

// Embedded returns the tables of this package.
func Embedded() Tables { return split(file) }

// Open returns the tables of a file, or an error if it is not whole.
func Open(file string) (Tables, error) {
	if len(file) < knotsAt || file[:len(magic)] != magic {
		return Tables{}, errors.New("tables: not a file of version 2")
	}
	want := knotsAt + 8*number(file, len(magic)) + number(file, startsAt)
	for i, width := range []int{3, 2} {
		want += 3*(number(file, sizesAt+8*i)+1) + (width+1)*number(file, sizesAt+8*i+4)
	}
	if number(file, len(magic)) < 2 || number(file, startsAt) < 1 || len(file) != want {
		return Tables{}, errors.New("tables: length does not fit the sizes")
	}
	t := split(file)
	for i := 8; i < len(t.knots); i += 8 {
		if number(t.knots, i) <= number(t.knots, i-8) || number(t.knots, i+4) < number(t.knots, i-4) {
			return Tables{}, errors.New("tables: the curve falls")
		}
	}
	if err := t.List.valid(3); err != nil {
		return Tables{}, err
	}
	return t, t.Grams.valid(2)
}

func split(file string) Tables {
	knots := 8 * number(file, len(magic))
	t := Tables{knots: file[knotsAt : knotsAt+knots]}
	rest := file[knotsAt+knots:]
	take := func(n int) string { s := rest[:n]; rest = rest[n:]; return s }
	for i, x := range []*index{&t.List.index, &t.Grams.index} {
		buckets, entries := number(file, sizesAt+8*i), number(file, sizesAt+8*i+4)
		x.buckets = uint64(buckets)
		x.offsets, x.prints, x.values = take(3*(buckets+1)), take((3-i)*entries), take(entries)
	}
	t.List.starts = rest
	return t
}

func number(s string, at int) int {
	return int(s[at]) | int(s[at+1])<<8 | int(s[at+2])<<16 | int(s[at+3])<<24
}

// Guesses turns a score into a guess number, both as thousandths of a power of
// ten. It rises with the score: between the knots on straight lines, above
// the last one as steep as the last line.
func (t Tables) Guesses(score int) int {
	n := len(t.knots) / 8
	i := 1
	for i < n-1 && number(t.knots, 8*i) < score {
		i++
	}
	x0, y0 := number(t.knots, 8*i-8), number(t.knots, 8*i-4)
	x1, y1 := number(t.knots, 8*i), number(t.knots, 8*i+4)
	return max(0, y0+int(int64(score-x0)*int64(y1-y0)/int64(x1-x0)))
}
