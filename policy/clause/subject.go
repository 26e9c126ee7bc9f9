package clause

import (
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/policy"
)

// ErrSubject is what errors about a Subject wrap. Mend the field they name.
var ErrSubject = errors.New("clause: invalid subject")

// Audience says whose passwords they are.
type Audience int

const (
	// Everyone may be anybody: all clauses count.
	Everyone Audience = iota
	// Customers are consumers who see nothing but their own data; requirement 8
	// of PCI DSS is not about them.
	Customers
	// Staff are employees and administrators.
	Staff
)

// Factor says whether there is a second factor beside the password.
type Factor int

const (
	// NoFactor means that the password is the only factor, or that nothing is
	// known.
	NoFactor Factor = iota
	// OfferedFactor means that those who want a second factor have one.
	OfferedFactor
	// RequiredFactor means that nobody signs in without one.
	RequiredFactor
)

// Hashing is how passwords are hashed by argon2id. Take it from the Params of the
// hash.Hasher, which this package does not import.
type Hashing struct {
	Memory      uint32 // KiB
	Time        uint32 // passes
	Parallelism uint8  // lanes

	// MeetsASVS5 is what hash.Params.MeetsASVS5 says.
	MeetsASVS5 bool
}

// String names the costs.
func (h Hashing) String() string {
	memory := fmt.Sprintf("%d KiB", h.Memory)
	if h.Memory%1024 == 0 {
		memory = fmt.Sprintf("%d MiB", h.Memory/1024)
	}
	passes := count(int(h.Time), "pass")
	if h.Time != 1 {
		passes = fmt.Sprintf("%d passes", h.Time)
	}
	return fmt.Sprintf("argon2id with %s, %s and %s", memory, passes, count(int(h.Parallelism), "lane"))
}

// Subject is what a report is about: a policy, and what happens to the
// passwords that it lets through. The zero value of a field means that there is
// no such rule, or that nobody has said so.
//
// Most fields are those of rotate.Rules, which this package does not import.
type Subject struct {
	// Name is in the title of reports. Empty means Policy.Name.
	Name string

	// Policy says which passwords may be chosen.
	Policy policy.Policy

	// Audience says whose passwords they are.
	Audience Audience

	// Kept says that rotate.Keeper runs the life of these passwords: it hashes
	// and seals them, limits guesses, forces changes and handles resets.
	Kept bool

	// Hashing is what the Hasher of the Keeper makes, the zero value where nobody
	// has said so.
	Hashing Hashing

	// SecondFactor says whether the password is the only factor.
	SecondFactor Factor

	// MaxAge is the age from which a password must be changed, 0 for none. It
	// binds only accounts without a second factor unless MaxAgeWithFactor is
	// set.
	MaxAge           time.Duration
	MaxAgeWithFactor bool

	// Reminded says that reminders go out before MaxAge ends.
	Reminded bool

	// Posture says that access is decided in real time by an analysis of the
	// account's security posture, which PCI DSS 8.3.9 takes instead of MaxAge.
	Posture bool

	// History is how many former passwords are refused, HistoryFor how long
	// each is at least.
	History    int
	HistoryFor time.Duration

	// Waits says that each failure makes the next guess wait longer.
	Waits bool

	// LockAfter failures in a row lock the account for LockFor, 0 for no lock.
	LockAfter int
	LockFor   time.Duration

	// DisableAfter failures in a row end a password until it is reset, 0 for
	// never.
	DisableAfter int

	// ResetFor is how long a mailed code or link for a reset is good, 0 where
	// there is none.
	ResetFor time.Duration
}

// Validate returns nil, or an error that wraps ErrSubject, or policy.ErrInvalid
// for the policy, and names the field.
func (s Subject) Validate() error {
	wrong := func(field string) error { return fmt.Errorf("%w: %s is out of range", ErrSubject, field) }
	switch {
	case s.Audience < Everyone || s.Audience > Staff:
		return wrong("Audience")
	case s.SecondFactor < NoFactor || s.SecondFactor > RequiredFactor:
		return wrong("SecondFactor")
	case s.MaxAge < 0:
		return wrong("MaxAge")
	case s.History < 0:
		return wrong("History")
	case s.HistoryFor < 0:
		return wrong("HistoryFor")
	case s.LockAfter < 0:
		return wrong("LockAfter")
	case s.LockFor < 0:
		return wrong("LockFor")
	case s.DisableAfter < 0:
		return wrong("DisableAfter")
	case s.ResetFor < 0:
		return wrong("ResetFor")
	case s.Hashing != (Hashing{}) && (s.Hashing.Memory == 0 || s.Hashing.Time == 0 || s.Hashing.Parallelism == 0):
		return wrong("Hashing")
	}
	return s.Policy.Validate()
}

func (s Subject) name() string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Policy.Name != "":
		return s.Policy.Name
	}
	return "policy"
}

// about says in a sentence what the report takes for granted.
func (s Subject) about() string {
	who := [...]string{Everyone: "For everyone", Customers: "For customers", Staff: "For staff"}[s.Audience]
	factor := [...]string{
		NoFactor: "no second factor", OfferedFactor: "a second factor for those who want one",
		RequiredFactor: "a second factor for all",
	}[s.SecondFactor]
	kept := "nothing is known of how they are kept"
	if s.Kept {
		kept = "rotate.Keeper keeps them"
		if s.Hashing != (Hashing{}) {
			kept += ", hashed by " + s.Hashing.String()
		}
	}
	return fmt.Sprintf("%s, with %s; %s.", who, factor, kept)
}
