package rotate_test

import (
	"context"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// buffers makes texts that are written over afterwards, as those of a request
// are in some frameworks.
type buffers [][]byte

func (b *buffers) text(value string) string {
	buffer := []byte(value)
	*b = append(*b, buffer)
	return unsafe.String(&buffer[0], len(buffer))
}

func (b *buffers) overwrite() {
	for _, buffer := range *b {
		for i := range buffer {
			buffer[i] = '#'
		}
	}
}

// queued is a Store that hands events to a queue as they are, as sqlstore's
// Enqueue does.
type queued struct {
	rotate.Store
	events []rotate.Event
}

func (q *queued) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	q.events = append(q.events, events...)
	return q.Store.Insert(ctx, c, events)
}

func (q *queued) Place(ctx context.Context, fn func(int64) (rotate.Order, []rotate.Event, error)) error {
	return q.Store.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		o, events, err := fn(seq)
		q.events = append(q.events, events...)
		return o, events, err
	})
}

// TestNoTextOfACallerIsKept: what outlives a call, in events, decisions and
// sessions, is not in the memory of the texts that were passed in.
func TestNoTextOfACallerIsKept(t *testing.T) {
	ctx := t.Context()
	cheap, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	ring, err := keyring.New("realm", keyring.NewKey())
	require.NoError(t, err)
	const account, browser, password = "17", "browser-0123456789", "plum kettle orbit 92 fjord"
	known := func(context.Context, string) (rotate.Customer, error) {
		return rotate.Customer{Account: account, Address: "a@example.com"}, nil
	}
	store := &queued{Store: memstore.New()}
	k, err := rotate.New(rotate.Config{Store: store, Ring: ring, Hasher: cheap, Customers: rotate.Table{ByName: known, ByAccount: known}})
	require.NoError(t, err)
	d, err := k.SignUp(ctx, rotate.NewAccount{Account: account, Password: password})
	require.NoError(t, err)
	id, err := k.Force(ctx, rotate.Order{Account: account, Reason: rotate.PolicyRaised, Actor: "staff", Expect: 1, Grace: time.Hour})
	require.NoError(t, err)
	issued, err := k.Issue(ctx, rotate.Request{Account: account, Browser: browser})
	require.NoError(t, err)

	var b buffers
	_, err = k.Valid(ctx, rotate.Session{Account: b.text("of the time before")})
	require.NoError(t, err)
	require.NoError(t, k.Withdraw(ctx, rotate.ID(b.text(string(id))), b.text("staff"), b.text("note")))
	admitted, err := k.Admit(ctx, rotate.Admission{Account: b.text(account), Methods: []string{b.text("hwk")}, Browser: b.text(browser)})
	require.NoError(t, err)
	reset, err := k.Reset(ctx, b.text(issued.Ticket), rotate.Proofs{Browser: b.text(browser)})
	require.NoError(t, err)
	offer, err := k.Enroll(ctx, d.Session, rotate.Proofs{Password: password})
	require.NoError(t, err)
	_, _, err = k.Confirm(ctx, d.Session, rotate.Proofs{Code: offer.Secret.Code(time.Now())})
	require.NoError(t, err)
	asked, err := k.Login(ctx, rotate.Attempt{Account: account, Password: password, Browser: browser})
	require.NoError(t, err)
	again, err := k.Continue(ctx, b.text(asked.Ticket), rotate.Proofs{Browser: b.text(browser), Code: b.text("0")})
	require.ErrorIs(t, err, rotate.ErrDenied)

	b.overwrite()
	require.Equal(t, []string{"hwk"}, admitted.Session.Methods)
	require.Equal(t, account, admitted.Session.Account)
	require.Equal(t, issued.Ticket, reset.Ticket)
	require.Equal(t, asked.Ticket, again.Ticket)
	for _, e := range store.events {
		switch e.Kind {
		case rotate.Adopted:
			require.Equal(t, "of the time before", e.Account)
		case rotate.OrderWithdrawn:
			require.Equal(t, id, e.Order)
			require.Equal(t, "staff", e.Actor)
		}
	}
	require.Len(t, store.events, 4, "signed up, ordered, adopted, withdrawn")
}

// laterList answers when the Keeper has given up on it.
type laterList struct {
	asked  chan struct{}
	answer chan any
}

type valueKey struct{}

func (l laterList) Seen(ctx context.Context, _ string) (int, error) {
	<-l.asked
	l.answer <- ctx.Value(valueKey{})
	return 0, nil
}

// TestALateListHasNoContextOfTheCaller: some frameworks give the context of a
// request to the next one. A breach list that goes on after a sign-in must not
// look into it.
func TestALateListHasNoContextOfTheCaller(t *testing.T) {
	cheap, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	ring, err := keyring.New("realm", keyring.NewKey())
	require.NoError(t, err)
	list := laterList{make(chan struct{}), make(chan any)}
	k, err := rotate.New(rotate.Config{
		Store: memstore.New(), Ring: ring, Hasher: cheap, Breach: []policy.List{list}, BreachTimeout: time.Nanosecond,
	})
	require.NoError(t, err)
	ctx := context.WithValue(t.Context(), valueKey{}, "of this request")
	_, err = k.SignUp(ctx, rotate.NewAccount{Account: "17", Password: "plum kettle orbit 92 fjord"})
	require.NoError(t, err)
	list.asked <- struct{}{}
	require.Nil(t, <-list.answer)
}
