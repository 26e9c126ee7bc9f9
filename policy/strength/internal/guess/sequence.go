package guess

const minRun = 3

// sequence offers the row of neighbours that begins at i: abc, 987, 2468.
func (s *search) sequence(i int) {
	if i+minRun > s.n {
		return
	}
	d := s.low[i+1] - s.low[i]
	if d == 0 || d > 2 || d < -2 || i > 0 && s.low[i]-s.low[i-1] == d {
		return
	}
	n := 2
	for i+n < s.n && s.low[i+n]-s.low[i+n-1] == d && isDigit(s.low[i+n]) == isDigit(s.low[i]) {
		n++
	}
	if n < minRun {
		return
	}
	cost := int32(1400)
	switch first := s.low[i]; {
	case first == 'a' || first == '1' || first == '0' || first == '9' || first == 'z':
		cost = 600
	case isDigit(first):
		cost = 1000
	}
	if d != 1 {
		cost += 300
	}
	for k := minRun; k <= n; k++ {
		s.both(i, i+k, cost+logOf(k)/2+s.capitals(i, i+k), Sequence)
	}
}
