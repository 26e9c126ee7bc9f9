package fold

// Period returns the length of the shortest unit that t repeats at least twice
// (the last time perhaps not to its end), or 0.
func Period(t []rune) int {
	if p := period(t); 2*p <= len(t) {
		return p
	}
	return 0
}

// period returns the length of the shortest unit that t is made of, if need be
// with the last one cut short: len(t) if nothing repeats.
func period(t []rune) int {
	n := len(t)
	if n == 0 {
		return 0
	}
	var short [128]int32 // most passwords fit, and cost no memory
	border := short[:]   // border[i]: longest proper border of t[:i+1]
	if n > len(short) {
		border = make([]int32, n)
	}
	for i, k := 1, int32(0); i < n; i++ {
		for k > 0 && t[i] != t[k] {
			k = border[k-1]
		}
		if t[i] == t[k] {
			k++
		}
		border[i] = k
	}
	return n - int(border[n-1])
}
