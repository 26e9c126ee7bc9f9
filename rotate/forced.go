package rotate

// force writes a reason onto the row without weakening one that is there.
func force(c *Credential, f Forced) {
	old := c.Forced
	if old == nil {
		c.Forced = &f
		return
	}
	merged := *old
	merged.Proof = stricter(old.Proof, f.Proof)
	if f.By.Before(old.By) {
		merged.By = f.By
	}
	switch {
	case old.Reason.handedOut(): // known from nowhere else, so it stays, and burns as a leak does
	case f.Reason.handedOut(), f.Reason.burns(), !old.Reason.burns() && f.Proof == ProofOutOfBand:
		merged.Reason = f.Reason
	}
	if f.Proof == ProofOutOfBand && (old.Proof != ProofOutOfBand || f.Since.Before(old.Since)) {
		merged.Since = f.Since
	}
	c.Forced = &merged
}

// coversBreach tells whether a breach would add nothing to what is forced already.
func (f *Forced) coversBreach() bool {
	return f != nil && (f.Reason == Breached || f.Reason.handedOut() && f.Proof == ProofOutOfBand)
}

func sameForced(a, b *Forced) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// forceBy writes onto c what orders make due for the credential as it was, and
// tells whether any did.
func forceBy(orders []Order, was, c *Credential) (due bool) {
	for _, o := range orders {
		if o.Matches(was) {
			force(c, Forced{Reason: o.Reason, Proof: o.Proof, Since: o.At, By: o.By()})
			due = true
		}
	}
	return due
}
