package guess

import (
	"math/bits"
	"unicode/utf8"
)

const (
	wholeText = 3   // signs from which a text about someone counts
	typoText  = 6   // signs from which one wrong sign is forgiven
	maxText   = 256 // bytes of it that are looked at

	// A password with a text of so many signs in it is not in the list because
	// others do not know the text, and is among the first that a guesser tries
	// who does: it gets back what the model and the patterns ask of one that
	// few choose. From the old password less, as it tells less of what is new.
	longText       = 4
	modelCredit    = 2700
	patternsCredit = 1000
	oldCredit      = 1200

	plainCost   = 200 // a text as it was given
	alteredCost = 600 // backwards, with signs between, look-alikes or a typing error
)

// marks are the places where the password holds a text that the guesser
// knows, about someone or from the old password.
type marks struct {
	about, old sightings
	turned     places // of the old password's numbers, seasons, months and days
	any        bool
}

// sightings are for each first sign the set of last signs of a known text, as
// given and altered.
type sightings struct {
	plain, altered places
	long           bool // one of longText signs or more
}

// places holds a bit for each pair of first and last sign.
type places [Window][Window / 64]uint64

func (p *places) add(from, to int) { p[from][(to-1)/64] |= 1 << ((to - 1) % 64) }

// sight marks what the password holds between two places.
func (s *search) sight(in *sightings, p *places, from, to int) {
	p.add(from, to)
	in.long = in.long || to-from >= longText
	s.marks.any = true
}

// each calls do with the last signs of the places that begin at from.
func (p *places) each(from int, do func(to int)) {
	for half, set := range p[from] {
		for ; set != 0; set &= set - 1 {
			do(half*64 + bits.TrailingZeros64(set) + 1)
		}
	}
}

// word is a text about someone, folded.
type word struct {
	n    int
	low  [maxWordText]rune
	leet [2][maxWordText]rune
}

const maxWordText = 64

func (w *word) add(r rune) {
	if w.n < maxWordText {
		w.low[w.n] = r
		w.leet[0][w.n], w.leet[1][w.n] = plain(r)
		w.n++
	}
}

// about marks what the password takes from a text: a word, a name of several
// parts, or an e-mail address, of which the top-level domain is no part.
func (s *search) about(given string, into *sightings) {
	if len(given) > maxText {
		given = given[:maxText]
	}
	s.asGiven(given, into)
	var part, all word
	mail := false
	flush := func() {
		s.mark(&part, into)
		part.n = 0
	}
	for i, r := range given {
		if r == utf8.RuneError {
			continue
		}
		low, _ := fold(r)
		if r == '@' && !mail {
			mail = true
			s.mark(&all, into)
			all.n = 0
		}
		if mail && r == '.' && !hasDot(given[i+1:]) {
			flush()
			s.mark(&all, into)
			return
		}
		if isLetter(r) || isDigit(low) {
			part.add(low)
			all.add(low)
			continue
		}
		flush()
	}
	flush()
	s.mark(&all, into)
}

// asGiven marks a text with the signs that are in it.
func (s *search) asGiven(given string, into *sightings) {
	var w word
	for _, r := range given {
		low, _ := fold(r)
		w.add(low)
	}
	s.mark(&w, into)
}

func hasDot(s string) bool {
	for i := range len(s) {
		if s[i] == '.' {
			return true
		}
	}
	return false
}

// mark marks every place where the password holds the word.
func (s *search) mark(w *word, into *sightings) {
	if w.n < wholeText && (w.n < 2 || s.n > w.n+maxLeft) { // two signs count if there is little else
		return
	}
	s.compare(w, &s.low, &w.low, into, &into.plain)
	if w.n < wholeText {
		return
	}
	for v := range 2 {
		s.compare(w, &s.leet[v], &w.leet[v], into, &into.altered)
	}
	if w.n >= typoText {
		s.typos(w, into)
	}
	var back [maxWordText]rune
	for i := range w.n {
		back[i] = w.leet[0][w.n-1-i]
	}
	s.compare(w, &s.leet[0], &back, into, &into.altered)
	s.spread(w, into)
}

func (s *search) compare(w *word, view *[Window]rune, want *[maxWordText]rune, into *sightings, p *places) {
	for i := 0; i+w.n <= s.n; i++ {
		if agree(view[i:i+w.n], want[:w.n]) == w.n {
			s.sight(into, p, i, i+w.n)
		}
	}
}

// typos marks the word with one sign wrong, missing or too many.
func (s *search) typos(w *word, into *sightings) {
	want := w.leet[0][:w.n]
	for i := 0; i+w.n-1 <= s.n; i++ {
		view := s.leet[0][i:s.n]
		p := agree(view, want)
		if p == 0 || p == w.n {
			continue
		}
		for _, t := range [...]struct{ view, want int }{{p + 1, p + 1}, {p, p + 1}, {p + 1, p}} {
			left := w.n - t.want
			if t.view <= len(view) && agree(view[t.view:], want[t.want:]) == left {
				s.sight(into, &into.altered, i, i+t.view+left)
			}
		}
	}
}

// agree returns how many signs are the same from the beginning.
func agree(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// spread marks the word where the password has separators in it.
func (s *search) spread(w *word, into *sightings) {
	for i := range s.n {
		j, k := i, 0
		for j < s.n && k < w.n {
			if s.leet[0][j] == w.leet[0][k] {
				k++
			} else if k == 0 || !isSeparator(s.low[j]) {
				break
			}
			j++
		}
		if k == w.n {
			s.sight(into, &into.altered, i, j)
		}
	}
}

func isSeparator(r rune) bool {
	switch r {
	case '.', '-', '_', ' ', '*', '/', '+', '~', ',', ':', '|', '#', '!':
		return true
	}
	return false
}

// marked offers the marked parts that begin at i.
func (s *search) marked(i int) {
	if !s.marks.any {
		return
	}
	s.offer(i, &s.marks.about.plain, plainCost, Context)
	s.offer(i, &s.marks.old.plain, plainCost, Old)
	s.offer(i, &s.marks.turned, plainCost, Turned)
	s.offer(i, &s.marks.about.altered, alteredCost, Context)
	s.offer(i, &s.marks.old.altered, alteredCost, Old)
}

func (s *search) offer(i int, p *places, cost int32, kind Kind) {
	p.each(i, func(to int) {
		cost := cost + s.capitals(i, to)
		s.both(i, to, cost, kind)
	})
}

// unmarked returns the fewest signs that a chain of marked parts leaves over,
// or the length of the password if nothing is marked.
func (s *search) unmarked() int {
	if !s.marks.any {
		return s.n
	}
	var left [Window + 1]uint8
	for i := 1; i <= s.n; i++ {
		left[i] = uint8(i)
	}
	for i := range s.n {
		left[i+1] = min(left[i+1], left[i]+1)
		for _, p := range [...]*places{&s.marks.about.plain, &s.marks.about.altered, &s.marks.old.plain, &s.marks.old.altered, &s.marks.turned} {
			p.each(i, func(to int) { left[to] = min(left[to], left[i]) })
		}
	}
	return int(left[s.n])
}
