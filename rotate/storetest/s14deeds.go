package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// deed is something that is told by an event. ready brings an account up to it
// and returns what does it.
type deed struct {
	event rotate.Kind
	ready func(r *realm, account string) (do func(*rotate.Keeper) error)
	// guesses tells that the deed is a change of the counters, which others
	// change besides.
	guesses bool
}

// alsoLeaked is a password that the breach list of the deeds knows.
const alsoLeaked = "Kx7 it was in that list"

// deedRules let few guesses through and ask for no policy but length.
func deedRules(c *rotate.Config) {
	rules(func(r *rotate.Rules) {
		r.Password = rotate.Throttle{LockAfter: 2, LockFor: time.Minute, DisableAfter: 4}
		r.History = 2
	})(c)
	c.Breach = []policy.List{known{alsoLeaked: true}}
}

// deeds lists every kind of event but RealmRestored, which marks the end of many
// transactions.
func deeds() []deed {
	type proofs = rotate.Proofs
	decided := func(_ rotate.Decision, err error) error { return err }
	signedUp := func(do func(r *realm, k *rotate.Keeper, account, password string, s rotate.Session) error) func(*realm, string) func(*rotate.Keeper) error {
		return func(r *realm, account string) func(*rotate.Keeper) error {
			password, s := r.signUp(account)
			return func(k *rotate.Keeper) error { return do(r, k, account, password, s) }
		}
	}
	enrolled := func(do func(r *realm, k *rotate.Keeper, s rotate.Session, p proofs) error) func(*realm, string) func(*rotate.Keeper) error {
		return func(r *realm, account string) func(*rotate.Keeper) error {
			password, s := r.signUp(account)
			s, _, codes := r.enroll(s, password)
			return func(k *rotate.Keeper) error {
				return do(r, k, s, proofs{Password: password, Recovery: codes[0].Reveal(), Browser: browser})
			}
		}
	}
	wrong := func(times int) func(*realm, string) func(*rotate.Keeper) error {
		return func(r *realm, account string) func(*rotate.Keeper) error {
			r.signUp(account)
			for range times {
				_, err := r.Login(r.ctx, attempt(account, "not it"))
				denied(r.t, err)
				r.clock.advance(time.Minute)
			}
			return func(k *rotate.Keeper) error {
				_, err := k.Login(r.ctx, attempt(account, "not it"))
				return unlessDenied(err)
			}
		}
	}
	ordered := func(wait time.Duration) func(*realm, string) func(*rotate.Keeper) error {
		return func(r *realm, account string) func(*rotate.Keeper) error {
			r.signUp(account)
			r.force(rotate.Order{Account: account, Reason: rotate.PolicyRaised, Grace: 14 * 24 * time.Hour})
			r.clock.advance(wait)
			return func(k *rotate.Keeper) error {
				_, err := k.Sweep(r.ctx, 0)
				return err
			}
		}
	}
	adopted := func(r *realm, account string) {
		r.customers.add(account, rotate.Foreign{Encoded: countingPrefix + "old password"})
		_, err := r.Lookup(r.ctx, account)
		require.NoError(r.t, err)
	}
	return []deed{
		{event: rotate.SignedUp, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			return func(k *rotate.Keeper) error {
				return decided(k.SignUp(r.ctx, rotate.NewAccount{Account: account, Password: newSecret(), Browser: browser}))
			}
		}},
		{event: rotate.Adopted, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			r.customers.add(account, rotate.Foreign{Encoded: countingPrefix + "old password"})
			return func(k *rotate.Keeper) error {
				_, err := k.Lookup(r.ctx, account)
				return err
			}
		}},
		{event: rotate.HashUpgraded, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			adopted(r, account)
			return func(k *rotate.Keeper) error { return decided(k.Login(r.ctx, attempt(account, "old password"))) }
		}},
		{event: rotate.CredentialImported, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			return func(k *rotate.Keeper) error { return importOne(r.ctx, k, account, countingPrefix+"old password") }
		}},
		{event: rotate.CredentialImported, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			require.NoError(r.t, importOne(r.ctx, r.Keeper, account, countingPrefix+"old password"))
			return func(k *rotate.Keeper) error { return importOne(r.ctx, k, account, countingPrefix+"newer password") }
		}},
		{event: rotate.PasswordChanged, ready: signedUp(func(r *realm, k *rotate.Keeper, _, password string, s rotate.Session) error {
			return decided(k.Change(r.ctx, s, proofs{Password: password, NewPassword: newSecret(), Browser: browser}))
		})},
		{event: rotate.PasswordChanged, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			password, _ := r.signUp(account)
			r.force(rotate.Order{Account: account, Reason: rotate.PolicyRaised})
			d, err := r.Login(r.ctx, attempt(account, password))
			r.next(rotate.NeedNewPassword, d, err)
			return func(k *rotate.Keeper) error {
				return decided(k.Continue(r.ctx, d.Ticket, proofs{NewPassword: newSecret(), Browser: browser}))
			}
		}},
		{event: rotate.PasswordReset, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			r.signUp(account)
			ticket := r.mailed(account, browser)
			return func(k *rotate.Keeper) error {
				return decided(k.Reset(r.ctx, ticket, proofs{NewPassword: newSecret(), Browser: browser}))
			}
		}},
		{event: rotate.BreachFound, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			require.NoError(r.t, importOne(r.ctx, r.Keeper, account, countingPrefix+alsoLeaked))
			r.customers.add(account, rotate.Foreign{})
			return func(k *rotate.Keeper) error { return decided(k.Login(r.ctx, attempt(account, alsoLeaked))) }
		}},
		{event: rotate.Locked, ready: wrong(1), guesses: true},
		{event: rotate.Disabled, ready: wrong(3), guesses: true},
		{event: rotate.Unlocked, guesses: true, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			wrong(1)(r, account)
			return func(k *rotate.Keeper) error { return k.Unlock(r.ctx, account, "staff-1", name(account)) }
		}},
		{event: rotate.FactorEnrolled, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			password, s := r.signUp(account)
			e, err := r.Enroll(r.ctx, s, proofs{Password: password, Browser: browser})
			require.NoError(r.t, err)
			return func(k *rotate.Keeper) error {
				d, _, err := k.Confirm(r.ctx, s, proofs{Code: e.Secret.Code(r.clock.Now()), Browser: browser})
				return decided(d, err)
			}
		}},
		{event: rotate.FactorRemoved, ready: enrolled(func(r *realm, k *rotate.Keeper, s rotate.Session, p proofs) error {
			return decided(k.Unenroll(r.ctx, s, p))
		})},
		{event: rotate.RecoveryIssued, ready: enrolled(func(r *realm, k *rotate.Keeper, s rotate.Session, p proofs) error {
			d, _, err := k.RecoveryCodes(r.ctx, s, p)
			return decided(d, err)
		})},
		{event: rotate.RecoveryUsed, ready: enrolled(func(r *realm, k *rotate.Keeper, s rotate.Session, p proofs) error {
			return decided(k.Login(r.ctx, rotate.Attempt{Name: name(s.Account), Password: p.Password, Recovery: p.Recovery, Browser: browser}))
		})},
		{event: rotate.SessionsEnded, ready: signedUp(func(r *realm, k *rotate.Keeper, account, _ string, _ rotate.Session) error {
			return k.EndSessions(r.ctx, account, "staff-1")
		})},
		{event: rotate.SessionEnded, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			_, s := r.signUp(account)
			for range 4 {
				_, err := r.StepUp(r.ctx, s, proofs{Password: "not it"})
				denied(r.t, err)
			}
			return func(k *rotate.Keeper) error {
				_, err := k.StepUp(r.ctx, s, proofs{Password: "not it"})
				if errors.Is(err, rotate.ErrSession) {
					return nil
				}
				return err
			}
		}},
		{event: rotate.ChangeReminder, ready: ordered(0)},
		{event: rotate.ChangeForced, ready: ordered(14 * 24 * time.Hour)},
		{event: rotate.OrderPlaced, ready: signedUp(func(r *realm, k *rotate.Keeper, account, _ string, _ rotate.Session) error {
			_, err := k.Force(r.ctx, rotate.Order{Account: account, Reason: rotate.Compromise, Actor: "staff-1", Expect: 1})
			return err
		})},
		{event: rotate.OrderWithdrawn, ready: func(r *realm, account string) func(*rotate.Keeper) error {
			r.signUp(account)
			id := r.force(rotate.Order{Account: account, Reason: rotate.PolicyRaised})
			return func(k *rotate.Keeper) error { return k.Withdraw(r.ctx, id, "staff-1", "") }
		}},
		{event: rotate.GroupChanged, ready: signedUp(func(r *realm, k *rotate.Keeper, account, _ string, _ rotate.Session) error {
			return k.Regroup(r.ctx, account, "elsewhere", "staff-1")
		})},
		{event: rotate.Moved, ready: signedUp(func(r *realm, k *rotate.Keeper, account, _ string, _ rotate.Session) error {
			return k.Move(r.ctx, account, "moved "+account, "staff-1")
		})},
		{event: rotate.Erased, ready: signedUp(func(r *realm, k *rotate.Keeper, account, _ string, _ rotate.Session) error {
			return k.Erase(r.ctx, account, "staff-1")
		})},
		{event: rotate.KeyAdded, ready: func(r *realm, _ string) func(*rotate.Keeper) error {
			id := r.newKey()
			return func(k *rotate.Keeper) error { return k.AddKey(r.ctx, id, "staff-1") }
		}},
		{event: rotate.KeyPromoted, ready: func(r *realm, _ string) func(*rotate.Keeper) error {
			id := r.newKey()
			require.NoError(r.t, r.AddKey(r.ctx, id, "staff-1"))
			return func(k *rotate.Keeper) error { return k.PromoteKey(r.ctx, id, "staff-1") }
		}},
		{event: rotate.KeyDropped, ready: func(r *realm, _ string) func(*rotate.Keeper) error {
			id := r.newKey()
			require.NoError(r.t, r.AddKey(r.ctx, id, "staff-1"))
			r.inUse(id)
			r.clock.advance(24 * time.Hour)
			return func(k *rotate.Keeper) error { return k.DropKey(r.ctx, id, "staff-1") }
		}},
	}
}

// unlessDenied is the error of a try, but for an answer.
func unlessDenied(err error) error {
	if errors.Is(err, rotate.ErrDenied) {
		return nil
	}
	return err
}

// importOne imports one hash, which must not be refused.
func importOne(ctx context.Context, k *rotate.Keeper, account, encoded string) error {
	r, err := k.Import(ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: account, Encoded: encoded}, nil)
	})
	if err == nil && r.Refused > 0 {
		return r.Problems[0].Err
	}
	return err
}

// newKey puts one more key into the ring.
func (r *realm) newKey() (id string) {
	r.t.Helper()
	key := keyring.NewKey()
	keys := append(slices.Clone(r.keys), key)
	ring, err := keyring.New("storetest", keys...)
	require.NoError(r.t, err)
	r.keys, r.ring, r.config.Ring = keys, ring, ring
	r.Keeper = r.again()
	return key.ID
}
