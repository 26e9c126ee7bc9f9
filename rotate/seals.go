package rotate

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// Purposes of seals: a value sealed for one opens for no other.
const (
	purposePassword = "password"
	purposeRetired  = "retired password"
	purposeSeed     = "totp seed"
	purposeTicket   = "ticket"
	purposeCanary   = "canary"
)

// errUnreadable marks a stored value that its key does not open, or whose key
// is missing. It never counts as a wrong guess.
var errUnreadable = errors.New("rotate: stored value cannot be read")

// factorID is what the password's seal is bound to besides the account.
func factorID(c *Credential) string {
	if c.Factor == nil {
		return ""
	}
	return c.Factor.ID
}

func passwordContext(account, factor string) keyring.Context {
	return keyring.Context{Purpose: purposePassword, Account: account, Binding: factor}
}

func retiredContext(account string) keyring.Context {
	return keyring.Context{Purpose: purposeRetired, Account: account}
}

func seedContext(account, factor string) keyring.Context {
	return keyring.Context{Purpose: purposeSeed, Account: account, Binding: factor}
}

// sealPassword puts a hash into the row.
func (k *Keeper) sealPassword(key string, c *Credential, encoded string) error {
	sealed, err := k.ring.Seal(key, passwordContext(c.Account, factorID(c)), []byte(encoded))
	if err != nil {
		return err
	}
	c.Password = sealed
	c.Format = format(encoded)
	return nil
}

// openPassword takes the hash out of the row.
func (k *Keeper) openPassword(c *Credential) (encoded string, err error) {
	plain, err := k.ring.Open(passwordContext(c.Account, factorID(c)), c.Password)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return string(plain), nil
}

// openSeed takes a factor's secret out of the row.
func (k *Keeper) openSeed(account string, f *Factor) (totp.Secret, error) {
	plain, err := k.ring.Open(seedContext(account, f.ID), f.Seed)
	if err != nil {
		return totp.Secret{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	var s totp.Secret
	if err := s.UnmarshalBinary(plain); err != nil {
		return totp.Secret{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return s, nil
}

// sealSeed puts a secret into a factor.
func (k *Keeper) sealSeed(key, account string, f *Factor, s totp.Secret) error {
	plain, err := s.MarshalBinary()
	if err != nil {
		return err
	}
	f.Seed, err = k.ring.Seal(key, seedContext(account, f.ID), plain)
	return err
}

// rebind gives the row another factor and binds the password's seal to it.
func (k *Keeper) rebind(key string, c *Credential, f *Factor) error {
	if c.Password == "" {
		c.Factor = f
		return nil
	}
	encoded, err := k.openPassword(c)
	if err != nil {
		return err
	}
	c.Factor = f
	return k.sealPassword(key, c, encoded)
}

// reseal seals everything in the row under key that is not yet, and tells
// whether it changed anything. The row may be read under one account and
// resealed for another, when it moves.
func (k *Keeper) reseal(key string, c *Credential, from string) (changed bool, err error) {
	again := func(sealed *string, old, new keyring.Context) error {
		if *sealed == "" || from == c.Account && !keyring.Stale(*sealed, key) {
			return nil
		}
		plain, err := k.ring.Open(old, *sealed)
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
		if *sealed, err = k.ring.Seal(key, new, plain); err != nil {
			return err
		}
		changed = true
		return nil
	}
	id := factorID(c)
	if err := again(&c.Password, passwordContext(from, id), passwordContext(c.Account, id)); err != nil {
		return changed, err
	}
	for _, f := range []*Factor{c.Factor, c.Pending} {
		if f == nil {
			continue
		}
		if err := again(&f.Seed, seedContext(from, f.ID), seedContext(c.Account, f.ID)); err != nil {
			return changed, err
		}
	}
	for i := range c.Retired {
		if err := again(&c.Retired[i].Password, retiredContext(from), retiredContext(c.Account)); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// format describes a stored hash without its secrets.
func format(encoded string) string {
	info, err := hash.Inspect(encoded)
	if err != nil {
		return "unknown"
	}
	return info.String()
}

// primary reads which key new seals are made under. Every write asks for it
// anew, so that a promoted key is used at once.
func (k *Keeper) primary(ctx context.Context) (string, error) {
	states, err := k.store.Keys(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range states {
		if s.Primary {
			if !k.ring.Has(s.ID) {
				return "", &keyring.MissingKeyError{ID: s.ID}
			}
			return s.ID, nil
		}
	}
	return "", fmt.Errorf("rotate: the Store names no primary key: %w", ErrNotFound)
}
