package rotate

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// maxPasswordBytes is the most that is ever compared; hash refuses more.
const maxPasswordBytes = 1024

// Login decides one try to sign in. The order of its steps is the point of it:
// a guess is counted before anything is compared, an unknown and a locked
// account take the same work and get the same answer, and the last write looks
// once more at what was verified.
//
// Errors: [*Denied] (401, or 429 with RetryAfter), [ErrBrowser] and
// [ErrAccount] for a shop's mistake. The Decision says what comes next; it
// holds a session only if that is Proceed.
func (k *Keeper) Login(ctx context.Context, a Attempt) (Decision, error) {
	a = a.clone()
	if err := checkBrowser(a.Browser); err != nil {
		return Decision{}, err
	}
	if wait, ok := k.sources.take(a.Source, k.now()); !ok {
		return Decision{}, &Denied{RetryAfter: wait}
	}
	f, err := k.begin(ctx)
	if err != nil {
		return Decision{}, err
	}
	c, p, err := k.find(ctx, f, a.Name, a.Account)
	if err != nil {
		return Decision{}, err
	}
	g, wait, reserved, err := k.reserve(ctx, f.key, guessName(a), c, p.Rules.Password)
	if err != nil {
		return Decision{}, err
	}
	if c == nil || !reserved || c.Password == "" {
		return Decision{}, k.refuse(ctx, a.Password, g, max(wait, g.wait()))
	}
	v, err := k.verify(ctx, c, a.Password)
	switch {
	case errors.Is(err, hash.ErrOverloaded):
		return Decision{}, errors.Join(err, g.giveBack(ctx))
	case errors.Is(err, errUnreadable):
		return Decision{}, k.unreadable(ctx, c, a.Password, g)
	case errors.Is(err, hash.ErrMismatch):
		return Decision{}, &Denied{RetryAfter: g.wait()}
	case err != nil:
		return Decision{}, err
	}
	v.upgrade(ctx, k, a.Password)
	v.searchBreaches(ctx, k, a.Password, p.Rules)
	return k.signIn(ctx, f, a, p, v, g)
}

// guessName is what the counters of a try are keyed by.
func guessName(a Attempt) string {
	if a.Name != "" {
		return a.Name
	}
	return a.Account
}

// flow is what a flow read when it began: writes at its end are judged by it.
type flow struct {
	key    string
	orders []Order
	seq    int64
}

func (k *Keeper) begin(ctx context.Context) (flow, error) {
	key, err := k.primary(ctx)
	if err != nil {
		return flow{}, err
	}
	orders, seq, err := k.orders(ctx, 0)
	return flow{key: key, orders: orders, seq: seq}, err
}

// find returns the credential and the profile of a name or an account; no
// credential, and the default profile, where there is none. An account that
// only the shop knows is adopted.
func (k *Keeper) find(ctx context.Context, f flow, name, account string) (*Credential, Profile, error) {
	if account == "" && name != "" && k.customers != nil && len(name) <= maxNameBytes {
		var err error
		if account, err = k.customers.Find(ctx, name); err != nil {
			return nil, Profile{}, err
		}
	}
	if account == "" {
		// Nobody has this account; the look-up costs what that of a known name does.
		if _, err := k.store.Load(ctx, account); err != nil && !errors.Is(err, ErrNotFound) {
			return nil, Profile{}, err
		}
		p, err := k.profile(k.group)
		return nil, p, err
	}
	if err := checkAccount(account); err != nil {
		return nil, Profile{}, err
	}
	c, err := k.store.Load(ctx, account)
	if errors.Is(err, ErrNotFound) {
		c, err = k.adopt(ctx, f, account)
	}
	if errors.Is(err, ErrNotFound) {
		p, err := k.profile(k.group)
		return nil, p, err
	}
	if err != nil {
		return nil, Profile{}, err
	}
	p, err := k.profile(c.Group)
	return &c, p, err
}

// refuse answers a try for which there is nothing to compare. If memory is
// short no work is done, and the guess is given back as that of a known account
// would be.
func (k *Keeper) refuse(ctx context.Context, password string, g guess, wait time.Duration) error {
	err := k.deny(ctx, password, wait)
	if errors.Is(err, hash.ErrOverloaded) {
		return errors.Join(err, g.giveBack(ctx))
	}
	return err
}

// deny does the work of a wrong password and gives the answer to one.
func (k *Keeper) deny(ctx context.Context, password string, wait time.Duration) error {
	if err := k.decoy(ctx, password); err != nil {
		return err
	}
	return &Denied{RetryAfter: wait}
}

func (k *Keeper) decoy(ctx context.Context, password string) error {
	err := k.hasher.Decoy(ctx, password[:min(len(password), maxPasswordBytes)])
	var bounds *hash.BoundsError
	if errors.As(err, &bounds) {
		return nil // the same as verify does for a password above the hasher's own limit
	}
	return err
}

// verified is a right password: the row it was right for, the hash inside, and
// what is to be written if the row still is the same.
type verified struct {
	row     *Credential
	encoded string
	// fresh is a new hash of the same password, "" if none is wanted.
	fresh string
	// breached and unchecked are the answers of the breach lists.
	breached, unchecked bool
}

// verify compares a password with the one in the row. A wrong one costs as much
// as against a current hash, whatever the format of the row. The errors are
// hash.ErrMismatch, errUnreadable, and those of the context and the budget;
// hash.ErrOverloaded means that nothing was compared.
func (k *Keeper) verify(ctx context.Context, c *Credential, password string) (*verified, error) {
	encoded, err := k.openPassword(c)
	if err != nil {
		return nil, err
	}
	if len(password) > maxPasswordBytes {
		if err := k.decoy(ctx, password); err != nil {
			return nil, err
		}
		return nil, hash.ErrMismatch
	}
	err = k.hasher.Verify(ctx, encoded, password)
	var bounds *hash.BoundsError
	switch {
	case errors.Is(err, hash.ErrMismatch) && k.hasher.Stale(encoded):
		// The password was compared and was wrong, even if there is no room for
		// the rest of the work.
		_ = k.decoy(ctx, password)
		return nil, err
	case errors.As(err, &bounds) && bounds.Param == hash.ParamPassword:
		return nil, hash.ErrMismatch
	case errors.Is(err, hash.ErrFormat), bounds != nil:
		return nil, errors.Join(errUnreadable, err)
	case err != nil:
		return nil, err
	}
	return &verified{row: c, encoded: encoded}, nil
}

// unreadable answers for a row that cannot be read: the work is done, the answer
// is that of a wrong password, and an event tells the operator. The account is
// charged no guess. The name is, as it would be if it were nobody's.
func (k *Keeper) unreadable(ctx context.Context, c *Credential, password string, g guess) error {
	e := k.event(Unreadable, c.Account)
	if ids, err := c.KeyIDs(); err == nil && len(ids) > 0 {
		e.Key = ids[0]
	}
	err := errors.Join(g.giveBackBehind(ctx), k.store.Update(ctx, c.Account, func(*Credential) ([]Event, error) {
		return []Event{e}, ErrUnchanged
	}))
	if err != nil {
		return err
	}
	return k.deny(ctx, password, g.wait())
}

// upgrade makes a fresh hash where the stored one is too weak. It is skipped
// when memory is short: another sign-in will do.
func (v *verified) upgrade(ctx context.Context, k *Keeper, password string) {
	if !k.hasher.Stale(v.encoded) {
		return
	}
	if fresh, err := k.hasher.Hash(ctx, password); err == nil {
		v.fresh = fresh
	}
}

// searchBreaches asks the breach lists. One that fails, or takes too long,
// never blocks the sign-in.
func (v *verified) searchBreaches(ctx context.Context, k *Keeper, password string, r Rules) {
	if len(k.breach) == 0 || !utf8.ValidString(password) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, k.patience)
	defer cancel()
	password = policy.Normalize(password)
	type answer struct {
		count int
		err   error
	}
	answers := make(chan answer, len(k.breach))
	for _, l := range k.breach {
		go func(l policy.List) {
			count, err := l.Seen(ctx, password)
			answers <- answer{count, err}
		}(l)
	}
	for range k.breach {
		select {
		case a := <-answers:
			v.breached = v.breached || a.err == nil && a.count >= max(1, r.BreachThreshold)
			v.unchecked = v.unchecked || a.err != nil
		case <-ctx.Done():
			v.unchecked = true
			return
		}
	}
}

// write puts into the row what a right password changes. A row whose hash is
// no longer the one that was verified, as a parallel sign-in wrote a better
// one, keeps what it has.
func (v *verified) write(k *Keeper, key string, c *Credential) ([]Event, error) {
	c.PasswordGuesses.Clear()
	if c.Password != v.row.Password {
		return nil, nil
	}
	var events []Event
	switch {
	case v.fresh != "":
		if err := k.sealPassword(key, c, v.fresh); err != nil {
			return nil, err
		}
		c.Adopted = false
		events = append(events, k.event(HashUpgraded, c.Account))
	case keyring.Stale(c.Password, key):
		if err := k.sealPassword(key, c, v.encoded); err != nil {
			return nil, err
		}
	}
	c.Recheck = v.unchecked
	if v.breached && (c.Forced == nil || c.Forced.Reason != Breached) {
		now := k.now()
		force(c, Forced{Reason: Breached, Proof: Breached.Proof(), Since: now, By: now})
		e := k.event(BreachFound, c.Account)
		e.Reason, e.By = Breached, now
		events = append(events, e)
	}
	return events, nil
}

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

// signIn is the last write of a sign-in with a right password: it looks once
// more at epoch and factor, consumes the code, and decides what comes next.
func (k *Keeper) signIn(ctx context.Context, f flow, a Attempt, p Profile, v *verified, g guess) (Decision, error) {
	code, err := k.codeCheck(v.row, Proofs{Code: a.Code, Recovery: a.Recovery}, p)
	if err != nil {
		return Decision{}, k.unreadable(ctx, v.row, a.Password, g)
	}
	now := k.now()
	var out outcome
	err = k.store.Update(ctx, v.row.Account, func(c *Credential) ([]Event, error) {
		out = outcome{}
		if c.Epoch != v.row.Epoch || factorID(c) != factorID(v.row) {
			out.denied = &Denied{}
			return nil, ErrUnchanged
		}
		events, err := v.write(k, f.key, c)
		if err != nil {
			return nil, err
		}
		more := out.complete(k, c, f, p.Rules, code, []string{MethodPassword}, a.Browser, now)
		return append(events, more...), nil
	})
	if err != nil {
		return Decision{}, err
	}
	if out.denied == nil || out.denied.Code {
		if err := k.clearName(ctx, g.name); err != nil {
			return Decision{}, err
		}
	}
	return k.decide(ctx, out)
}

// outcome is what a locked closure decided. It is made anew each time the
// closure runs.
type outcome struct {
	next    Next
	session Session
	ticket  ticket
	due     Due
	denied  *Denied
}

// complete asks for the second factor where there is one, consumes its code,
// and then settles.
func (o *outcome) complete(k *Keeper, c *Credential, f flow, r Rules, code codeCheck, methods []string, browser string, now time.Time) (events []Event) {
	if c.Factor != nil {
		var method string
		if method, events, o.denied = code.use(k, c, now); method == "" {
			o.next = NeedCode
			o.ticket = k.newTicket(forCode, c, f.seq, methods, browser)
			return events
		}
		methods = append(slices.Clip(methods), method)
	}
	o.settle(k, c, f, r, methods, browser, now)
	return events
}

// settle decides what follows when all proofs of a sign-in are given: the
// change that is due, the factor that is missing, or the session.
func (o *outcome) settle(k *Keeper, c *Credential, f flow, r Rules, methods []string, browser string, now time.Time) {
	o.due = r.Due(c, f.orders, now)
	switch {
	case o.due.Now(now):
		o.next = NeedNewPassword
		o.ticket = k.newTicket(forNewPassword, c, f.seq, methods, browser)
	case r.RequireFactor && c.Factor == nil:
		o.next = NeedEnroll
		o.ticket = k.newTicket(forEnroll, c, f.seq, methods, browser)
	default:
		o.next = Proceed
		c.SignedIn = now
		o.session = Session{Account: c.Account, Epoch: c.Epoch, Seq: f.seq, AuthTime: now, Methods: slices.Clone(methods)}
	}
}

// decide turns an outcome into what the shop gets.
func (k *Keeper) decide(ctx context.Context, o outcome) (Decision, error) {
	if o.denied != nil && !o.denied.Code {
		return Decision{}, o.denied
	}
	var d Decision
	var err error
	if o.next == Proceed || o.ticket.For == "" {
		d = Decision{Next: o.next, Session: o.session, Reason: o.due.Reason, Proof: o.due.Proof, By: o.due.By}
	} else if d, err = k.ticketDecision(ctx, o.next, o.ticket, o.due); err != nil {
		return Decision{}, err
	}
	if o.denied != nil {
		return d, o.denied
	}
	return d, nil
}
