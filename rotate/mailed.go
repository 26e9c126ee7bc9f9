package rotate

import (
	"context"
	"crypto/subtle"
)

// mailedProof tells whether a mailed ticket proves who is asking although the
// password may be in wrong hands: it was mailed for the row as it is, to the
// address that still is the current one and was on file before the reason
// arose, and it came back to the browser that had asked for it.
func (k *Keeper) mailedProof(ctx context.Context, p Proofs, c *Credential, due Due) (bool, error) {
	if p.Mailed == "" || due.Proof != ProofOutOfBand || checkBrowser(p.Browser) != nil {
		return false, nil
	}
	t, err := k.openTicket(p.Mailed, p.Browser, forReset)
	if err != nil || t.Account != c.Account || !t.holds(c) || !t.sameBrowser(p.Browser) || !t.provesAgainst(due) {
		return false, nil
	}
	return k.currentAddress(ctx, t)
}

// provesAgainst tells whether the address was on file before the reason.
func (t ticket) provesAgainst(due Due) bool {
	return t.Vouched || t.OnFile.IsZero() || due.Since.IsZero() || t.OnFile.Before(due.Since)
}

// currentAddress tells whether a mailed ticket went to the address that still
// is the account's.
func (k *Keeper) currentAddress(ctx context.Context, t ticket) (bool, error) {
	if k.addresses == nil {
		return false, nil
	}
	address, _, err := k.addresses.Address(ctx, t.Account)
	if err != nil {
		return false, err
	}
	return address != "" && subtle.ConstantTimeCompare(t.Address, addressSum(address)) == 1, nil
}
