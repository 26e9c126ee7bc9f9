package guess

// A password that is maxEdits changes or fewer away from the old one is never
// rated higher than editCost for each.
const (
	maxEdits = 3
	editCost = 2500
	sameCost = 300
)

// edited returns the most that a password may be rated after the old one, and
// whether it is near enough for that.
func (t *text) edited(old string) (int, bool) {
	var b text
	if end := b.fill(old); end < len(old) || max(t.n-b.n, b.n-t.n) > maxEdits {
		return 0, false
	}
	n := edits(t.leet[0][:t.n], b.leet[0][:b.n])
	return sameCost + editCost*n, n <= maxEdits
}

// edits returns how many signs of a must be changed, added, left out or
// swapped with the next one to make it b.
func edits(a, b []rune) int {
	var rows [3][Window + 1]uint8 // of the last two signs and of this one
	before, last, this := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = uint8(j)
	}
	for i := range a {
		this[0] = uint8(i + 1)
		for j := range b {
			n := min(last[j+1], this[j]) + 1
			if a[i] == b[j] {
				n = min(n, last[j])
			} else {
				n = min(n, last[j]+1)
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				n = min(n, before[j-1]+1)
			}
			this[j+1] = n
		}
		before, last, this = last, this, before
	}
	return int(last[len(b)])
}
