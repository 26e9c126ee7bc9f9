package guess

import "github.com/tillkey/tillkey/policy/strength/internal/tables"

const (
	minWord = 3
	maxWord = 16

	joint   = 300  // one side of a token
	anySign = 1000 // a sign that belongs to nothing

	// The guesses for a listed text grow with its rarity, somewhat slower.
	listHead    = 1700
	listSlope   = 85
	leastListed = 100

	// The model may look a listed text up, too: it has met few words of some
	// languages, and keeps few of the signs of a rare password.
	dictionary = 3250

	leetCost    = 400 // look-alikes in place of letters
	reverseCost = 500
)

// words offers the listed texts that begin at i, as they stand and with
// look-alike signs replaced.
func (s *search) words(i int) {
	s.forwards(i, &s.low, false)
	for v := range s.leets {
		s.forwards(i, &s.leet[v], true)
	}
}

func (s *search) forwards(i int, view *[Window]rune, leet bool) {
	h, changed, letters := tables.Seed, 0, 0
	for j := i; j < s.n && j < i+maxWord; j++ {
		h = tables.Step(h, view[j])
		if view[j] != s.low[j] {
			changed++
		} else if !isDigit(view[j]) {
			letters++
		}
		if n := j + 1 - i; tables.IsStart(n) && !s.tables.List.Begins(h) {
			return
		} else if n < minWord || leet && (changed == 0 || letters < changed) {
			continue
		}
		cost, kind, ok := s.tables.List.Find(h)
		if !ok {
			continue
		}
		price := listed(cost) + s.capitals(i, j+1)
		as := Common + Kind(kind)
		if leet {
			price += leetCost
			as = Leet
		}
		s.pattern(i, j+1, price, as)
		s.model.token(i, j+1, price+dictionary, as)
	}
}

// backwards offers the listed texts that end at j when read from there.
func (s *search) backwards(j int) {
	h := tables.Seed
	for i := j - 1; i >= 0 && i >= j-maxWord; i-- {
		h = tables.Step(h, s.low[i])
		if tables.IsStart(j-i) && !s.tables.List.Begins(h) {
			return
		}
		if j-i < minWord+1 || isDigit(s.low[i]) && isDigit(s.low[j-1]) {
			continue
		}
		if cost, _, ok := s.tables.List.Find(h); ok {
			s.pattern(i, j, listed(cost)+reverseCost+s.capitals(i, j), Reversed)
		}
	}
}

// listed turns the cost of a listed text, a probability in eighths of a bit,
// into the guesses that it takes to reach it in the list.
func listed(eighths int) int32 {
	return max(leastListed, int32(eighths*thousandths/1000*listSlope/100-listHead))
}

// thousandths of a power of ten in a thousand eighths of a bit.
const thousandths = 37629

// capitals is the price of the capitals between two places.
func (s *search) capitals(from, to int) int32 {
	if s.upper == 0 {
		return 0
	}
	upper := int(s.uppers[to]) - int(s.uppers[from])
	switch {
	case upper == 0:
		return 0
	case upper == 1 && s.caps[from], upper == to-from:
		return 300
	}
	return int32(600 + 200*min(upper, to-from-upper))
}

// readWhole looks the whole password up.
func (s *search) readWhole() {
	s.whole = infinite
	h := tables.Seed
	for i := range s.n {
		h = tables.Step(h, s.low[i])
	}
	if cost, _, ok := s.tables.List.Find(h); ok {
		s.whole = int32(cost * thousandths / 1000)
	}
}
