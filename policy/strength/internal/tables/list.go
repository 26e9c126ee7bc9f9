package tables

import "math/bits"

// Kind tells where a listed text comes from.
type Kind byte

// The kinds of listed texts.
const (
	Password Kind = iota // chosen by many people
	Word                 // of a language
	Name                 // of a person
	Place                // a city
)

// List holds passwords, words, names and places with the probability that
// someone chooses them, as fingerprints of 22 bits.
type List struct {
	index
	starts string // a bit for each start of a text
}

// IsStart reports whether the list knows the starts of n signs.
func IsStart(n int) bool { return n == 3 || n == 4 || n == 6 || n == 8 }

// Begins reports whether a listed text may begin with the signs of the given
// hash, of which IsStart is true. It is wrong for two in five that none begins
// with, and never for the others: it saves looking up what cannot be listed.
func (l List) Begins(h uint64) bool {
	at, _ := bits.Mul64(h, uint64(8*len(l.starts)))
	return l.starts[at/8]>>(at%8)&1 != 0
}

// Find returns the cost of the text with the given hash, in eighths of a bit.
// The hash is Step over the folded signs, from Seed on. A text that is not
// listed is taken for one that is once in 700 000 look-ups.
func (l List) Find(h uint64) (cost int, kind Kind, ok bool) {
	v, k, ok := l.find3(Finish(h))
	return int(v), Kind(k), ok
}

// Len returns the number of texts.
func (l List) Len() int { return len(l.values) }
