package fold

import (
	"slices"
	"unicode"
)

// The price of undoing one habit, in powers of ten of the guesses that it
// costs an attacker to try it. Rough on purpose: they only have to tell
// "2026!" (cheap) from six random digits (not cheap).
const (
	repeatCost = 0.3 // twice, thrice, backwards, each sign twice, look-alikes
	letterCost = 1.4 // one of 26
	tailCost   = 2.0 // "abc", "qwe", "xxx": some hundred are usual
)

// unrepeat returns the unit of a text that is one unit written at least twice,
// the last time perhaps not to its end, or twice with a sign in between.
func unrepeat(t []rune) (Core, bool) {
	switch p := period(t); {
	case p == 0:
		return Core{}, false
	case 2*p <= len(t):
		return Core{t[:p], repeatCost}, true
	case 2*p == len(t)+1 && isSign(t[p-1]):
		return Core{t[:p-1], repeatCost + firstSignCost(t[p-1])}, true
	}
	return Core{}, false
}

// unmirror returns the first half of a text whose second half is the first
// written backwards.
func unmirror(t []rune) (Core, bool) {
	if len(t) < 2*MinCore || len(t)%2 != 0 {
		return Core{}, false
	}
	for i, j := 0, len(t)-1; i < j; i, j = i+1, j-1 {
		if t[i] != t[j] {
			return Core{}, false
		}
	}
	return Core{t[:len(t)/2], repeatCost}, true
}

// undouble returns every other sign of a text that has each of them twice
// ("ppaassss").
func undouble(t []rune) (Core, bool) {
	if len(t) < 2*MinCore || len(t)%2 != 0 {
		return Core{}, false
	}
	for i := 0; i < len(t); i += 2 {
		if t[i] != t[i+1] {
			return Core{}, false
		}
	}
	kept := make([]rune, 0, len(t)/2)
	for i := 0; i < len(t); i += 2 {
		kept = append(kept, t[i])
	}
	return Core{kept, repeatCost}, true
}

// unleet puts letters for one or two look-alikes between letters, so that
// digits can be taken off that are none ("p4ssw0rd2026password"). Only texts of
// two thirds letters are taken for words written so.
func unleet(t []rune) (Core, bool) {
	letters := 0
	for _, r := range t {
		if isLetter(r) {
			letters++
		}
	}
	if 3*letters < 2*len(t) {
		return Core{}, false
	}
	var kept []rune
	for i := 1; i+1 < len(t); i++ {
		if isLetter(t[i]) || !isLetter(t[i-1]) {
			continue
		}
		n := 1
		if !isLetter(t[i+1]) {
			n = 2
		}
		if i+n == len(t) || !isLetter(t[i+n]) || !isLetter(plain(t[i])) || !isLetter(plain(t[i+n-1])) {
			continue
		}
		if kept == nil {
			kept = slices.Clone(t)
		}
		for j := i; j < i+n; j++ {
			kept[j] = plain(t[j])
		}
	}
	return Core{kept, repeatCost}, kept != nil
}

func trailingSigns(t []rune) (Core, bool)  { return trailing(t, isSign, signsCost) }
func trailingDigits(t []rune) (Core, bool) { return trailing(t, isDigit, digitsCost) }
func leadingSigns(t []rune) (Core, bool)   { return leading(t, isSign, signsCost) }
func leadingDigits(t []rune) (Core, bool)  { return leading(t, isDigit, digitsCost) }
func withoutSigns(t []rune) (Core, bool)   { return without(t, isSign, separatorsCost) }
func withoutDigits(t []rune) (Core, bool)  { return without(t, isDigit, digitRunsCost) }

func trailing(t []rune, is func(rune) bool, cost func([]rune) float64) (Core, bool) {
	n := len(t)
	for n > 0 && is(t[n-1]) {
		n--
	}
	if n == len(t) || n == 0 {
		return Core{}, false
	}
	return Core{t[:n], cost(t[n:])}, true
}

func leading(t []rune, is func(rune) bool, cost func([]rune) float64) (Core, bool) {
	n := 0
	for n < len(t) && is(t[n]) {
		n++
	}
	if n == len(t) || n == 0 {
		return Core{}, false
	}
	return Core{t[n:], cost(t[:n])}, true
}

func without(t []rune, is func(rune) bool, cost func([]rune) float64) (Core, bool) {
	if !slices.ContainsFunc(t, is) {
		return Core{}, false
	}
	kept := make([]rune, 0, len(t))
	for _, r := range t {
		if !is(r) {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return Core{}, false
	}
	return Core{kept, cost(t)}, true
}

// trailingYear takes a year off a longer run of digits ("trustno12026").
func trailingYear(t []rune) (Core, bool) {
	n := len(t) - 4
	if n < 1 || !isDigit(t[n-1]) || !isYear(t[n:]) {
		return Core{}, false
	}
	return Core{t[:n], yearCost}, true
}

// trailingLetters takes off one or two letters that follow a digit or sign,
// as people add them to please composition rules ("letmein1A").
func trailingLetters(t []rune) (Core, bool) {
	n := len(t)
	for n > 0 && isLetter(t[n-1]) {
		n--
	}
	dropped := len(t) - n
	if n == 0 || dropped < 1 || dropped > 2 {
		return Core{}, false
	}
	return Core{t[:n], float64(dropped) * letterCost}, true
}

// trailingWalk takes off a tail that only makes the password longer
// ("monkeyqwerty", "passwordxxxxxxx", "trustno1123456").
func trailingWalk(t []rune) (Core, bool) {
	if len(t) <= walkRun || isSign(t[len(t)-1]) {
		return Core{}, false
	}
	var turned [maxWalk]rune
	tail := turned[:copy(turned[:], t[len(t)-min(len(t), maxWalk):])]
	slices.Reverse(tail)
	n := walkLength(tail)
	if n < walkRun {
		return Core{}, false
	}
	return Core{t[:len(t)-n], tailWalkCost(tail[:n])}, true
}

// leadingWalk takes off such a walk in front ("qwertymonkey").
func leadingWalk(t []rune) (Core, bool) {
	if len(t) <= walkRun || isSign(t[0]) {
		return Core{}, false
	}
	n := walkLength(t[:min(len(t), maxWalk)])
	if n < walkRun {
		return Core{}, false
	}
	return Core{t[n:], tailWalkCost(t[:n])}, true
}

func tailWalkCost(walk []rune) float64 {
	if isDigit(walk[0]) && isDigit(walk[len(walk)-1]) {
		return walkCost
	}
	return tailCost
}

func isLetter(r rune) bool {
	if r <= unicode.MaxASCII {
		return 'a' <= r && r <= 'z'
	}
	return unicode.IsLetter(r)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
func isSign(r rune) bool  { return !isDigit(r) && !isLetter(r) }
