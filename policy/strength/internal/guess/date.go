package guess

const (
	now       = 2026 // the year that the guesses start from
	firstYear = 1900
	lastYear  = 2039
	dayCost   = 2562 // one of 365
	sepCost   = 400
)

// dates offers the years and days that begin at i.
func (s *search) dates(i int) {
	if !isDigit(s.low[i]) {
		return
	}
	digits := 1
	for digits < 8 && i+digits < s.n && isDigit(s.low[i+digits]) {
		digits++
	}
	if digits >= 4 {
		if y := s.number(i, 4); firstYear <= y && y <= lastYear {
			s.both(i, i+4, yearCost(y), Year)
			s.yearFirst(i, yearCost(y))
		}
	}
	// Day and month in either order, then perhaps a year.
	for a := 1; a <= 2 && a <= digits; a++ {
		s.dayFirst(i, a)
	}
}

// yearFirst offers a month and a day behind the year at i, in either order.
func (s *search) yearFirst(i int, cost int32) {
	sep, next := s.separator(i + 4)
	for a := 2; a >= 1; a-- {
		if !s.digits(next, a) {
			continue
		}
		m := next + a
		if sep != 0 {
			if m >= s.n || s.low[m] != sep {
				continue
			}
			m++
		}
		for b := 2; b >= 1; b-- {
			if s.digits(m, b) && isDay(s.number(next, a), s.number(m, b)) {
				s.both(i, m+b, cost+dayCost+apart(sep), Date)
			}
		}
	}
}

// dayFirst offers dates that begin with a day or month of a digits.
func (s *search) dayFirst(i, a int) {
	sep, next := s.separator(i + a)
	for b := 2; b >= 1; b-- {
		if !s.digits(next, b) || !isDay(s.number(i, a), s.number(next, b)) {
			continue
		}
		end := next + b
		if a == 2 && b == 2 {
			s.both(i, end, dayCost+apart(sep), Date)
		}
		if sep != 0 {
			if end >= s.n || s.low[end] != sep {
				continue
			}
			end++
		}
		if s.digits(end, 4) {
			if y := s.number(end, 4); firstYear <= y && y <= lastYear {
				s.both(i, end+4, yearCost(y)+dayCost+apart(sep), Date)
			}
		}
		if s.digits(end, 2) && (sep != 0 || a+b > 2) {
			y := s.number(end, 2) + 1900
			if y <= lastYear-100 {
				y += 100
			}
			s.both(i, end+2, yearCost(y)+dayCost+apart(sep), Date)
		}
	}
}

func apart(sep rune) int32 {
	if sep == 0 {
		return 0
	}
	return sepCost
}

func (s *search) separator(at int) (rune, int) {
	if at < s.n {
		switch s.low[at] {
		case '.', '-', '/', '_', ' ', ',':
			return s.low[at], at + 1
		}
	}
	return 0, at
}

func (s *search) digits(at, n int) bool {
	if at+n > s.n {
		return false
	}
	for i := at; i < at+n; i++ {
		if !isDigit(s.low[i]) {
			return false
		}
	}
	return true
}

func (s *search) number(at, n int) int {
	v := 0
	for _, r := range s.low[at : at+n] {
		v = 10*v + int(r-'0')
	}
	return v
}

func isDay(a, b int) bool {
	return a >= 1 && b >= 1 && (a <= 31 && b <= 12 || a <= 12 && b <= 31)
}

// yearCost counts the years from now, at least twenty.
func yearCost(y int) int32 {
	d := now - y
	if d < 0 {
		d = -d
	}
	return logOf(max(20, d))
}
