package clause

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/tillkey/tillkey/policy"
)

const day = 24 * time.Hour

func met(format string, args ...any) finding {
	return finding{status: Met, why: fmt.Sprintf(format, args...)}
}

func deviates(format string, args ...any) finding {
	return finding{status: Deviates, why: fmt.Sprintf(format, args...)}
}

func shop(format string, args ...any) finding {
	return finding{status: Shop, why: fmt.Sprintf(format, args...)}
}

func notApplicable(format string, args ...any) finding {
	return finding{status: NotApplicable, why: fmt.Sprintf(format, args...)}
}

// always is a judge that says the same of every subject.
func always(f finding) func(Subject) finding {
	return func(Subject) finding { return f }
}

// kept is a judge of what rotate.Keeper does with every password. Without it
// the shop has something to do.
func kept(why, todo string) func(Subject) finding {
	return func(s Subject) finding {
		if s.Kept {
			return met("%s", why)
		}
		return shop("%s", todo)
	}
}

// missing is for what a subject lacks: a deviation where it says all there is to
// say, and else something for the shop.
func missing(s Subject, lack, todo string) finding {
	if s.Kept {
		return deviates("%s", lack)
	}
	return shop("%s", todo)
}

// allows64 judges whether 64 characters of any script may be used.
func allows64(s Subject) finding {
	const wanted, widest = 64, 4 // a code point has at most 4 bytes in UTF-8
	length, size := s.Policy.Caps()
	switch {
	case length < wanted:
		return deviates("At most %d characters are accepted.", length)
	case size < wanted*widest:
		return deviates("At most %d bytes are accepted; 64 characters can take %d.", size, wanted*widest)
	}
	return met("Up to %d characters are accepted.", min(length, size))
}

// noAgeLimit judges whether passwords stay good until there is a cause.
func noAgeLimit(s Subject) finding {
	switch {
	case s.MaxAge == 0:
		return met("Passwords have no age limit.")
	case s.MaxAgeWithFactor:
		return deviates("A password must be changed after %s.", span(s.MaxAge))
	}
	return deviates("A password must be changed after %s where there is no second factor.", span(s.MaxAge))
}

// composition names what the policy demands of the characters, or "".
func composition(p policy.Policy) string {
	switch {
	case p.NeedLetter && p.NeedDigit:
		return "A letter and a digit are demanded."
	case p.NeedLetter:
		return "A letter is demanded."
	case p.NeedDigit:
		return "A digit is demanded."
	}
	return ""
}

// power writes a threshold as a power of ten.
func power(log10 float64) string {
	return "10^" + strconv.FormatFloat(math.Round(log10*10)/10, 'f', -1, 64)
}

// count writes a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// span writes a duration in the largest unit that divides it.
func span(d time.Duration) string {
	switch {
	case d >= day && d%day == 0:
		return count(int(d/day), "day")
	case d >= time.Hour && d%time.Hour == 0:
		return count(int(d/time.Hour), "hour")
	case d >= time.Minute && d%time.Minute == 0:
		return count(int(d/time.Minute), "minute")
	}
	return d.String()
}

// isCommon says whether a list is the one that policy.Common returns.
func isCommon(list policy.List) bool {
	a, ok := list.(policy.Fingerprinter)
	b, known := policy.Common().(policy.Fingerprinter)
	return ok && known && a.Fingerprint() == b.Fingerprint()
}
