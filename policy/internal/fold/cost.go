package fold

import (
	"slices"
	"strings"
)

const (
	yearCost  = 2.0 // some hundred years, few of them likely
	dateCost  = 3.5 // the days of a life time, written in a few ways
	signCost  = 1.0
	usualCost = 0.5 // the signs that most people take
	rareCost  = 1.5 // one of all
	placeCost = 1.0 // where each further kind stands
	walkCost  = 1.0 // 1, 123, 777, !@#
)

// digitsCost rates a run of digits.
func digitsCost(run []rune) float64 {
	switch {
	case len(run) == 1 || steady(run):
		return walkCost
	case isYear(run):
		return yearCost
	case isDate(run):
		return min(dateCost, float64(len(run)))
	}
	if p := Period(run); p > 0 {
		return float64(p) + repeatCost
	}
	return float64(len(run))
}

// signsCost rates a run of signs. The first one costs little if it is what
// most people take.
func signsCost(run []rune) float64 {
	if len(run) >= walkRun && walkLength(run) == len(run) {
		return walkCost
	}
	cost := firstSignCost(run[0])
	for i := 1; i < len(run); i++ {
		if run[i] != run[i-1] {
			cost += max(signCost, firstSignCost(run[i]))
		}
	}
	return cost
}

// separatorsCost rates the signs anywhere in t: one kind is cheap however
// often it occurs, each further kind is one more choice of sign and place.
func separatorsCost(t []rune) float64 {
	var kinds []rune
	for _, r := range t {
		if isSign(r) && !slices.Contains(kinds, r) {
			if kinds = append(kinds, r); len(kinds) > 8 {
				break
			}
		}
	}
	cost := firstSignCost(kinds[0])
	for _, r := range kinds[1:] {
		cost += firstSignCost(r) + placeCost
	}
	return cost
}

func firstSignCost(r rune) float64 {
	switch {
	case strings.ContainsRune("!.-_ ", r):
		return usualCost
	case strings.ContainsRune("?@#$%&*+,/", r):
		return signCost
	}
	return rareCost
}

// digitRunsCost rates all runs of digits in t.
func digitRunsCost(t []rune) float64 {
	cost := 0.0
	for i := 0; i < len(t); {
		j := i
		for j < len(t) && isDigit(t[j]) {
			j++
		}
		if j > i {
			cost += digitsCost(t[i:j])
		}
		i = j + 1
	}
	return cost
}

// steady reports a run that repeats one sign or counts up or down by one.
func steady(run []rune) bool {
	return len(run) >= 2 && stepRun(run) == len(run)
}

// isYear reports four digits from 1900 to 2099.
func isYear(t []rune) bool {
	return len(t) == 4 && (t[0] == '1' && t[1] == '9' || t[0] == '2' && t[1] == '0') &&
		isDigit(t[2]) && isDigit(t[3])
}

// isDate reports six or eight digits that are a day, month and year in one of
// the usual orders.
func isDate(t []rune) bool {
	for _, r := range t {
		if !isDigit(r) {
			return false
		}
	}
	switch len(t) {
	case 6:
		return dayMonth(t[0:2], t[2:4]) || dayMonth(t[4:6], t[2:4])
	case 8:
		return isYear(t[4:]) && dayMonth(t[0:2], t[2:4]) || isYear(t[:4]) && dayMonth(t[4:6], t[6:8])
	}
	return false
}

func dayMonth(a, b []rune) bool {
	x, y := (a[0]-'0')*10+a[1]-'0', (b[0]-'0')*10+b[1]-'0'
	day := func(d rune) bool { return 1 <= d && d <= 31 }
	month := func(m rune) bool { return 1 <= m && m <= 12 }
	return day(x) && month(y) || month(x) && day(y)
}
