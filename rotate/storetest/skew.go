package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// skewed opens another instance whose clock is off.
func (r *realm) skewed(by time.Duration, changes ...func(*rotate.Config)) *rotate.Keeper {
	r.t.Helper()
	return r.again(append(changes, func(c *rotate.Config) {
		c.Now = func() time.Time { return r.clock.Now().Add(by) }
	})...)
}

// TestS06_NoClockEscapesAnOrder: whichever instance places an order, asks, and
// writes the new password, however far their clocks are apart.
func TestS06_NoClockEscapesAnOrder(t *testing.T, open Open) {
	r := newRealm(t, open)
	clocks := []*rotate.Keeper{r.Keeper, r.skewed(-10 * time.Minute), r.skewed(10 * time.Minute), r.skewed(year), r.skewed(-year)}
	password, session := r.signUp("a")
	for i, places := range clocks {
		for _, w := range []int{i, (i + 2) % len(clocks)} {
			_, err := places.Force(r.ctx, rotate.Order{Account: "a", Reason: rotate.PolicyRaised, EndSessions: true, Actor: "staff-1", Expect: 1})
			require.NoError(t, err)
			for asked, asks := range clocks {
				d, err := asks.Login(r.ctx, attempt("a", password))
				require.NoError(t, err)
				require.Equal(t, rotate.NeedNewPassword, d.Next, "placed by clock %d, asked of clock %d", i, asked)
				d, err = asks.Valid(r.ctx, session)
				require.NoError(t, err)
				require.NotEqual(t, rotate.Proceed, d.Next, "placed by clock %d, asked of clock %d", i, asked)
			}
			d, err := clocks[w].Login(r.ctx, attempt("a", password))
			r.next(rotate.NeedNewPassword, d, err)
			password = newSecret()
			d, err = clocks[w].Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
			r.next(rotate.Proceed, d, err)
			session = d.Session
			for asked, asks := range clocks {
				d, err := asks.Valid(r.ctx, session)
				require.NoError(t, err)
				require.Equal(t, rotate.Proceed, d.Next, "written by clock %d, asked of clock %d", w, asked)
				d, err = asks.Login(r.ctx, attempt("a", password))
				r.next(rotate.Proceed, d, err)
			}
		}
	}
}

// TestS08_LocksOfOtherClocks: a guess counts whoever took it. A wait that an
// instance ahead has set is as much longer for the others as it is ahead, and
// never shorter for itself; Unlock and a mailed reset end it. In all there are no
// more guesses than one clock would allow.
func TestS08_LocksOfOtherClocks(t *testing.T, open Open) {
	const ahead = 10 * time.Minute
	r := newRealm(t, open, rules(func(r *rotate.Rules) {
		r.Password = rotate.Throttle{LockAfter: 3, LockFor: 30 * time.Minute, DisableAfter: 12}
	}))
	password, _ := r.signUp("a")
	other := r.skewed(ahead)
	for _, k := range []*rotate.Keeper{r.Keeper, other, other} {
		_, err := k.Login(r.ctx, attempt("a", "not it"))
		denied(t, err)
	}
	_, err := r.Login(r.ctx, attempt("a", password))
	require.Equal(t, 30*time.Minute+ahead, denied(t, err).RetryAfter)
	_, err = other.Login(r.ctx, attempt("a", password))
	require.Equal(t, 30*time.Minute, denied(t, err).RetryAfter)
	r.clock.advance(30 * time.Minute)
	_, err = r.Login(r.ctx, attempt("a", password))
	require.Equal(t, ahead, denied(t, err).RetryAfter)
	d, err := other.Login(r.ctx, attempt("a", password))
	r.next(rotate.Proceed, d, err)

	// A year ahead: the customer has ways out.
	wild := r.skewed(year)
	for range 3 {
		_, err := wild.Login(r.ctx, attempt("a", "not it"))
		denied(t, err)
	}
	r.clock.advance(day)
	_, err = r.Login(r.ctx, attempt("a", password))
	require.Greater(t, denied(t, err).RetryAfter, 300*day)
	fresh := newSecret()
	_, err = r.Reset(r.ctx, r.mailed("a", browser), rotate.Proofs{NewPassword: fresh, Browser: browser})
	require.NoError(t, err)
	r.signIn("a", fresh)
	for range 3 {
		_, err := wild.Login(r.ctx, attempt("a", "not it"))
		denied(t, err)
	}
	require.NoError(t, r.Unlock(r.ctx, "a", "staff-1", name("a")))
	r.signIn("a", fresh)

	// However they take turns, twelve guesses are all.
	compared := 0
	for i := range 200 {
		k := []*rotate.Keeper{r.Keeper, other, r.skewed(-ahead)}[i%3]
		total := r.row("a").PasswordGuesses.Total
		_, err := k.Login(r.ctx, attempt("a", "not it"))
		denied(t, err)
		compared += r.row("a").PasswordGuesses.Total - total
		r.clock.advance(7 * time.Minute)
	}
	require.Equal(t, 12, compared)
	_, err = r.skewed(year).Login(r.ctx, attempt("a", fresh))
	denied(t, err)
}

// TestS08_ACodeIsConsumedForEveryClock: on instances a step apart it still works
// once, and one that is off by more takes none.
func TestS08_ACodeIsConsumedForEveryClock(t *testing.T, open Open) {
	const step = 30 * time.Second
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, secret, _ := r.enroll(s, password)
	clocks := []*rotate.Keeper{r.Keeper, r.skewed(step), r.skewed(-step)}
	signIn := func(k *rotate.Keeper, code string) error {
		a := attempt("a", password)
		a.Code = code
		_, err := k.Login(r.ctx, a)
		return err
	}
	for _, first := range clocks {
		r.clock.advance(10 * step)
		code := secret.Code(r.clock.Now())
		require.NoError(t, signIn(first, code))
		for _, k := range clocks {
			denied(t, signIn(k, code))
		}
		require.NoError(t, r.Unlock(r.ctx, "a", "staff-1", name("a")))
	}
	r.clock.advance(10 * step)
	denied(t, signIn(r.skewed(10*time.Minute), secret.Code(r.clock.Now())))
	require.NoError(t, signIn(r.Keeper, secret.Code(r.clock.Now())), "a guess on a clock that is off used up the code")
}

// TestS09_TicketsOfOtherClocks: they end by the clock of who reads them, so those
// of an instance that is behind may be over at once: start again. Wherever one
// is read, it is good once.
func TestS09_TicketsOfOtherClocks(t *testing.T, open Open) {
	r := newRealm(t, open)
	behind, ahead := r.skewed(-10*time.Minute), r.skewed(10*time.Minute)
	v := r.arrive(passwordStep, "a")
	ticket := func(k *rotate.Keeper) string {
		d, err := k.Login(r.ctx, attempt("a", v.password))
		return r.next(rotate.NeedNewPassword, d, err).Ticket
	}
	change := func(k *rotate.Keeper, ticket string) error {
		_, err := k.Continue(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		return err
	}
	require.ErrorIs(t, change(r.Keeper, ticket(behind)), rotate.ErrTicket)
	require.ErrorIs(t, change(ahead, ticket(r.Keeper)), rotate.ErrTicket)
	late := ticket(ahead)
	r.clock.advance(14 * time.Minute)
	require.NoError(t, change(r.Keeper, late), "it ends by the clock of who made it")
	for _, k := range []*rotate.Keeper{behind, r.Keeper, ahead} {
		require.ErrorIs(t, change(k, late), rotate.ErrTicket)
	}
}

// TestS14_LeasesOfOtherClocks: an instance ahead takes what others hold, so that
// an event may come twice; none is lost, and what a dead one held comes when its
// lease is over by the clock of who asks.
func TestS14_LeasesOfOtherClocks(t *testing.T, open Open) {
	const apart = 10 * time.Minute
	s := &sink{}
	receive := func(c *rotate.Config) { c.Events = s.receive }
	r := newRealm(t, open, receive)
	ahead := r.skewed(apart, receive)
	dies := func(c *rotate.Config) { c.Store = forgetful{r.store} }

	want := r.events(3)
	_, err := r.again(dies).Deliver(r.ctx)
	require.ErrorIs(t, err, errBoom)
	n, err := r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "under a lease")
	n, err = ahead.Deliver(r.ctx)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, slices.Concat(want, want), s.got, "twice, with the same ids")

	s.got = nil
	insert(r.ctx, t, r.store, bare("b"))
	e := event("b", 1)
	require.NoError(t, r.store.Update(r.ctx, "b", func(*rotate.Credential) ([]rotate.Event, error) {
		return []rotate.Event{e}, rotate.ErrUnchanged
	}))
	_, err = r.skewed(apart, receive, dies).Deliver(r.ctx)
	require.ErrorIs(t, err, errBoom)
	r.clock.advance(apart + time.Minute - time.Microsecond)
	n, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "under the lease of one that was ahead")
	r.clock.advance(time.Microsecond)
	n, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, []string{e.ID, e.ID}, s.got)
}

// TestS22_RemindersOfOtherClocks: however many sweep, and however far apart their
// clocks are, each reminder of a deadline is told once, and none again for the
// sake of another clock.
func TestS22_RemindersOfOtherClocks(t *testing.T, open Open) {
	const apart = 10 * time.Minute
	type told struct {
		kind rotate.Kind
		by   time.Time
	}
	limit := func(r *rotate.Rules) { r.ForbidAge, r.MaxAge, r.Jitter = false, 40*day, 0 }
	r := newRealm(t, open, rules(limit))
	password, _ := r.signUp("a")
	r.signUp("b")
	// b is due by an order as well, whose deadline comes after its age.
	r.force(rotate.Order{Account: "b", Reason: rotate.PolicyRaised, Grace: 45 * day})
	clocks := []*rotate.Keeper{r.Keeper, r.skewed(apart), r.skewed(-apart)}
	for _, step := range []time.Duration{26*day - apart, apart, apart, 7 * day, apart, apart, 4 * day, apart, 2 * day, apart, day, apart, apart, day} {
		r.clock.advance(step)
		for i := range 2 * len(clocks) {
			_, err := clocks[i%len(clocks)].Sweep(r.ctx, 0)
			require.NoError(t, err)
		}
	}
	for _, account := range []string{"a", "b"} {
		list := r.notices(account)
		require.Len(t, list, 5, "14, 7, 3 and 1 days before, and when it is over")
		require.Equal(t, told{rotate.ChangeForced, list[0].By}, told{list[4].Kind, list[4].By})
		for _, e := range list[:4] {
			require.Equal(t, told{rotate.ChangeReminder, list[0].By}, told{e.Kind, e.By})
		}
	}

	// One that is a year ahead thinks that all is over: it says so once, and what
	// would have come before is not told any more. Nobody is locked out by that.
	d, err := r.Login(r.ctx, attempt("a", password))
	r.next(rotate.NeedNewPassword, d, err)
	password = newSecret()
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
	r.next(rotate.Proceed, d, err)
	wild := r.skewed(year)
	for i := range 30 {
		_, err := []*rotate.Keeper{wild, r.Keeper}[i%2].Sweep(r.ctx, 0)
		require.NoError(t, err)
		r.clock.advance(day)
	}
	require.Len(t, r.notices("a"), 6)
	r.signIn("a", password)
}
