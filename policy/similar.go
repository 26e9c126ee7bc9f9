package policy

import (
	"strings"

	"github.com/tillkey/tillkey/policy/internal/fold"
)

const (
	maxCompared   = 256 // code points of each password
	similarBudget = 6.5 // powers of ten of decoration that may differ
	similarCore   = 4   // code points that must be left
	maxAddition   = 6   // code points around an unchanged password
)

// Similar reports whether who knows the password old would soon guess the
// password new: because only case, look-alike signs, accents, digits, years,
// signs or separators at the ends differ; because a season, a month or a day of
// the week has moved on; because one is the other repeated, reversed, turned
// around, or with up to six code points added; or because at most a quarter of
// the code points were changed, or two where a quarter is less and there are
// six or more.
//
// It is symmetric, true for equal passwords that are not empty, looks at the
// first 256 code points only where it counts changes and at the first 4096
// bytes anywhere, and does bounded work. It does not run in constant
// time; both passwords come from the person who is changing one.
func Similar(old, new string) bool {
	a, b := compared(old), compared(new)
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return near(a, b) || near([]rune(fold.Reverse(string(a))), b) ||
		turned(unseparated(a), unseparated(b)) || extended(a, b) ||
		sameCore(old, new)
}

func compared(password string) []rune {
	lower := fold.Lower(password)
	return []rune(fold.Skeleton(lower[:min(len(lower), maxCompared)]))
}

// near reports a small edit distance.
func near(a, b []rune) bool {
	longer := max(len(a), len(b))
	limit := longer / 4
	if longer >= 6 {
		limit = max(limit, 2)
	}
	return fold.Distance(a, b, limit) <= limit
}

// unseparated leaves out the signs that people put between words.
func unseparated(t []rune) []rune {
	kept := make([]rune, 0, len(t))
	for _, r := range t {
		if !strings.ContainsRune(" -_.,", r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// turned reports whether b is a cut in two with its halves exchanged.
func turned(a, b []rune) bool {
	return len(a) == len(b) && len(a) >= similarCore && strings.Contains(string(a)+string(a), string(b))
}

// extended reports whether one is the other with a little added.
func extended(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return len(a) >= similarCore && len(b)-len(a) <= maxAddition && strings.Contains(string(b), string(a))
}

// sameCore reports whether the same is left of both without decoration, where
// one season, month or day of the week counts for another.
func sameCore(old, new string) bool {
	cycles := newCycles()
	left := map[string]bool{}
	for _, core := range similarCores(old, cycles) {
		left[core] = true
	}
	for _, core := range similarCores(new, cycles) {
		if left[core] {
			return true
		}
	}
	return false
}

func similarCores(password string, cycles *strings.Replacer) []string {
	var left []string
	for _, core := range fold.Cores(password, similarBudget) {
		skeleton := fold.Skeleton(core.Text)
		turned := cycles.Replace(skeleton)
		if len(core.Text) >= similarCore || turned != skeleton {
			left = append(left, turned)
		}
	}
	return left
}
