package storetest

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// walk is a realm whose Store and events are searched for what must not be in
// them.
type walk struct {
	*realm
	recorded *recorded
	// secrets are what was shown, by what it was.
	secrets map[string]string
	// delivered are the events as Config.Events got them; seen are their kinds.
	delivered []rotate.Event
	seen      map[rotate.Kind]bool
	leaked    known
}

// known is a breach list that knows some passwords.
type known map[string]bool

func (k known) Seen(_ context.Context, password string) (int, error) {
	if k[password] {
		return 7, nil
	}
	return 0, nil
}

func newWalk(t *testing.T, open Open) *walk {
	w := &walk{secrets: map[string]string{}, seen: map[rotate.Kind]bool{}, leaked: known{}}
	w.realm = newRealm(t, func(t *testing.T) rotate.Store {
		w.recorded = &recorded{Store: open(t)}
		return w.recorded
	}, rules(func(r *rotate.Rules) {
		r.Password = rotate.Throttle{LockAfter: 4, LockFor: time.Minute, DisableAfter: 6}
		r.History = 3
	}), func(c *rotate.Config) {
		c.Breach = []policy.List{w.leaked}
		c.Events = func(_ context.Context, e rotate.Event) error {
			w.delivered = append(w.delivered, e)
			w.seen[e.Kind] = true
			return nil
		}
	})
	w.keep("the key", w.keys[0].Reveal())
	w.keep("the browser", browser)
	return w
}

// keep notes a secret to search for and returns it.
func (w *walk) keep(what, secret string) string {
	w.t.Helper()
	require.GreaterOrEqual(w.t, len(secret), 6, what)
	w.secrets[fmt.Sprintf("%s (%d)", what, len(w.secrets))] = secret
	return secret
}

// password is a new one.
func (w *walk) password(what string) string { return w.keep("password "+what, newSecret()) }

// fails notes an error, and requires that it is one.
func (w *walk) fails(err error) {
	w.t.Helper()
	require.Error(w.t, err)
	w.clean("an error", fmt.Sprintf("%v %+v", err, err))
}

// customer signs an account up, with its address among the secrets.
func (w *walk) customer(account string) (password string, s rotate.Session) {
	w.t.Helper()
	w.keep("address", name(account))
	password, s = w.signUp(account)
	return w.keep("password of "+account, password), s
}

// clean requires that a text holds none of the secrets.
func (w *walk) clean(where, text string) {
	w.t.Helper()
	folded := strings.ToLower(text)
	for what, secret := range w.secrets {
		b := []byte(secret)
		for _, form := range []string{
			secret, hex.EncodeToString(b),
			base64.RawStdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b),
			base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b),
		} {
			if strings.Contains(folded, strings.ToLower(form)) {
				require.Failf(w.t, "a secret is stored", "%s is in %s: %s", what, where, text)
			}
		}
	}
}

// search goes through every row, order, key, counter and event, and delivers
// the events.
func (w *walk) search() {
	w.t.Helper()
	_, err := w.Deliver(w.ctx)
	require.NoError(w.t, err)
	rows, err := w.store.Page(w.ctx, rotate.Query{Limit: rotate.MaxBatch})
	require.NoError(w.t, err)
	require.NotEmpty(w.t, rows)
	orders, err := w.store.Orders(w.ctx, 0)
	require.NoError(w.t, err)
	keys, err := w.store.Keys(w.ctx)
	require.NoError(w.t, err)
	events, err := w.store.Events(w.ctx, "", "", 1000)
	require.NoError(w.t, err)
	w.recorded.mu.Lock()
	guesses := w.recorded.keys
	w.recorded.mu.Unlock()
	require.NotEmpty(w.t, guesses)
	for where, all := range map[string]any{
		"rows": rows, "orders": orders, "keys": keys, "events": events, "delivered events": w.delivered, "counters": guesses,
	} {
		text, err := json.Marshal(all)
		require.NoError(w.t, err)
		var tree any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		require.NoError(w.t, decoder.Decode(&tree))
		w.leaves(where, tree)
	}
	for key := range guesses {
		w.clean("the key of a counter", string(key[:]))
	}
}

// leaves searches each text and number of a JSON tree. Times and numbers are
// left out of the search for parts, as six digits in a row may be a code by
// chance.
func (w *walk) leaves(where string, tree any) {
	w.t.Helper()
	switch v := tree.(type) {
	case map[string]any:
		for k, child := range v {
			w.leaves(where+"."+k, child)
		}
	case []any:
		for _, child := range v {
			w.leaves(where, child)
		}
	case string:
		if _, err := time.Parse(time.RFC3339Nano, v); err != nil {
			w.clean(where, v)
		}
	case json.Number:
		for what, secret := range w.secrets {
			require.NotEqual(w.t, secret, v.String(), "%s is in %s", what, where)
		}
	}
}

// TestS10_NothingStoredHoldsASecret: a whole life of accounts, after each part of
// which everything stored and every event is searched for every password, code,
// ticket, seed, recovery code, key, browser value, typed name and address.
func TestS10_NothingStoredHoldsASecret(t *testing.T, open Open) {
	w := newWalk(t, open)

	// Guesses, of an account and of nobody.
	password, s := w.customer("a")
	for range 8 {
		_, err := w.Login(w.ctx, attempt("a", w.password("guessed")))
		w.fails(err)
		_, err = w.Login(w.ctx, rotate.Attempt{Name: w.keep("name", newSecret()+"@example.net"), Password: password, Browser: browser, Source: w.keep("source", "198.51.100.7")})
		w.fails(err)
		w.clock.advance(time.Minute)
	}
	require.NoError(t, w.Unlock(w.ctx, "a", "staff-1", name("a")))
	w.search()

	// A second factor, its codes and its tickets.
	e, err := w.Enroll(w.ctx, s, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(t, err)
	seed, err := e.Secret.MarshalBinary()
	require.NoError(t, err)
	w.keep("seed", e.Secret.Reveal())
	w.keep("seed as URI", e.URI(name("a")))
	w.keep("seed as stored", string(seed))
	w.search()
	d, codes, err := w.Confirm(w.ctx, s, rotate.Proofs{Code: w.keep("code", e.Secret.Code(w.clock.Now())), Browser: browser})
	w.next(rotate.Proceed, d, err)
	s = d.Session
	for _, c := range codes {
		w.keep("recovery code", c.Reveal())
		w.keep("recovery code", strings.ReplaceAll(c.Reveal(), "-", ""))
	}
	d, err = w.Login(w.ctx, attempt("a", password))
	d = w.next(rotate.NeedCode, d, err)
	w.keep("ticket", d.Ticket)
	_, err = w.Continue(w.ctx, d.Ticket, rotate.Proofs{Code: w.keep("wrong code", wrongCode(e.Secret, w.clock.Now())), Browser: browser})
	w.fails(err)
	w.clock.advance(time.Minute)
	d, err = w.Continue(w.ctx, d.Ticket, rotate.Proofs{Code: w.keep("code", e.Secret.Code(w.clock.Now())), Browser: browser})
	w.next(rotate.Proceed, d, err)
	d, err = w.Login(w.ctx, withRecovery("a", password, codes[0]))
	w.next(rotate.Proceed, d, err)
	for range 5 {
		_, err = w.StepUp(w.ctx, d.Session, rotate.Proofs{Code: wrongCode(e.Secret, w.clock.Now()), Browser: browser})
		w.fails(err)
	}
	w.search()

	// Changes: by hand, refused, by mail, after a breach.
	fresh := w.password("changed")
	d, err = w.Change(w.ctx, s, rotate.Proofs{Password: password, NewPassword: fresh, Browser: browser})
	w.next(rotate.Proceed, d, err)
	_, err = w.Change(w.ctx, d.Session, rotate.Proofs{Password: fresh, NewPassword: w.keep("refused password", "Zq7!wx"), Browser: browser})
	w.fails(err)
	ticket := w.keep("mailed ticket", w.mailed("a", browser))
	password = w.password("reset")
	d, err = w.Reset(w.ctx, ticket, rotate.Proofs{NewPassword: password, Recovery: codes[1].Reveal(), Browser: browser})
	w.next(rotate.SignInAgain, d, err)
	_, err = w.Reset(w.ctx, ticket, rotate.Proofs{NewPassword: password, Browser: browser})
	w.fails(err)
	d, err = w.Login(w.ctx, withRecovery("a", password, codes[2]))
	w.next(rotate.Proceed, d, err)
	d, err = w.Unenroll(w.ctx, d.Session, rotate.Proofs{Password: password, Recovery: codes[3].Reveal(), Browser: browser})
	w.next(rotate.Proceed, d, err)
	password, _ = w.customer("b")
	w.leaked[password] = true
	d, err = w.Login(w.ctx, attempt("b", password))
	w.next(rotate.NeedNewPassword, d, err)
	d, err = w.Continue(w.ctx, w.keep("ticket", d.Ticket), rotate.Proofs{
		NewPassword: w.password("after the breach"), Mailed: w.keep("mailed ticket", w.mailed("b", browser)), Browser: browser,
	})
	w.next(rotate.Proceed, d, err)
	w.search()

	// Hashes from elsewhere, a row that cannot be read, and what staff does.
	password = w.password("adopted")
	w.keep("foreign hash", countingPrefix+password)
	w.keep("address", name("c"))
	w.customers.add("c", rotate.Foreign{Encoded: countingPrefix + password})
	w.signIn("c", password)
	_, err = w.Import(w.ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: "d", Encoded: countingPrefix + w.password("imported")}, nil)
	})
	require.NoError(t, err)
	other := w.row("c").Password
	require.NoError(t, w.store.Update(w.ctx, "d", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.Password = other
		return nil, nil
	}), "what is sealed for one account")
	w.keep("address", name("d"))
	w.customers.add("d", rotate.Foreign{})
	_, err = w.Login(w.ctx, attempt("d", password))
	w.fails(err)
	id := w.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: 24 * time.Hour})
	_, err = w.Sweep(w.ctx, 0)
	require.NoError(t, err)
	w.clock.advance(48 * time.Hour)
	_, err = w.Sweep(w.ctx, 0)
	require.NoError(t, err)
	require.NoError(t, w.Withdraw(w.ctx, id, "staff-1", ""))
	w.search()
	require.NoError(t, w.Regroup(w.ctx, "a", "elsewhere", "staff-1"))
	require.NoError(t, w.Move(w.ctx, "a", "a2", "staff-1"))
	old, _ := w.turned()
	w.keep("the next key", w.keys[1].Reveal())
	require.NoError(t, w.Erase(w.ctx, "d", "staff-1"))
	_, err = w.Sweep(w.ctx, 0)
	require.NoError(t, err)
	w.inUse(old)
	w.clock.advance(25 * time.Hour)
	require.NoError(t, w.DropKey(w.ctx, old, "staff-1"))
	_, err = w.Restored(w.ctx, w.clock.Now(), "staff-1")
	require.NoError(t, err)
	w.search()

	for _, k := range []rotate.Kind{
		rotate.SignedUp, rotate.Adopted, rotate.CredentialImported, rotate.PasswordChanged, rotate.PasswordReset, rotate.ResetIssued,
		rotate.HashUpgraded, rotate.BreachFound, rotate.Locked, rotate.Disabled, rotate.Unlocked, rotate.FactorEnrolled,
		rotate.FactorRemoved, rotate.RecoveryIssued, rotate.RecoveryUsed, rotate.SessionsEnded, rotate.SessionEnded,
		rotate.ChangeForced, rotate.ChangeReminder, rotate.OrderPlaced, rotate.OrderWithdrawn, rotate.GroupChanged, rotate.Moved,
		rotate.Erased, rotate.Unreadable, rotate.KeyAdded, rotate.KeyPromoted, rotate.KeyDropped, rotate.RealmRestored,
	} {
		require.True(t, w.seen[k], "the walk met no %s", k)
	}
}

// TestS10_TheMailerAsksAtDelivery: an event names the account, and the ticket is
// made when the mail is sent; a delivery that is repeated makes another.
func TestS10_TheMailerAsksAtDelivery(t *testing.T, open Open) {
	var mails []rotate.Issued
	var r *realm
	broken := errors.New("the mail server is away")
	r = newRealm(t, open, rules(func(r *rotate.Rules) {
		r.Password = rotate.Throttle{LockAfter: 2, LockFor: time.Minute, DisableAfter: 2}
	}), func(c *rotate.Config) {
		c.Events = func(ctx context.Context, e rotate.Event) error {
			if e.Kind != rotate.Disabled {
				return nil
			}
			i, err := r.Issue(ctx, rotate.Request{Account: e.Account, Browser: browser})
			if err != nil {
				return err
			}
			if mails = append(mails, i); len(mails) == 1 {
				return broken
			}
			return nil
		}
	})
	r.signUp("a")
	for range 2 {
		_, err := r.Login(r.ctx, attempt("a", "not it"))
		require.ErrorIs(t, err, rotate.ErrDenied)
	}
	r.clock.advance(time.Hour)
	_, err := r.Deliver(r.ctx)
	require.ErrorIs(t, err, broken)
	r.clock.advance(2 * time.Minute)
	_, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Len(t, mails, 2)
	require.NotEqual(t, mails[0].Ticket, mails[1].Ticket)
	require.Equal(t, name("a"), mails[1].Address)
	require.Equal(t, r.clock.Now().Add(time.Hour), mails[1].Until, "it lives from the mail on, not from the event")
	d, err := r.Reset(r.ctx, mails[1].Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
}

// TestS10_NothingPrintsASecret: what holds secrets prints none of them, however
// it is printed or logged, and is not written as JSON by mistake.
func TestS10_NothingPrintsASecret(t *testing.T, open Open) {
	w := newWalk(t, open)
	password, s := w.customer("a")
	e, err := w.Enroll(w.ctx, s, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(t, err)
	w.keep("seed", e.Secret.Reveal())
	code := w.keep("code", e.Secret.Code(w.clock.Now()))
	_, codes, err := w.Confirm(w.ctx, s, rotate.Proofs{Code: code, Browser: browser})
	require.NoError(t, err)
	recovery := w.keep("recovery code", codes[0].Reveal())
	d, err := w.Login(w.ctx, attempt("a", password))
	w.next(rotate.NeedCode, d, err)
	w.keep("ticket", d.Ticket)
	i, err := w.Issue(w.ctx, rotate.Request{Name: name("a"), Browser: browser})
	require.NoError(t, err)
	w.keep("mailed ticket", i.Ticket)
	draft, err := w.Draft(w.ctx, rotate.NewAccount{Password: password, Browser: browser})
	require.NoError(t, err)
	for _, v := range []any{
		d, i, e, draft, codes,
		rotate.Attempt{Name: name("a"), Password: password, Code: code, Recovery: recovery, Browser: browser},
		rotate.Proofs{Password: password, NewPassword: password, Code: code, Recovery: recovery, Mailed: i.Ticket, Ticket: d.Ticket, Browser: browser},
		rotate.NewAccount{Account: "a", Password: password, About: []string{name("a")}, Browser: browser},
		rotate.Request{Name: name("a"), Browser: browser},
		rotate.Imported{Account: "a", Encoded: countingPrefix + password},
		w.ring, w.keys[0], w.keys, keyring.Context{Purpose: "ticket"},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X"} {
			w.clean(fmt.Sprintf("%T as %s", v, verb), fmt.Sprintf(verb, v))
			w.clean(fmt.Sprintf("*%T as %s", v, verb), fmt.Sprintf(verb, &v))
		}
		var log bytes.Buffer
		options := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // its digits may be a code by chance
			}
			return a
		}}
		slog.New(slog.NewJSONHandler(&log, options)).Info("seen", "value", v)
		slog.New(slog.NewTextHandler(&log, options)).Info("seen", "value", v)
		w.clean(fmt.Sprintf("a log of %T", v), log.String())
	}
	for _, v := range []any{
		rotate.Attempt{Password: password}, rotate.Proofs{Password: password}, rotate.NewAccount{Password: password}, i, e,
	} {
		_, err := json.Marshal(v)
		require.Error(t, err, "%T", v)
	}
}

// opened reads what a ticket holds.
func (r *realm) opened(step, ticket string) map[string]any {
	r.t.Helper()
	plain, err := r.ring.Open(keyring.Context{Purpose: "ticket", Binding: step}, ticket)
	require.NoError(r.t, err)
	var held map[string]any
	require.NoError(r.t, json.Unmarshal(plain, &held))
	return held
}

// remembers searches everything a value holds for a text, but not a Store: that
// has a law of its own.
func remembers(v reflect.Value, text string, seen map[uintptr]bool) bool {
	if !v.IsValid() || v.Type().Implements(reflect.TypeFor[rotate.Store]()) {
		return false
	}
	switch v.Kind() {
	case reflect.String:
		return strings.Contains(v.String(), text)
	case reflect.Pointer, reflect.Map:
		if v.IsNil() || seen[v.Pointer()] {
			return false
		}
		seen[v.Pointer()] = true
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return remembers(v.Elem(), text, seen)
	case reflect.Struct:
		for i := range v.NumField() {
			if remembers(v.Field(i), text, seen) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			return strings.Contains(string(v.Bytes()), text)
		}
		for i := range v.Len() {
			if remembers(v.Index(i), text, seen) {
				return true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if remembers(it.Key(), text, seen) || remembers(it.Value(), text, seen) {
				return true
			}
		}
	}
	return false
}
