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
	if f.Reason.burns() || !old.Reason.burns() && f.Proof == ProofOutOfBand {
		merged.Reason = f.Reason
	}
	if f.Proof == ProofOutOfBand && (old.Proof != ProofOutOfBand || f.Since.Before(old.Since)) {
		merged.Since = f.Since
	}
	c.Forced = &merged
}

func sameForced(a, b *Forced) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}
