package guess

// old marks what the password takes from the one before it: every part of
// three signs or more that stands in both, the whole of it altered, and what
// follows from its numbers, seasons, months and days.
func (s *search) old(before string) {
	var b text
	b.fill(before)
	for v := range 1 + max(s.leets, b.leets) {
		mine, its := &s.low, &b.low
		if v > 0 {
			mine, its = &s.leet[v-1], &b.leet[v-1]
		}
		s.shared(mine, its, b.n)
	}
	var whole word
	for _, r := range b.low[:b.n] {
		whole.add(r)
	}
	s.mark(&whole, &s.marks.old)
	s.counted(&b)
	s.turned(&b)
}

// shared marks at each place the longest part that the old password of n signs
// holds too, and its beginnings.
func (s *search) shared(mine, its *[Window]rune, n int) {
	var run [Window + 1]int // signs in common from i here and from k there
	for i := s.n - 1; i >= 0; i-- {
		longest := 0
		for k := range n {
			if mine[i] != its[k] {
				run[k] = 0
				continue
			}
			run[k] = run[k+1] + 1 // still that of i+1
			longest = max(longest, run[k])
		}
		if run[0] == n {
			s.sight(&s.marks.old, &s.marks.old.plain, i, i+n)
		}
		for m := wholeText; m <= longest; m++ {
			s.sight(&s.marks.old, &s.marks.old.plain, i, i+m)
		}
	}
}

const (
	maxCount = 9 // digits of a number that may be counted up
	countUp  = 9 // how far
)

// counted marks the numbers that follow those of the old password.
func (s *search) counted(b *text) {
	for k := 0; k < b.n; k++ {
		n, value := 0, 0
		for k+n < b.n && n < maxCount && isDigit(b.low[k+n]) {
			value = 10*value + int(b.low[k+n]-'0')
			n++
		}
		for next := value - 1; n > 0 && next <= value+countUp; next++ {
			if next >= 0 {
				s.digitsOf(next, n)
			}
		}
		k += n
	}
}

// digitsOf marks a number that is written with at least width digits.
func (s *search) digitsOf(value, width int) {
	var digits [maxCount + 1]rune
	at := len(digits)
	for at > 0 && (value > 0 || len(digits)-at < width) {
		at--
		digits[at] = rune('0' + value%10)
		value /= 10
	}
	for i := range s.n {
		m := 0
		for i+m < s.n && at+m < len(digits) && s.low[i+m] == digits[at+m] {
			m++
		}
		if at+m == len(digits) {
			s.sight(&s.marks.old, &s.marks.turned, i, i+m)
		}
	}
}

// cycles are what people turn when a password must be new: seasons, months,
// days. Folded; the words of a cycle are apart by a space, cycles by a comma.
const cycles = "spring summer autumn fall winter,fruhling fruhjahr sommer herbst winter," +
	"printemps ete automne hiver,primavera verano otono invierno,primavera estate autunno inverno," +
	"primavera verao outono inverno,lente zomer herfst winter,wiosna lato jesien zima," +
	"january february march april may june july august september october november december," +
	"jan feb mar apr may jun jul aug sep oct nov dec," +
	"januar februar marz april mai juni juli august september oktober november dezember," +
	"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre," +
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre," +
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre," +
	"janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro," +
	"januari februari maart april mei juni juli augustus september oktober november december," +
	"monday tuesday wednesday thursday friday saturday sunday," +
	"montag dienstag mittwoch donnerstag freitag samstag sonntag," +
	"lundi mardi mercredi jeudi vendredi samedi dimanche"

// turned marks the other words of a cycle that the old password holds a word
// of.
func (s *search) turned(b *text) {
	for from := 0; from < len(cycles); {
		to := from
		for to < len(cycles) && cycles[to] != ',' {
			to++
		}
		if eachWord(cycles[from:to], b.holds) {
			eachWord(cycles[from:to], func(w string) bool { s.markPlain(w); return false })
		}
		from = to + 1
	}
}

// eachWord reports whether do is true for a word, and ends with it.
func eachWord(words string, do func(string) bool) bool {
	for from := 0; from < len(words); {
		to := from
		for to < len(words) && words[to] != ' ' {
			to++
		}
		if do(words[from:to]) {
			return true
		}
		from = to + 1
	}
	return false
}

func (t *text) holds(w string) bool {
	for i := 0; i+len(w) <= t.n; i++ {
		if t.standsAt(i, w) {
			return true
		}
	}
	return false
}

func (t *text) standsAt(i int, w string) bool {
	for j := range len(w) {
		if i+j >= t.n || t.low[i+j] != rune(w[j]) {
			return false
		}
	}
	return true
}

func (s *search) markPlain(w string) {
	for i := 0; i+len(w) <= s.n; i++ {
		if s.standsAt(i, w) {
			s.sight(&s.marks.old, &s.marks.turned, i, i+len(w))
		}
	}
}
