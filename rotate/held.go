package rotate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tillkey/tillkey/hash"
)

// held is a live session of a signed-in customer, the row it belongs to, and
// what is needed to prove more about its holder.
type held struct {
	k        *Keeper
	session  Session
	row      *Credential
	profile  Profile
	flow     flow
	counter  [32]byte
	methods  []string
	decision Decision
	// reserved is true once a guess was counted: the proofs of one call are one
	// guess.
	reserved bool
}

// hold loads the row of a session and checks that it is alive.
func (k *Keeper) hold(ctx context.Context, s Session, p Proofs) (*held, error) {
	h := &held{k: k, session: s}
	if wait, ok := k.sources.take(p.Source, k.now()); !ok {
		return h, &Denied{RetryAfter: wait}
	}
	if s.IsZero() {
		return h, ErrSession
	}
	var err error
	if h.flow, err = k.begin(ctx); err != nil {
		return h, err
	}
	c, err := k.store.Load(ctx, s.Account)
	if errors.Is(err, ErrNotFound) {
		return h, fmt.Errorf("%w: it is over", ErrSession)
	}
	if err != nil {
		return h, err
	}
	h.row = &c
	if h.profile, err = k.profile(c.Group); err != nil {
		return h, err
	}
	due := h.profile.Due(&c, h.flow.orders, k.now())
	if !alive(&c, s, k.now()) || due.EndSeq > s.Seq {
		return h, fmt.Errorf("%w: it is over", ErrSession)
	}
	h.counter, err = k.stepUpKey(h.flow.key, s)
	return h, err
}

// reserve counts a guess of this session.
func (h *held) reserve(ctx context.Context) error {
	if h.reserved {
		return nil
	}
	h.reserved = true
	_, wait, err := h.k.count(ctx, h.counter, stepUpThrottle)
	if err != nil {
		return err
	}
	if wait > 0 {
		return h.endSession(ctx)
	}
	return nil
}

// giveBack undoes a reserved guess: no proof was wrong.
func (h *held) giveBack(ctx context.Context) error {
	if !h.reserved {
		return nil
	}
	h.reserved = false
	return h.k.returnGuess(ctx, h.counter, stepUpThrottle, time.Time{})
}

// unreadable answers for a row that cannot be read, which is no wrong proof.
func (h *held) unreadable(ctx context.Context) error {
	if err := h.giveBack(ctx); err != nil {
		return err
	}
	return h.k.reportUnreadable(ctx, h.row)
}

// fail answers a wrong proof, and ends the session after the last one.
func (h *held) fail(ctx context.Context, denied *Denied) error {
	var over bool
	now := h.k.now()
	err := h.k.store.Guess(ctx, h.counter, now, now.Add(nameFor), func(c *Counter) error {
		over = c.Disabled(stepUpThrottle)
		return nil
	})
	if err != nil {
		return err
	}
	if over {
		return errors.Join(denied, h.endSession(ctx))
	}
	return denied
}

// endSession ends this session alone.
func (h *held) endSession(ctx context.Context) error {
	h.decision = Decision{Next: SignInAgain}
	now := h.k.now()
	err := h.k.store.Update(ctx, h.row.Account, func(c *Credential) ([]Event, error) {
		if !alive(c, h.session, now) {
			return nil, ErrUnchanged
		}
		end(c, h.session, now)
		return []Event{h.k.event(SessionEnded, c.Account)}, nil
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: it is over", ErrSession)
}

// provePassword verifies the current password, counted against this session.
func (h *held) provePassword(ctx context.Context, password string) error {
	if h.row.Password == "" {
		return ErrProof
	}
	if err := h.reserve(ctx); err != nil {
		return err
	}
	_, err := h.k.verify(h.profile.proven(ctx), h.row, password)
	switch {
	case errors.Is(err, hash.ErrMismatch):
		return h.fail(ctx, &Denied{})
	case errors.Is(err, errUnreadable):
		return h.unreadable(ctx)
	case errors.Is(err, hash.ErrOverloaded):
		return errors.Join(err, h.giveBack(ctx))
	case err != nil:
		return err
	}
	h.methods = append(h.methods, MethodPassword)
	return nil
}

// finish is the last write of a flow of a signed-in customer: it looks once
// more at the row, consumes the code where one is needed, lets change write,
// and answers with the session to go on with.
func (h *held) finish(ctx context.Context, needCode bool, p Proofs, change func(*Credential, time.Time) ([]Event, error)) (Decision, error) {
	k := h.k
	check, err := k.codeCheck(h.row, p, h.profile)
	if err != nil {
		return Decision{}, h.unreadable(ctx)
	}
	if needCode {
		if err := h.reserve(ctx); err != nil {
			return h.decision, err
		}
		// This session's own counter limits the guesses; the account's must not
		// be spent by whoever holds a session.
		check.throttle = Throttle{}
	}
	now := k.now()
	var out outcome
	err = k.store.Update(ctx, h.row.Account, func(c *Credential) ([]Event, error) {
		out = outcome{}
		if !alive(c, h.session, now) || factorID(c) != factorID(h.row) {
			return nil, fmt.Errorf("%w: it is over", ErrSession)
		}
		var events []Event
		methods := h.methods
		if needCode {
			before := c.CodeGuesses
			c.CodeGuesses = Counter{}
			method, more, denied := check.use(k, c, now)
			c.CodeGuesses = before
			if method == "" && denied == nil {
				return nil, ErrProof
			}
			if method == "" {
				out.denied = denied
				return nil, ErrUnchanged
			}
			events, methods = more, append(methods, method)
		}
		if change != nil {
			more, err := change(c, now)
			if err != nil {
				return nil, err
			}
			events = append(events, more...)
		}
		out.session = Session{
			Account: c.Account, ID: h.session.ID, Epoch: c.Epoch, Seq: h.session.Seq,
			AuthTime: now, Methods: mergeMethods(h.session.Methods, methods),
		}
		if h.row.Factor != nil && !slices.Contains(methods, MethodCode) && !slices.Contains(methods, MethodRecovery) {
			// The password alone is no fresh proof where there is a second factor.
			out.session.AuthTime = h.session.AuthTime
		}
		if change != nil {
			out.session.Seq = h.flow.seq
		}
		out.due, out.unmet = h.profile.due(c, h.flow.orders, now)
		return events, nil
	})
	if err != nil {
		return Decision{}, err
	}
	if out.denied != nil {
		return h.decision, h.fail(ctx, out.denied)
	}
	if h.row.Factor != nil && !needCode {
		// A right password frees no guesses of codes.
		_ = h.giveBack(ctx)
	} else {
		k.free(ctx, h.counter)
	}
	return Decision{Next: Proceed, Session: out.session, Reason: out.due.Reason, Proof: out.due.Proof, By: out.due.By, Unmet: out.unmet}, nil
}
