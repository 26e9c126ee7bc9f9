package storetest

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// path is a method of the Keeper that takes a password, or what holds one.
type path struct {
	// enter sets a new password by this method, for an account that has none yet
	// if fresh is true, and else for one that has; nil where the method must not
	// set any.
	enter func(g *gated, password string) error
	fresh bool
	// leave calls the method with a new password that every rule accepts, where it
	// sets none.
	leave func(g *gated)
}

// gated is a realm with all rules on, and two accounts for the path at hand: old
// has a password and a session, fresh is known to the shop alone.
type gated struct {
	*realm
	old, fresh      string
	current, former string
	session         rotate.Session
}

const leakedPassword = "plum orbit kettle fjord 92"

// newGated opens such a realm.
func newGated(t *testing.T, open Open) *gated {
	t.Helper()
	return &gated{realm: newRealm(t, open, func(c *rotate.Config) {
		c.Breach = []policy.List{known{leakedPassword: true}}
		c.Profile = func(string) (rotate.Profile, error) {
			p := rotate.Profile{Policy: policy.ShopCustomer(), Rules: rotate.ShopCustomer(), Issuer: "Kettleshop"}
			p.Rules.History, p.Rules.Recheck = 4, rotate.RecheckBlock
			return p, nil
		}
	})}
}

// begin makes the accounts of a path.
func (g *gated) begin(name string) {
	g.t.Helper()
	g.old, g.fresh = "old "+name, "new "+name
	for _, account := range []string{g.old, g.fresh} {
		g.customers.add(account, rotate.Foreign{})
		g.customers.about[account] = []string{"Wilhelmina Featherstonehaugh"}
	}
	g.former, g.session = g.signUp(g.old)
	g.current = g.change(g.session, g.former)
	g.session = g.signIn(g.old, g.current)
}

// stored is the hash of an account, "" if it has none.
func (g *gated) stored(account string) string {
	g.t.Helper()
	return g.exported(rotate.Query{Account: account})[account]
}

// proofs are all that a call could want, with a new password.
func (g *gated) proofs(password string) rotate.Proofs {
	g.t.Helper()
	g.clock.advance(waited)
	return rotate.Proofs{Password: g.current, NewPassword: password, Mailed: g.mailed(g.old, browser), Browser: browser}
}

// continued goes on from a sign-in that wants a new password.
func (g *gated) continued(account, current, password string) error {
	g.t.Helper()
	d, err := g.Login(g.ctx, attempt(account, current))
	d = g.next(rotate.NeedNewPassword, d, err)
	_, err = g.Continue(g.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
	return err
}

// paths has every method of the Keeper that takes a password.
func paths() map[string]path {
	created := func(first bool) func(*gated, string) error {
		return func(g *gated, password string) error {
			_, err := g.SignUp(g.ctx, rotate.NewAccount{Account: g.fresh, Password: password, FirstUse: first, Browser: browser})
			return err
		}
	}
	return map[string]path{
		"SignUp":              {fresh: true, enter: created(false)},
		"SignUp of first use": {fresh: true, enter: created(true)},
		"Draft": {fresh: true, enter: func(g *gated, password string) error {
			// Without an account, nothing is known of the customer but what is typed.
			d, err := g.Draft(g.ctx, rotate.NewAccount{Password: password, About: g.customers.about[g.fresh], Browser: browser})
			if err != nil {
				return err
			}
			_, err = g.Create(g.ctx, d.For(g.fresh))
			return err
		}},
		// A Draft is made by Draft alone; one of nothing has no password.
		"Create": {leave: func(g *gated) {
			_, err := g.Create(g.ctx, (&rotate.Draft{}).For(g.fresh))
			require.NoError(g.t, err)
			require.Empty(g.t, g.row(g.fresh).Password)
		}},
		"Change": {enter: func(g *gated, password string) error {
			_, err := g.Change(g.ctx, g.session, rotate.Proofs{Password: g.current, NewPassword: password, Browser: browser})
			return err
		}},
		"Reset": {enter: func(g *gated, password string) error {
			p := g.proofs(password)
			_, err := g.Reset(g.ctx, p.Mailed, p)
			return err
		}},
		"Reset by staff": {enter: func(g *gated, password string) error {
			i, err := g.Issue(g.ctx, rotate.Request{Account: g.old, Vouched: "staff-1"})
			require.NoError(g.t, err)
			_, err = g.Reset(g.ctx, i.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
			return err
		}},
		"Continue": {enter: func(g *gated, password string) error {
			if !g.due(g.old).Open() {
				g.force(rotate.Order{Account: g.old, Reason: rotate.PolicyRaised})
			}
			return g.continued(g.old, g.current, password)
		}},
		// What is imported or adopted is a hash, which no policy can look into: the
		// first sign-in does, and then it is a change like any other.
		"Import": {fresh: true, enter: func(g *gated, password string) error {
			g.imported(rotate.Imported{Account: g.fresh, Encoded: countingPrefix + "weak"})
			return g.continued(g.fresh, "weak", password)
		}},
		"Login": {fresh: true, enter: func(g *gated, password string) error {
			g.customers.add(g.fresh, rotate.Foreign{Encoded: countingPrefix + "weak"})
			return g.continued(g.fresh, "weak", password)
		}},
		"Enroll": {leave: func(g *gated) {
			_, err := g.Enroll(g.ctx, g.session, g.proofs(newSecret()))
			require.NoError(g.t, err)
		}},
		"Confirm": {leave: func(g *gated) {
			p := g.proofs(newSecret())
			e, err := g.Enroll(g.ctx, g.session, p)
			require.NoError(g.t, err)
			p.Code = e.Secret.Code(g.clock.Now())
			_, _, err = g.Confirm(g.ctx, g.session, p)
			require.NoError(g.t, err)
		}},
		"Unenroll": {leave: func(g *gated) {
			s, _, codes := g.enroll(g.session, g.current)
			p := g.proofs(newSecret())
			p.Recovery = codes[0].Reveal()
			_, err := g.Unenroll(g.ctx, s, p)
			require.NoError(g.t, err)
		}},
		"RecoveryCodes": {leave: func(g *gated) {
			s, _, codes := g.enroll(g.session, g.current)
			p := g.proofs(newSecret())
			p.Recovery = codes[0].Reveal()
			_, _, err := g.RecoveryCodes(g.ctx, s, p)
			require.NoError(g.t, err)
		}},
		"StepUp": {leave: func(g *gated) {
			_, err := g.StepUp(g.ctx, g.session, g.proofs(newSecret()))
			require.NoError(g.t, err)
		}},
	}
}

// holdsPassword tells whether a type has a text that may be a password, or its
// hash, in it: in fields, exported or not, and in what functions take and give.
func holdsPassword(typ reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[typ] {
		return false
	}
	seen[typ] = true
	name := regexp.MustCompile(`(?i)password|encoded|hash|phrase|pin$`)
	text := func(t reflect.Type) bool {
		return t.Kind() == reflect.String || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	}
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
		return holdsPassword(typ.Elem(), seen)
	case reflect.Func:
		for i := range typ.NumIn() {
			if holdsPassword(typ.In(i), seen) {
				return true
			}
		}
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if text(f.Type) && name.MatchString(f.Name) || holdsPassword(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// takers lists the methods of the Keeper that take a password in any form, and
// those with a parameter that is a text without a name, of which they are few.
func takers() (passwords, texts []string) {
	keeper := reflect.TypeFor[*rotate.Keeper]()
	for i := range keeper.NumMethod() {
		m := keeper.Method(i)
		holds, bare := false, false
		for n := 2; n < m.Type.NumIn(); n++ {
			in := m.Type.In(n)
			holds = holds || holdsPassword(in, map[reflect.Type]bool{})
			bare = bare || in == reflect.TypeFor[string]() || in == reflect.TypeFor[[]byte]()
		}
		if holds {
			passwords = append(passwords, m.Name)
		}
		if bare {
			texts = append(texts, m.Name)
		}
	}
	return passwords, texts
}

// TestS21_EveryPasswordPassesOneGate: whatever way a new password comes in, the
// same ones are refused, with the same problem, and leave everything as it was;
// and the methods that only ask for the current one set none. A method that takes
// a password and is not in the table fails the test: say there what it does.
func TestS21_EveryPasswordPassesOneGate(t *testing.T, open Open) {
	all := paths()
	var listed []string
	for name := range all {
		listed = append(listed, strings.Fields(name)[0])
	}
	slices.Sort(listed)
	passwords, texts := takers()
	require.Equal(t, passwords, slices.Compact(listed))
	// An account, a group, a ticket, an actor, a note, a name, a key or an event.
	require.Equal(t, []string{
		"AddKey", "Continue", "DropKey", "EndSessions", "Erase", "Events", "Lookup", "Move", "PolicyProgress", "PromoteKey", "Regroup",
		"Reset", "Restored", "Unlock", "Withdraw",
	}, texts)

	g := newGated(t, open)
	for name, p := range all {
		g.begin(name)
		if p.enter == nil {
			before := g.stored(g.old)
			p.leave(g)
			require.Equal(t, before, g.stored(g.old), name)
			continue
		}
		for password, code := range map[string]string{
			"Kx7 wolf":                      policy.TooShort,
			"password password password":    policy.TooCommon,
			"wilhelmina featherstonehaugh":  policy.ContainsContext,
			"Kettleshop Kettleshop":         policy.ContainsContext,
			"aaaaaaaaaaaaaaaaaaaaaaaa":      policy.TooGuessable,
			leakedPassword:                  policy.Breached,
			"Kx7 wolves under\xff 41 lamps": policy.NotText,
			strings.Repeat("Kx7 ", 257):     policy.TooLong,
		} {
			g.refuses(name, p, password, code)
		}
		account := g.fresh
		if !p.fresh {
			account = g.old
			g.refuses(name, p, g.current, policy.SameAsCurrent)
			g.refuses(name, p, g.former, policy.Reused)
		}
		chosen := norm.NFD.String("\u00c5ngstr\u00f6m " + newSecret())
		before := g.stored(account)
		require.NoError(t, p.enter(g, chosen), name)
		require.NotEqual(t, before, g.stored(account), name)
		g.clock.advance(time.Hour)
		_, err := g.Login(g.ctx, attempt(account, norm.NFC.String(chosen)))
		require.NoError(t, err, name)
		require.NotEmpty(t, g.row(account).PolicyFingerprint, name)
	}
}

// refuses requires that a path refuses a password for a reason and changes none.
func (g *gated) refuses(name string, p path, password, code string) {
	g.t.Helper()
	at := fmt.Sprintf("%s of a password that is %s", name, code)
	before := g.stored(g.old)
	var refusal *policy.Refusal
	require.ErrorAs(g.t, p.enter(g, password), &refusal, at)
	var codes []string
	for _, problem := range refusal.Problems {
		codes = append(codes, problem.Code)
	}
	require.Contains(g.t, codes, code, at)
	require.Equal(g.t, before, g.stored(g.old), at)
	row, err := g.store.Load(g.ctx, g.fresh)
	if err != nil {
		require.ErrorIs(g.t, err, rotate.ErrNotFound, at)
		return
	}
	// It was imported or adopted, and rechecked at its sign-in.
	require.True(g.t, row.Changed.IsZero(), at)
	require.NotZero(g.t, row.Unmet, at)
}
