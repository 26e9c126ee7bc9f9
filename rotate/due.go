package rotate

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Due says why, until when and with what proof a password must be changed.
// The zero value means that nothing is due.
type Due struct {
	// Reason is the most urgent reason; "" if none.
	Reason Reason
	// Proof is the strictest proof that any open reason asks for.
	Proof Proof
	// By is when the old password stops signing in; it may lie ahead.
	By time.Time
	// AtOnce is true where a reason gives no grace. It binds before By too: the
	// clock of the instance that named the time may run ahead of this one's.
	AtOnce bool
	// Since is when the oldest reason that asks for ProofOutOfBand arose: a
	// mailed ticket proves something only if the address is older.
	Since time.Time
	// Order is the order behind Reason, if one is.
	Order ID
	// EndSeq is the highest order that ends sessions; those that began before
	// it are over.
	EndSeq int64
	// Burn is true where the old password may be known to others, HandedOut where
	// others made it: it then stays refused for ever, and so do passwords near it
	// now.
	Burn      bool
	HandedOut bool
}

// Open tells whether a change is due at all, now or later.
func (d Due) Open() bool { return d.Reason != "" }

// Now tells whether the old password has stopped signing in.
func (d Due) Now(now time.Time) bool { return d.Open() && (d.AtOnce || !now.Before(d.By)) }

// Due reports what is due for a credential, by its own row, by the standing
// orders and by age. It is a pure function; orders are matched by sequence,
// never by the clock. [Profile.Due] adds what Recheck makes due.
func (r Rules) Due(c *Credential, orders []Order, now time.Time) Due {
	var d Due
	if c.Password == "" {
		for _, o := range orders {
			if o.EndSessions && o.Withdraws == "" && o.Query().Matches(c) {
				d.EndSeq = max(d.EndSeq, o.Seq)
			}
		}
		return d
	}
	if f := c.Forced; f != nil {
		d.add(f.Reason, f.Proof, f.Since, f.By, "")
		d.AtOnce = !f.By.After(f.Since)
	}
	for _, o := range orders {
		if !o.Matches(c) {
			continue
		}
		d.add(o.Reason, o.Proof, o.At, o.By(), o.ID)
		d.AtOnce = d.AtOnce || o.Grace == 0
		if o.EndSessions {
			d.EndSeq = max(d.EndSeq, o.Seq)
		}
	}
	if by, limited := r.expires(c); limited {
		if remind := r.reminders(); !now.Before(by) || len(remind) > 0 && !now.Before(by.Add(-remind[0])) {
			d.add(Age, ProofPassword, by, by, "")
		}
	}
	return d
}

// add merges one more reason: the earliest deadline names the reason, of equal
// ones the gravest; the strictest proof and every burn stay.
func (d *Due) add(reason Reason, proof Proof, since, by time.Time, order ID) {
	if !d.Open() || by.Before(d.By) || by.Equal(d.By) && reason.gravity() > d.Reason.gravity() {
		d.Reason, d.By, d.Order = reason, by, order
	}
	if proof == ProofOutOfBand && (d.Since.IsZero() || since.Before(d.Since)) {
		d.Since = since
	}
	d.Proof = stricter(d.Proof, proof)
	d.Burn = d.Burn || reason.burns() || reason.handedOut()
	d.HandedOut = d.HandedOut || reason.handedOut()
}

// expires is when a password is too old.
func (r Rules) expires(c *Credential) (by time.Time, limited bool) {
	if r.MaxAge <= 0 || c.Factor != nil && !r.MaxAgeWithFactor {
		return time.Time{}, false
	}
	return c.Changed.Add(r.MaxAge - jitter(c.Account, r.Jitter)), true
}

// jitter is a time below spread that is always the same for one account.
func jitter(account string, spread time.Duration) time.Duration {
	if spread <= 0 {
		return 0
	}
	sum := sha256.Sum256([]byte(account))
	return time.Duration(binary.LittleEndian.Uint64(sum[:]) % uint64(spread))
}
