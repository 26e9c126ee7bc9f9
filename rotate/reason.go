package rotate

import "fmt"

// Reason says why a password must be changed. It decides what the customer is
// told and which [Proof] the change needs.
type Reason string

// The reasons. There is no default one: whoever forces a change says why.
const (
	// Compromise: there is evidence that somebody else knows the password
	// (NIST SP 800-63B-4, 3.1.1.2: the verifier SHALL force a change).
	Compromise Reason = "compromise"
	// Breached: the password was met in a breach list.
	Breached Reason = "breached"
	// AdminReset: a member of staff asked for it, for this account.
	AdminReset Reason = "admin_reset"
	// Restored: the database was restored from a backup.
	Restored Reason = "restored"
	// FirstUse: the password was handed out and is good for one sign-in
	// (PCI DSS 4.0.1, 8.3.5; ASVS 5.0, 6.4.1).
	FirstUse Reason = "first_use"
	// PolicyRaised: the rules are stricter than when it was chosen.
	PolicyRaised Reason = "policy_raised"
	// WeakHash: it is stored in a format too weak to keep.
	WeakHash Reason = "weak_hash"
	// Age: it is older than a standard allows (PCI DSS 4.0.1, 8.3.9).
	Age Reason = "age"
)

// Reasons returns all reasons.
func Reasons() []Reason {
	return []Reason{Compromise, Breached, AdminReset, Restored, FirstUse, PolicyRaised, WeakHash, Age}
}

// Proof is what a customer must show before a new password is accepted.
type Proof string

const (
	// ProofPassword: the current password is enough.
	ProofPassword Proof = "password"
	// ProofOutOfBand: the current password may be in wrong hands, so it proves
	// nothing. A code of the second factor, a recovery code, or a ticket mailed
	// to an address that was on file before the reason arose, does.
	ProofOutOfBand Proof = "out_of_band"
)

// Proof returns the least proof a change for this reason needs.
func (r Reason) Proof() Proof {
	switch r {
	case Compromise, Breached, AdminReset, Restored:
		return ProofOutOfBand
	default:
		return ProofPassword
	}
}

// Valid reports an unknown reason.
func (r Reason) Valid() error {
	for _, known := range Reasons() {
		if r == known {
			return nil
		}
	}
	return fmt.Errorf("rotate: reason %q is not one of %q", string(r), Reasons())
}

// burns tells whether a password replaced for this reason stays refused for
// good, as somebody else may know it.
func (r Reason) burns() bool {
	return r == Compromise || r == Breached
}

// handedOut tells whether a password replaced for this reason was made by
// somebody else, so that it may never be the customer's own.
func (r Reason) handedOut() bool { return r == FirstUse }

// gravity ranks reasons by how sure it is that somebody else has the password.
func (r Reason) gravity() int {
	switch {
	case r.burns():
		return 2
	case r.Proof() == ProofOutOfBand:
		return 1
	}
	return 0
}

// stricter returns the proof that asks for more.
func stricter(a, b Proof) Proof {
	if a == ProofOutOfBand || b == ProofOutOfBand {
		return ProofOutOfBand
	}
	return ProofPassword
}
