package fault

import "github.com/tillkey/tillkey/rotate"

// recoveryTwice: the recovery codes are a list to look into. Crossing one out was
// to come later, or is done in a write that fails unseen. A code from a stolen
// sheet of paper then works for ever.
func recoveryTwice() parts {
	return parts{store: func(s rotate.Store) rotate.Store {
		return spoiled{s, func(before, c *rotate.Credential, events []rotate.Event) error {
			if happened(events, rotate.RecoveryUsed) {
				c.Recovery = before.Recovery
			}
			return nil
		}}
	}}
}
