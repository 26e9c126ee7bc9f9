package guess

// step returns the direction from one key to the next, 1 to 8, or 0 if they
// are no neighbours. The rows of a keyboard are shifted by half a key, those
// of a phone are not.
func step(layout int, a, b uint8) int {
	if a == 0 || b == 0 {
		return 0
	}
	row, col := int(b>>4)-int(a>>4), int(b&15)-int(a&15)
	switch {
	case row == 0 && col == 1:
		return 1
	case row == 0 && col == -1:
		return 2
	case row == 1 && col == 0:
		return 3
	case row == -1 && col == 0:
		return 4
	case row == 1 && col == -1:
		return 5
	case row == -1 && col == 1:
		return 6
	case layout == layouts-1 && row == 1 && col == 1:
		return 7
	case layout == layouts-1 && row == -1 && col == -1:
		return 8
	}
	return 0
}

// walks offers the way over neighbouring keys that begins at i.
func (s *search) walks(i int) {
	for l := range layouts {
		keys := &s.keys[l]
		if i > 0 && step(l, keys[i-1], keys[i]) != 0 && i > 1 && step(l, keys[i-2], keys[i-1]) != 0 {
			continue
		}
		cost := int32(1300)
		if s.low[i] == 'q' || s.low[i] == '1' || s.low[i] == 'a' {
			cost = 700
		}
		last := 0
		for n := 1; i+n < s.n; n++ {
			d := step(l, keys[i+n-1], keys[i+n])
			if d == 0 {
				break
			}
			if d != last {
				cost += 500
				last = d
			}
			if n+1 >= minRun+1 || n+1 == minRun && cost <= 1900 {
				s.both(i, i+n+1, cost+logOf(n+1)/2+s.capitals(i, i+n+1), Walk)
			}
		}
	}
}
