package policy

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on the fields of a Policy, and the defaults of its caps.
const (
	DefaultMaxLength = 256  // code points; NIST SP 800-63B-4, 3.1.1.2(2) asks for at least 64
	DefaultMaxBytes  = 1024 // bytes; 256 code points of four bytes each

	maxMaxLength  = 1024 // code points
	maxMaxBytes   = 4096 // bytes
	maxName       = 255  // bytes
	maxWords      = 1000
	maxWordBytes  = 256
	maxLists      = 64
	maxMinGuesses = 100 // powers of ten
)

// ErrInvalid is what errors of Validate wrap. Mend the policy; no password is
// at fault.
var ErrInvalid = errors.New("policy: invalid policy")

// UncheckedRule says what happens when a list or breach source could not
// answer.
type UncheckedRule int

const (
	// AcceptUnchecked lets the password pass. Verdict.Unchecked holds what
	// was not asked, so that the caller can ask again later.
	AcceptUnchecked UncheckedRule = iota
	// RefuseUnchecked makes Check return an error that wraps ErrUnchecked,
	// unless the password has a problem anyway.
	RefuseUnchecked
)

// Policy is a set of rules for new passwords. The zero value of a field turns
// its rule off, but for the two caps, which have defaults. So the zero Policy
// accepts every text up to the caps, the empty one too; start from a preset.
//
// A Policy holds no secrets and is never changed by its methods. Copies share
// the slices.
type Policy struct {
	// Name says which policy this is, in reports. It decides nothing. At most
	// 255 bytes of text without control characters.
	Name string

	// MinLength and MaxLength are in code points of the NFC form.
	// MaxLength 0 means DefaultMaxLength; at most 1024.
	MinLength int
	MaxLength int

	// MaxBytes is the cap on the password as received. It is checked before
	// anything else. 0 means DefaultMaxBytes; at most 4096.
	MaxBytes int

	// NeedLetter and NeedDigit ask for a letter of any script and for a
	// decimal digit of any script. NIST SP 800-63B-4, 3.1.1.2(5) and OWASP
	// ASVS 5.0, 6.2.5 forbid such rules; PCI DSS v4.0.1, 8.3.6 demands them.
	NeedLetter bool
	NeedDigit  bool

	// Estimator rates passwords. nil means Entropy(), a cheap floor.
	Estimator Estimator

	// MinGuessesLog10 refuses passwords that the Estimator rates below
	// 10^MinGuessesLog10 guesses. At most 100. A hard threshold is one more
	// composition rule, so the presets of NIST, ASVS and PCI leave it off;
	// the rating is in the Verdict all the same.
	MinGuessesLog10 float64

	// Words are the names of the shop, its brands and products: words a
	// password of this shop must not be made of, whoever chooses it. At most
	// 1000 of 256 bytes each. Words of fewer than 3 code points are ignored.
	Words []string

	// Contains also refuses passwords that hold a context word of four code
	// points or more anywhere, not only passwords made of nothing else.
	// NIST SP 800-63B-4, 3.1.1.2 wants the entire password compared, so this
	// is off in every preset.
	Contains bool

	// Lists are lists of common passwords in memory. Preview asks them too,
	// so they must do no I/O.
	Lists []List

	// Breach are sources of leaked passwords. They may use disk and network,
	// and only Check asks them, in order, with the NFC form, until one
	// reaches the threshold.
	Breach []List

	// BreachThreshold is the count from which a leaked password is refused.
	// 0 means 1.
	BreachThreshold int

	// Unchecked says what happens when one of Lists or Breach cannot answer.
	// The zero value accepts.
	Unchecked UncheckedRule
}

// Validate returns nil, or an error that wraps ErrInvalid and names the field
// that is out of range or contradicts another one. Check calls it; call it
// when a policy is loaded, to hear of mistakes early.
func (p Policy) Validate() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
	}
	switch {
	case !plain(p.Name, maxName):
		return wrong("Name is not text of at most %d bytes without control characters", maxName)
	case p.MinLength < 0:
		return wrong("MinLength is %d, want 0 or more", p.MinLength)
	case p.MaxLength < 0 || p.MaxLength > maxMaxLength:
		return wrong("MaxLength is %d, want 0 to %d code points", p.MaxLength, maxMaxLength)
	case p.MaxBytes < 0 || p.MaxBytes > maxMaxBytes:
		return wrong("MaxBytes is %d, want 0 to %d", p.MaxBytes, maxMaxBytes)
	case p.MinLength > p.maxLength():
		return wrong("MinLength %d is above MaxLength %d", p.MinLength, p.maxLength())
	case p.MinLength > p.maxBytes():
		return wrong("MinLength %d does not fit MaxBytes %d", p.MinLength, p.maxBytes())
	case p.NeedLetter && p.NeedDigit && min(p.maxLength(), p.maxBytes()) < 2:
		return wrong("NeedLetter and NeedDigit do not fit MaxLength %d and MaxBytes %d", p.maxLength(), p.maxBytes())
	case math.IsNaN(p.MinGuessesLog10) || p.MinGuessesLog10 < 0 || p.MinGuessesLog10 > maxMinGuesses:
		return wrong("MinGuessesLog10 is %v, want 0 to %d", p.MinGuessesLog10, maxMinGuesses)
	case p.BreachThreshold < 0:
		return wrong("BreachThreshold is %d, want 0 or more", p.BreachThreshold)
	case p.Unchecked != AcceptUnchecked && p.Unchecked != RefuseUnchecked:
		return wrong("Unchecked is %d, want AcceptUnchecked or RefuseUnchecked", p.Unchecked)
	case len(p.Words) > maxWords:
		return wrong("%d Words, want at most %d", len(p.Words), maxWords)
	case len(p.Lists) > maxLists || len(p.Breach) > maxLists:
		return wrong("%d Lists and %d Breach, want at most %d each", len(p.Lists), len(p.Breach), maxLists)
	}
	for i, word := range p.Words {
		if len(word) > maxWordBytes || !utf8.ValidString(word) {
			return wrong("Words[%d] is not text of at most %d bytes", i, maxWordBytes)
		}
	}
	for i, list := range p.Lists {
		if list == nil {
			return wrong("Lists[%d] is nil", i)
		}
	}
	for i, list := range p.Breach {
		if list == nil {
			return wrong("Breach[%d] is nil", i)
		}
	}
	return nil
}

// plain reports whether s is text of so many bytes without control characters.
func plain(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Caps returns MaxLength and MaxBytes of a valid policy with their defaults put in.
func (p Policy) Caps() (codePoints, bytes int) { return p.maxLength(), p.maxBytes() }

func (p Policy) maxLength() int {
	if p.MaxLength == 0 {
		return DefaultMaxLength
	}
	return min(p.MaxLength, maxMaxLength)
}

func (p Policy) maxBytes() int {
	if p.MaxBytes == 0 {
		return DefaultMaxBytes
	}
	return min(p.MaxBytes, maxMaxBytes)
}

func (p Policy) breachThreshold() int {
	return max(1, p.BreachThreshold)
}

func (p Policy) estimator() Estimator {
	if p.Estimator == nil {
		return Entropy()
	}
	return p.Estimator
}
