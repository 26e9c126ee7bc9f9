package rotate

import (
	"errors"
	"slices"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// codeCheck is a typed code together with the secret it is checked against,
// opened before any lock is taken.
type codeCheck struct {
	proofs   Proofs
	secret   totp.Secret
	window   totp.Window
	throttle Throttle
}

// codeCheck prepares to check the code among the proofs; the row's factor may
// be missing. The error is errUnreadable.
func (k *Keeper) codeCheck(c *Credential, p Proofs, profile Profile) (codeCheck, error) {
	check := codeCheck{proofs: p, window: profile.Rules.Window, throttle: profile.Rules.Code}
	if c.Factor == nil || p.Code == "" {
		return check, nil
	}
	var err error
	check.secret, err = k.openSeed(c.Account, c.Factor)
	return check, err
}

// use checks the code against the locked row and consumes it. It returns the
// method, or "" if no code was typed or it was not accepted; then denied says
// why, nil meaning that none was typed. Every guess is counted before it is
// compared. A recovery code needs no counter: it has 120 random bits.
func (check codeCheck) use(k *Keeper, c *Credential, now time.Time) (method string, events []Event, denied *Denied) {
	switch {
	case check.proofs.Recovery != "":
		if !useRecovery(c, check.proofs.Recovery) {
			return "", nil, &Denied{Code: true}
		}
		e := k.event(RecoveryUsed, c.Account)
		e.Left = len(c.Recovery)
		return MethodRecovery, []Event{e}, nil
	case check.proofs.Code != "":
		if wait, reserved := c.CodeGuesses.Reserve(check.throttle, now); !reserved {
			return "", nil, &Denied{Code: true, RetryAfter: wait}
		}
		if err := check.match(c, now); err != nil {
			return "", k.codeLockEvents(c, check.throttle), &Denied{Code: true, RetryAfter: max(0, c.CodeGuesses.Until.Sub(now))}
		}
		c.CodeGuesses.Clear()
		return MethodCode, nil, nil
	}
	return "", nil, nil
}

// match verifies the code and remembers its step, so that it works once.
func (check codeCheck) match(c *Credential, now time.Time) error {
	if c.Factor == nil {
		return errors.New("rotate: no second factor")
	}
	step, err := check.secret.Verify(check.proofs.Code, now, c.Factor.Step, check.window)
	if err != nil {
		return err
	}
	c.Factor.Step = step
	return nil
}

// useRecovery consumes a recovery code.
func useRecovery(c *Credential, typed string) bool {
	code, err := totp.ParseRecoveryCode(typed)
	if err != nil || c.Factor == nil {
		return false
	}
	i, err := totp.MatchRecovery(c.Recovery, code)
	if err != nil {
		return false
	}
	c.Recovery = slices.Delete(slices.Clone(c.Recovery), i, i+1)
	return true
}

func (k *Keeper) codeLockEvents(c *Credential, t Throttle) []Event {
	switch {
	case c.CodeGuesses.Total == t.DisableAfter:
		return []Event{k.event(Disabled, c.Account)}
	case t.LockAfter > 0 && c.CodeGuesses.Recent == 0:
		return []Event{k.event(Locked, c.Account)}
	}
	return nil
}
