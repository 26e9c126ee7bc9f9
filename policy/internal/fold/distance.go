package fold

import "unicode/utf8"

// OneEdit reports whether a becomes b by one code point put in, left out or
// changed, or by none. It is Distance up to 1, without memory.
func OneEdit(a, b string) bool {
	for len(a) > 0 && len(b) > 0 {
		r, size := utf8.DecodeRuneInString(a)
		if other, _ := utf8.DecodeRuneInString(b); other != r || a[:size] != b[:min(size, len(b))] {
			break
		}
		a, b = a[size:], b[size:]
	}
	for len(a) > 0 && len(b) > 0 {
		r, size := utf8.DecodeLastRuneInString(a)
		if other, n := utf8.DecodeLastRuneInString(b); other != r || n != size {
			break
		}
		a, b = a[:len(a)-size], b[:len(b)-size]
	}
	return utf8.RuneCountInString(a) <= 1 && utf8.RuneCountInString(b) <= 1
}

// Distance returns the Levenshtein distance of a and b, or limit+1 when it is
// larger than limit. The work is len(a) times 2*limit+1 steps.
func Distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	far := limit + 1
	row := make([]int, len(b)+1) // distances of a[:i] to b[:j]
	for j := range row {
		row[j] = min(j, far)
	}
	for i := 1; i <= len(a); i++ {
		from, to := max(1, i-limit), min(len(b), i+limit)
		diagonal := row[from-1]
		row[from-1] = far
		if from == 1 {
			row[0] = min(i, far)
		}
		for j := from; j <= to; j++ {
			above := far
			if j < i+limit {
				above = row[j]
			}
			d := diagonal
			if a[i-1] != b[j-1] {
				d = 1 + min(diagonal, row[j-1], above)
			}
			diagonal, row[j] = row[j], min(d, far)
		}
	}
	return row[len(b)]
}
