package rotate

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
)

// newPassword is a password that passed every check, hashed and ready to be
// written.
type newPassword struct {
	encoded string
	policy  string
	// fingerprint is that of the policy, "" where it could not ask all its lists.
	fingerprint string
	key         string
	// unchecked is true where a list could not answer.
	unchecked bool
	// rules are those of the group, which the epoch vouches for.
	rules Rules
	// forced is the row's own reason as the flow read it.
	forced *Forced
}

// newPassword is the one gate for passwords that are chosen, whoever chooses:
// policy, not the current one, none of the former ones, and not near the old one
// where that was typed or handed out. All problems come in one [*policy.Refusal].
func (k *Keeper) newPassword(ctx context.Context, f flow, c *Credential, p Profile, old, password string, about []string) (*newPassword, error) {
	words, err := k.about(ctx, c.Account, about)
	if err != nil {
		return nil, err
	}
	verdict, err := p.WithBrand().Check(ctx, password, words...)
	if err != nil {
		return nil, err
	}
	if len(password) > maxPasswordBytes {
		// Whatever the policy allows: nothing longer could ever sign in.
		verdict.Problems = append(verdict.Problems, policy.NewProblem(policy.TooLong, map[string]any{"max": maxPasswordBytes, "unit": "bytes"}))
	} else {
		problems, err := k.seenBefore(ctx, f, c, p, old, password)
		if errors.Is(err, errUnreadable) {
			return nil, k.reportUnreadable(ctx, c)
		}
		if err != nil {
			return nil, err
		}
		verdict.Problems = append(verdict.Problems, problems...)
	}
	if err := verdict.Err(); err != nil {
		return nil, err
	}
	encoded, err := k.hasher.Hash(ctx, password)
	if err != nil {
		return nil, err
	}
	n := &newPassword{encoded: encoded, policy: p.Policy.Name, key: f.key, unchecked: len(verdict.Unchecked) > 0, forced: c.Forced, rules: p.Rules}
	if !slices.ContainsFunc(verdict.Unchecked, func(u policy.Unchecked) bool { return u.Field == "Lists" }) {
		n.fingerprint = p.Fingerprint()
	}
	return n, nil
}

// seenBefore compares a new password with the current and the former ones, but
// for those that the next sweep forgets.
func (k *Keeper) seenBefore(ctx context.Context, f flow, c *Credential, p Profile, old, password string) ([]policy.Problem, error) {
	var problems []policy.Problem
	if c.Password != "" {
		encoded, err := k.openPassword(c)
		if err != nil {
			return nil, err
		}
		same, err := k.matches(ctx, encoded, password)
		if err != nil {
			return nil, err
		}
		near := !same && old != "" && p.similar(old, password)
		if !same && !near && p.Due(c, f.orders, k.now()).HandedOut {
			if near, err = k.madeOf(ctx, encoded, password); err != nil {
				return nil, err
			}
		}
		switch {
		case same:
			problems = append(problems, policy.NewProblem(policy.SameAsCurrent, nil))
		case near:
			problems = append(problems, policy.NewProblem(policy.TooSimilar, nil))
		}
	}
	for _, former := range forgetRetired(c.Retired, p.Rules.History, k.now()) {
		plain, err := k.ring.Open(retiredContext(c.Account), former.Password)
		if err != nil {
			return nil, errors.Join(errUnreadable, err)
		}
		same, err := k.matches(ctx, string(plain), password)
		if err != nil {
			return nil, err
		}
		if same {
			return append(problems, policy.NewProblem(policy.Reused, nil)), nil
		}
	}
	return problems, nil
}

// matches tells whether a stored hash is of this password. A hash that cannot
// be read matches nothing: it must not lock a customer out of changing it.
func (k *Keeper) matches(ctx context.Context, encoded, password string) (bool, error) {
	err := k.hasher.Verify(ctx, encoded, password)
	var bounds *hash.BoundsError
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, hash.ErrMismatch), errors.Is(err, hash.ErrFormat), errors.As(err, &bounds):
		return false, nil
	}
	return false, err
}

// write puts the new password into the row: the old one is retired, what was
// due is cleared up to the order that was known when the flow began, a new
// epoch ends every session, and the guesses of the password are forgotten,
// those of the code are not. The caller adds the event that says how it came.
func (n *newPassword) write(k *Keeper, c *Credential, f flow, due Due, now time.Time) (Event, error) {
	if err := k.retire(n, c, due, now); err != nil {
		return Event{}, err
	}
	if err := k.sealPassword(n.key, c, n.encoded); err != nil {
		return Event{}, err
	}
	c.PolicyName, c.PolicyFingerprint, c.Unmet = n.policy, n.fingerprint, time.Time{}
	c.Adopted, c.Recheck = false, n.unchecked
	c.Changed = now
	c.ClearedSeq = max(c.ClearedSeq, f.seq)
	c.Reminded = Reminded{}
	if sameForced(c.Forced, n.forced) {
		// One that arose since is not cleared: the flow did not know its proof.
		c.Forced = nil
	}
	c.PasswordGuesses.Clear()
	endAll(c)
	return k.event(SessionsEnded, c.Account), nil
}

// retire keeps the current password among those that may not come back, for as
// long as the rules or its reason ask, and forgets what may be forgotten.
func (k *Keeper) retire(n *newPassword, c *Credential, due Due, now time.Time) error {
	// A breach may have been found since the flow began.
	burn := due.Burn || c.Forced != nil && c.Forced.Reason.burns()
	handed := due.HandedOut || c.Forced != nil && c.Forced.Reason.handedOut()
	burn = burn || handed
	if c.Password != "" && (burn || n.rules.History > 0) {
		encoded, err := k.openPassword(c)
		if err != nil {
			return err
		}
		sealed, err := k.ring.Seal(n.key, retiredContext(c.Account), []byte(encoded))
		if err != nil {
			return err
		}
		r := Retired{Password: sealed, At: now, Until: now.Add(n.rules.HistoryFor), Burned: burn}
		if burned := now.Add(n.rules.BurnedFor); burn && burned.After(r.Until) {
			r.Until = burned
		}
		if handed {
			r.Until = forever()
		}
		c.Retired = slices.Insert(slices.Clone(c.Retired), 0, r)
	}
	c.Retired = forgetRetired(c.Retired, n.rules.History, now)
	return nil
}

// forever is later than any shop lasts.
func forever() time.Time { return time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC) }

// forgetRetired drops former passwords that are neither among the last history
// ones nor held by their time. Above the bound the oldest go first, those that
// are not burned before those that are.
func forgetRetired(list []Retired, history int, now time.Time) []Retired {
	var kept []Retired
	for i, r := range list {
		if now.Before(r.Until) || i < history {
			kept = append(kept, r)
		}
	}
	for len(kept) > maxRetired {
		last := len(kept) - 1
		for i := last; i >= 0; i-- {
			if !kept[i].Burned {
				last = i
				break
			}
		}
		kept = slices.Delete(kept, last, last+1)
	}
	return kept
}
