package rotate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// Rules say when a password of a group must be changed, how guesses slow down,
// and what the second factor must be. They are a value; the presets are
// functions that return one: [ShopCustomer], [ShopStaff], [NIST63B4],
// [PCI401Staff], [ASVS5].
type Rules struct {
	// Name names the rules in reports.
	Name string

	// MaxAge is how old a password may get; 0, the default, means any age, as
	// NIST SP 800-63B-4, 3.1.1.2 demands. Where it is set it binds only
	// accounts without a second factor (PCI DSS 4.0.1, 8.3.9), unless
	// MaxAgeWithFactor is set.
	MaxAge           time.Duration
	MaxAgeWithFactor bool
	// Jitter spreads the ends of MaxAge over this time before it, the same for
	// one account every time, so that customers who came on one day need not
	// change on one day. It makes limits earlier only, and touches no order.
	Jitter time.Duration
	// Remind are the times before a deadline at which a reminder goes out.
	Remind []time.Duration

	// History is how many former passwords are refused, beside the current one,
	// which always is; HistoryFor how long each is kept at least
	// (PCI DSS 4.0.1, 8.3.7: the last 4, unusable for 12 months).
	History    int
	HistoryFor time.Duration
	// BurnedFor is how long a password stays refused that was replaced because
	// somebody else may know it; at least 365 days.
	BurnedFor time.Duration

	// Password throttles guesses of the password, Code those of the second
	// factor. They are counted apart: a right password never clears the other.
	Password Throttle
	Code     Throttle

	// RequireFactor makes a second factor a condition of signing in.
	RequireFactor bool
	// Window is how far a code's clock may be off.
	Window totp.Window

	// BreachThreshold is the count at a breach list from which a password met
	// at sign-in must be changed; 0 means 1.
	BreachThreshold int
	// Recheck says what follows when a password that is right no longer meets the
	// policy; the zero value does not look. RecheckGrace is how long the old one
	// still signs in under RecheckForce, and 0 otherwise.
	Recheck      Recheck
	RecheckGrace time.Duration
	// ResetFor is how long a mailed ticket is good (NIST SP 800-63B-4, 4.2.1.2:
	// at most 24 hours by e-mail).
	ResetFor time.Duration
	// ForbidAge marks rules under a standard that forbids MaxAge.
	ForbidAge bool
}

// ErrRules reports rules that contradict themselves or a standard they name.
var ErrRules = errors.New("rotate: rules refused")

// minBurned is how long a burned password stays refused at least.
const minBurned = 365 * 24 * time.Hour

// Validate reports the first contradiction. [New] calls it for the default
// group; a shop calls it for all its groups at start.
func (r Rules) Validate() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", ErrRules, r.Name, fmt.Sprintf(format, args...))
	}
	switch {
	case r.ForbidAge && r.MaxAge != 0:
		return bad("a maximum age is forbidden (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2.10)")
	case r.MaxAge < 0 || r.Jitter < 0 || r.HistoryFor < 0:
		return bad("a time is negative")
	case r.MaxAge > 0 && r.Jitter >= r.MaxAge:
		return bad("jitter %v is not below the maximum age %v", r.Jitter, r.MaxAge)
	case r.History < 0 || r.History > maxRetired/2:
		return bad("history %d is not 0 to %d", r.History, maxRetired/2)
	case r.BurnedFor < minBurned:
		return bad("burned passwords stay refused for %v, less than a year", r.BurnedFor)
	case r.ResetFor <= 0 || r.ResetFor > 24*time.Hour:
		return bad("mailed tickets are good for %v, not for up to 24 hours", r.ResetFor)
	case r.BreachThreshold < 0:
		return bad("breach threshold %d is negative", r.BreachThreshold)
	}
	if err := r.Recheck.validate(r.RecheckGrace); err != nil {
		return bad("%v", err)
	}
	if err := r.Window.Validate(); err != nil {
		return bad("%v", err)
	}
	for _, t := range []Throttle{r.Password, r.Code} {
		if err := t.Validate(); err != nil {
			return bad("%v", err)
		}
	}
	return nil
}

// Validate reports a throttle that would not limit, or never let go.
func (t Throttle) Validate() error {
	switch {
	case t.DisableAfter < 1 || t.DisableAfter > 100:
		return fmt.Errorf("throttle disables after %d failures, not after 1 to 100 (NIST SP 800-63B-4, 3.2.2)", t.DisableAfter)
	case t.From < 0 || t.LockAfter < 0:
		return errors.New("throttle counts are negative")
	case t.From > 0 && (t.First <= 0 || t.Max < t.First || t.Max > 24*time.Hour):
		return fmt.Errorf("throttle waits %v to %v, not more than nothing and at most a day", t.First, t.Max)
	case t.LockAfter > 0 && (t.LockFor <= 0 || t.LockFor > 24*time.Hour):
		return fmt.Errorf("throttle locks for %v, not for up to a day", t.LockFor)
	case t.From == 0 && t.LockAfter == 0:
		return errors.New("throttle neither waits nor locks")
	}
	return nil
}

// reminders returns the reminder times, longest first.
func (r Rules) reminders() []time.Duration {
	sorted := slices.Clone(r.Remind)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	return sorted
}
