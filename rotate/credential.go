package rotate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// Credential is everything Tillkey keeps about one account: one row and the
// few bounded lists that belong to it. It is what a [Store] stores; a shop
// reads [Status] instead.
//
// Times are UTC and have microsecond precision, the finest that every
// supported database keeps. The zero time means "never" or "not known".
type Credential struct {
	// Account is the shop's own immutable customer id, 1 to 255 bytes, compared
	// as bytes. It never is an e-mail address: every seal is bound to it, and
	// people change addresses.
	Account string
	// Group is the path that chooses the profile, as in "store-17/customers".
	Group string

	// Password is the sealed hash, or "" for an account without a password.
	Password string
	// Format describes the hash inside Password without any of its secrets, as
	// in "argon2id m=19456 t=2 p=1", so that a report can count formats.
	Format string
	// PolicyName is the name of the policy the password was accepted under, or
	// "" where it was imported.
	PolicyName string
	// PolicyFingerprint is that of the policy the password was last judged by,
	// when it was chosen or rechecked at a sign-in ([Profile.Fingerprint]). ""
	// where none has: it was imported, or chosen before fingerprints were kept.
	PolicyFingerprint string
	// Unmet is since when the password is known not to meet that policy; the zero
	// time where it met it.
	Unmet time.Time
	// Adopted is true while Password still is the value taken from the shop's
	// own table or an import, as nothing here replaced it.
	Adopted bool

	// Created is when the account came to be; Changed when its password was last
	// chosen, and the zero time, which counts as oldest, where nobody knows.
	Created time.Time
	Changed time.Time
	// SignedIn is the last completed sign-in.
	SignedIn time.Time

	// Epoch is the random number every session of this account carries. Another
	// epoch ends them all. It is compared for equality only, and below 2^53 so
	// that it survives as a JSON number. 0 is the epoch of an adopted row.
	Epoch int64
	// ClearedSeq is the highest order sequence known when the flow that last
	// wrote the password began. Orders above it still bind this account.
	ClearedSeq int64
	// Forced is a reason to change that concerns this row alone; nil if none.
	Forced *Forced
	// Reminded is the last reminder sent, so that none is sent twice.
	Reminded Reminded
	// Recheck is true when a list could not answer when the password was chosen
	// or at a later sign-in, and none has answered since.
	Recheck bool

	// PasswordGuesses and CodeGuesses count failed guesses, each on its own.
	PasswordGuesses Counter
	CodeGuesses     Counter

	// Factor is the confirmed second factor, Pending the one being enrolled.
	Factor  *Factor
	Pending *Factor
	// Recovery holds the sums of the unused recovery codes.
	Recovery []totp.Sum

	// Retired are former passwords that may not come back, newest first.
	Retired []Retired
	// Spent are the tickets of the last minutes that were used with success.
	Spent []Spent
	// Ended are single sessions that were signed out, or failed step-up too often.
	Ended []Ended
}

// Factor is a second factor: a TOTP secret under seal.
type Factor struct {
	// ID names this enrolment. The password's seal is bound to it, so that a
	// row whose factor was removed by hand no longer opens.
	ID string
	// Seed is the sealed secret.
	Seed string
	// Step is the last time step that was used; only later ones are accepted.
	Step totp.Step
	// Since is when it was confirmed, or offered while it is pending.
	Since time.Time
}

// Forced is a reason to change the password that is written on one row.
type Forced struct {
	Reason Reason
	Proof  Proof
	// Since is when the reason arose, By when the old password stops working.
	Since time.Time
	By    time.Time
}

// Reminded remembers which reminder of which deadline went out.
type Reminded struct {
	// By is the deadline the reminder spoke of.
	By time.Time
	// Before is how long before By the reminder was due.
	Before time.Duration
}

// Retired is a former password: a sealed hash and how long it stays refused.
type Retired struct {
	Password string
	// At is when it was replaced.
	At time.Time
	// Until is the earliest time it may be forgotten: it is refused till then
	// whatever the history length is.
	Until time.Time
	// Burned is true where it was replaced after a compromise or a breach.
	Burned bool
}

// Spent is a ticket that was used with success and must not be used again.
type Spent struct {
	Nonce string
	Until time.Time
}

// Ended is one session that is over before its epoch is, by its id.
type Ended struct {
	ID    string
	Until time.Time
}

// Bounds of a credential's lists and texts. They keep one row small whatever
// happens to it.
const (
	MaxAccountBytes = 255
	MaxGroupBytes   = policy.MaxGroupBytes
	maxRetired      = 64
	maxSpent        = 32
	maxEnded        = 32
)

// ErrAccount reports an account id that is empty, longer than 255 bytes, or
// not text. The caller passes the shop's own customer id.
var ErrAccount = errors.New("rotate: account is not 1 to 255 bytes of UTF-8 without control characters")

// ErrGroup reports a group path that is empty, too long or malformed.
var ErrGroup = errors.New("rotate: group is not a path of 1 to 255 bytes")

// KeyIDs returns the ids of all keys that seal something in this row: the
// password, the factors and the retired passwords, each id once, sorted. A
// Store keeps them in an index, as Drop must count them.
//
// It fails if a sealed value is malformed, which a Store reports instead of
// writing the row.
func (c *Credential) KeyIDs() ([]string, error) {
	var ids []string
	for _, sealed := range c.sealed() {
		id, err := keyring.KeyID(sealed)
		if err != nil {
			return nil, fmt.Errorf("rotate: credential of %q: %w", c.Account, err)
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// sealed lists every sealed value of the row.
func (c *Credential) sealed() []string {
	var all []string
	if c.Password != "" {
		all = append(all, c.Password)
	}
	for _, f := range []*Factor{c.Factor, c.Pending} {
		if f != nil {
			all = append(all, f.Seed)
		}
	}
	for _, r := range c.Retired {
		all = append(all, r.Password)
	}
	return all
}

// Clone returns a deep copy. Stores hand out clones, never their own row.
func (c *Credential) Clone() Credential {
	d := *c
	d.Forced = clonePointer(c.Forced)
	d.Factor = clonePointer(c.Factor)
	d.Pending = clonePointer(c.Pending)
	d.Recovery = slices.Clone(c.Recovery)
	d.Retired = slices.Clone(c.Retired)
	d.Spent = slices.Clone(c.Spent)
	d.Ended = slices.Clone(c.Ended)
	return d
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
