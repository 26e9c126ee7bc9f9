package guess

const (
	repeatCost = 300  // to say: once more
	copyCost   = 1000 // to say: that part once more
	mirrorCost = 600  // to say: and back again
)

// copies offers what stands at i and stood before, as a copy of it. A run at
// one distance is offered where it begins.
func (s *search) copies(i int) {
	for d := 1; d <= i; d++ {
		if s.low[i] != s.low[i-d] || i > d && s.low[i-1] == s.low[i-1-d] {
			continue
		}
		n := 1
		for i+n < s.n && s.low[i+n] == s.low[i+n-d] {
			n++
		}
		switch {
		case n >= d && (n >= 2 || d == 1):
			for k := d; k < n; k += d {
				s.both(i, i+k, repeatCost+logOf(k/d+1), Repeat)
			}
			s.both(i, i+n, repeatCost+logOf(n/d+1), Repeat)
		case n >= 3:
			s.both(i, i+n, copyCost, Repeat)
		}
	}
}

// mirrors offers what stands at i as what stands before it, backwards: the
// last sign before it is the turning point, or it is written twice.
func (s *search) mirrors(i int) {
	for turn := 1; turn <= 2; turn++ {
		n := 0
		for i+n < s.n && i-turn-n >= 0 && s.low[i+n] == s.low[i-turn-n] {
			n++
		}
		if n >= minRun {
			s.both(i, i+n, mirrorCost, Repeat)
		}
	}
}

// logOf returns the logarithm of a small number in thousandths, rounded.
func logOf(n int) int32 {
	const table = "\x00\x00\x01\x2d\x01\xdd\x02\x5a\x02\xbb\x03\x0a\x03\x4d\x03\x87\x03\xba\x03\xe8"
	over := int32(0)
	for n > 10 {
		n, over = n/10, over+1000
	}
	if n < 1 {
		return 0
	}
	return over + int32(table[2*n-2])<<8 + int32(table[2*n-1])
}
