package guess

import "github.com/tillkey/tillkey/policy/strength/internal/tables"

const (
	shareOfModel = 50 // parts in a hundred that the model has in the blend

	// unlisted is what a password costs beyond what the model asks if it is
	// not in the list: the list holds most that are chosen often.
	unlisted = 1500

	lookAlike = 400 // a sign in place of a letter

	// One kind of separators, wherever they stand.
	usualSeparator = 700
	separated      = 1500

	// A password that is a known text and at most maxLeft signs is never
	// rated higher than nearCost and leftCost for each of these signs.
	maxLeft  = 4
	nearCost = 5500
	leftCost = 500

	// The guess number of a password of shortSize bytes rises more slowly above
	// flatFrom, where the curve has little to go by; that of one of fewer bytes
	// is mostShorter at most.
	shortSize   = 8
	flatFrom    = 7000
	mostShorter = 7999

	mostScore = 1 << 20 // a thousand signs that nobody could guess
)

// Question is what to rate and what the guesser knows.
type Question struct {
	Password string
	Old      string   // the password before, "" for none
	About    []string // texts about the person and the shop
}

// Rate returns the logarithm of the guesses in thousandths of a power of ten.
func Rate(t tables.Tables, q Question) int {
	s := search{tables: t}
	return s.rate(q)
}

// Score returns the blend that the curve of the tables turns into guesses.
func Score(t tables.Tables, q Question) int {
	s := search{tables: t}
	return s.score(q)
}

func (s *search) rate(q Question) int {
	g := shortened(s.tables.Guesses(s.score(q)), len(q.Password))
	if left := s.unmarked(); !s.long && s.marks.any && left <= maxLeft {
		g = min(g, nearCost+leftCost*left)
	}
	if q.Old != "" && !s.long {
		if most, ok := s.edited(q.Old); ok {
			g = min(g, most)
		}
	}
	return g
}

// shortened corrects the guess number of a password of so many bytes. Of the
// 6 439 passwords of at most shortSize bytes in the sample that the curve was
// fitted to all but 11 were guessed before 10^8, however strange they look.
func shortened(guesses, size int) int {
	above := guesses - flatFrom
	switch {
	case size > shortSize || above <= 0:
		return guesses
	case size < shortSize:
		return min(flatFrom+above/4, mostShorter)
	}
	return flatFrom + above*2/3
}

// score rates the password as it stands and, if it has separators, without
// them.
func (s *search) score(q Question) int {
	end := s.fill(q.Password)
	if s.n == 0 {
		return 0
	}
	s.readSigns(q.Password[end:])
	score := s.blend(q)
	if s.long {
		return score
	}
	without := search{tables: s.tables}
	separator, ok := without.joined(&s.text)
	if !ok {
		return score
	}
	without.readSigns("")
	cost := separated
	if separator == ' ' || separator == '-' || separator == '.' || separator == '_' {
		cost = usualSeparator
	}
	apart := without.blend(q) + cost
	s.separated = apart < score
	return min(score, apart)
}

func (s *search) blend(q Question) int {
	s.readWhole()
	for _, a := range q.About {
		s.about(a, &s.marks.about)
	}
	if q.Old != "" {
		s.old(q.Old)
	}
	s.run()
	extra := int64(s.caseCost() + min(300, 300*s.folded))
	model := max(0, int64(s.model.best[s.n])+unlisted)
	if known := int64(s.whole); !s.long && known < infinite && (!s.marks.any || known < model) {
		model = known
	}
	patterns := int64(s.patterns.best[s.n])
	switch {
	case s.marks.about.long:
		model, patterns = max(0, model-modelCredit), max(0, patterns-patternsCredit)
	case s.marks.old.long:
		model = max(0, model-oldCredit)
	}
	blend := ((model+extra)*shareOfModel+patterns*(100-shareOfModel))/100 + s.tail
	return int(min(blend, mostScore))
}

// readSigns asks the model for each sign, and sums up those that lie beyond
// the window. There, a sign that goes on with a repetition is free.
func (s *search) readSigns(rest string) {
	c := tables.Begin()
	cost := 0
	for i := range s.n {
		cost = s.tables.Grams.Cost(&c, s.low[i])
		s.sign[i] = int32(cost * thousandths / 1000)
	}
	s.readLookAlikes()
	period := s.period()
	ring := s.low
	i, sum := s.n, 0
	for _, r := range rest {
		low, _ := fold(r)
		cost = s.tables.Grams.Cost(&c, low)
		if period > 0 && ring[(i-period)%Window] == low {
			cost = 0
		}
		ring[i%Window] = low
		sum += cost
		i++
	}
	if rest == "" {
		s.sign[s.n-1] += int32(s.tables.Grams.Cost(&c, tables.End) * thousandths / 1000)
	}
	s.long = rest != ""
	s.tail = int64(sum) * thousandths / 1000
}

// readLookAlikes asks the model for the letters that signs and digits stand in
// for, and for the signs after them.
func (s *search) readLookAlikes() {
	if s.letter == 0 {
		return
	}
	for v := range s.leets {
		c := tables.Begin()
		for i := range s.n {
			r := s.leet[v][i]
			cost := int32(s.tables.Grams.Cost(&c, r) * thousandths / 1000)
			if r != s.low[i] {
				cost += lookAlike
			}
			s.sign[i] = min(s.sign[i], cost)
		}
	}
}

// period returns the length of the part that the whole window repeats, or 0.
func (s *search) period() int {
	for p := 1; p <= s.n/2; p++ {
		i := p
		for i < s.n && s.low[i] == s.low[i-p] {
			i++
		}
		if i == s.n {
			return p
		}
	}
	return 0
}
