package fault

import (
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// resetDropsTOTP: customers who lose their phone write to support, so the reset
// "starts afresh" and takes the second factor away. From then on the mailbox is
// the only factor. The seal of the password is bound to the second factor, so
// the mistake takes the trouble to seal it anew.
func resetDropsTOTP() parts {
	return parts{keeper: func(k *rotate.Config) {
		ring := k.Ring
		k.Store = spoiled{k.Store, func(_, c *rotate.Credential, events []rotate.Event) error {
			if c.Factor == nil || !happened(events, rotate.PasswordReset) {
				return nil
			}
			bound := keyring.Context{Purpose: "password", Account: c.Account, Binding: c.Factor.ID}
			key, err := keyring.KeyID(c.Password)
			if err != nil {
				return err
			}
			encoded, err := ring.Open(bound, c.Password)
			if err != nil {
				return err
			}
			c.Factor, c.Recovery, bound.Binding = nil, nil, ""
			c.Password, err = ring.Seal(key, bound, encoded)
			return err
		}}
	}}
}
