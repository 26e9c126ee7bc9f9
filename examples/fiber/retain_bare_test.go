package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// bare is a shop that keeps whatever the Keeper gives it, as values in memory,
// and hands the Keeper whatever fiber gives it, as it is: texts and the context.
type bare struct {
	keeper *rotate.Keeper
	list   *slowList

	mu       sync.Mutex
	sessions map[string]rotate.Session // by account
	tickets  map[string]string
	drafts   map[string]*rotate.Draft
	events   []rotate.Event // as the queue got them
	names    map[string]string
	mailed   map[string]string // tickets as the visitor sent them
}

// newBare makes a bare shop. Its lists answer long after the
// sign-in has ended.
func newBare(t testing.TB, store func(*bare) rotate.Store, sources rotate.SourceLimit) *bare {
	t.Helper()
	b := &bare{
		list: &slowList{make(chan struct{}), make(chan string, 1<<16)}, mailed: map[string]string{}, sessions: map[string]rotate.Session{}, tickets: map[string]string{},
		drafts: map[string]*rotate.Draft{}, names: map[string]string{},
	}
	profile := func(group string) (rotate.Profile, error) {
		if !strings.HasSuffix(group, "/customers") {
			return rotate.Profile{}, fmt.Errorf("no group %q", group)
		}
		return rotate.Profile{Policy: policy.ShopCustomer(), Rules: rotate.ShopCustomer()}, nil
	}
	b.keeper = newBareKeeper(t, rotate.Config{
		Store: store(b), Profile: profile, Group: "default/customers", Sources: sources, Breach: []policy.List{b.list},
		Customers: rotate.Table{
			ByName: func(_ context.Context, name string) (rotate.Customer, error) {
				b.mu.Lock()
				defer b.mu.Unlock()
				account, ok := b.names[name]
				if !ok {
					return rotate.Customer{}, rotate.ErrNotFound
				}
				return rotate.Customer{Account: account, Address: name}, nil
			},
			ByAccount: func(_ context.Context, account string) (rotate.Customer, error) {
				if strings.HasPrefix(account, "legacy-") {
					return rotate.Customer{Account: strings.Clone(account), Foreign: rotate.Foreign{Group: "old/customers"}}, nil
				}
				b.mu.Lock()
				defer b.mu.Unlock()
				for name, known := range b.names {
					if known == account {
						return rotate.Customer{Account: known, Address: name}, nil
					}
				}
				return rotate.Customer{}, rotate.ErrNotFound
			},
		},
	})
	return b
}

// newBareKeeper fills in what all these Keepers have in common: cheap hashes, and
// breach lists that nobody waits for.
func newBareKeeper(t testing.TB, c rotate.Config) *rotate.Keeper {
	t.Helper()
	var err error
	c.Hasher, err = hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	c.Ring, err = keyring.New("bare", keyring.NewKey())
	require.NoError(t, err)
	c.BreachTimeout = time.Microsecond
	keeper, err := rotate.New(c)
	require.NoError(t, err)
	return keeper
}

// took keeps what came with the events of a transaction, as a job queue in
// memory does.
func (b *bare) took(events []rotate.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, events...)
}

// slowList is a breach list that answers when it is released.
type slowList struct {
	release chan struct{}
	asked   chan string
}

func (l *slowList) Seen(_ context.Context, password string) (int, error) {
	<-l.release
	l.asked <- password
	return 0, nil
}

// keep remembers a decision under an account, whose key alone is copied.
func (b *bare) keep(c fiber.Ctx, d rotate.Decision, err error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	account := strings.Clone(c.FormValue("account"))
	if d.Next == rotate.Proceed {
		b.sessions[account] = d.Session
	}
	if d.Ticket != "" {
		b.tickets[account] = d.Ticket
	}
	var denied *rotate.Denied
	switch {
	case errors.As(err, &denied) && denied.RetryAfter > 0:
		return fiber.ErrTooManyRequests
	case errors.Is(err, rotate.ErrDenied):
		return fiber.ErrUnauthorized
	case errors.As(err, new(*policy.Refusal)):
		return fiber.ErrUnprocessableEntity
	case err != nil:
		return err
	}
	return c.SendString(d.Next.String())
}

func (b *bare) session(c fiber.Ctx) rotate.Session {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sessions[c.FormValue("account")]
}

// app has a native handler for every verb. Nothing is copied on the way in.
func (b *bare) app() *fiber.App {
	app := fiber.New(fiber.Config{ErrorHandler: func(c fiber.Ctx, err error) error {
		status := fiber.StatusInternalServerError
		if known := (*fiber.Error)(nil); errors.As(err, &known) {
			status = known.Code
		}
		return c.Status(status).SendString(err.Error())
	}})
	proofs := func(c fiber.Ctx) rotate.Proofs {
		return rotate.Proofs{
			Password: c.FormValue("password"), NewPassword: c.FormValue("new_password"), Code: c.FormValue("code"),
			Recovery: c.FormValue("recovery"), Ticket: c.FormValue("ticket"), Source: c.Get("X-Source"), Browser: c.Cookies("browser"),
		}
	}
	account := func(c fiber.Ctx) rotate.NewAccount {
		return rotate.NewAccount{
			Account: c.FormValue("account"), Group: c.FormValue("group"), Password: c.FormValue("password"),
			About: []string{c.FormValue("name")}, Source: c.Get("X-Source"), Browser: c.Cookies("browser"),
		}
	}
	handle := func(path string, handler func(c fiber.Ctx) (rotate.Decision, error)) {
		app.Post(path, func(c fiber.Ctx) error {
			d, err := handler(c)
			return b.keep(c, d, err)
		})
	}
	handle("/signup", func(c fiber.Ctx) (rotate.Decision, error) { return b.keeper.SignUp(c, account(c)) })
	handle("/draft", func(c fiber.Ctx) (rotate.Decision, error) {
		d, err := b.keeper.Draft(c, account(c))
		b.mu.Lock()
		defer b.mu.Unlock()
		b.drafts[strings.Clone(c.FormValue("account"))] = d
		return rotate.Decision{}, err
	})
	handle("/login", func(c fiber.Ctx) (rotate.Decision, error) {
		return b.keeper.Login(c, rotate.Attempt{
			Name: c.FormValue("name"), Account: c.FormValue("account"), Password: c.FormValue("password"),
			Code: c.FormValue("code"), Recovery: c.FormValue("recovery"), Source: c.Get("X-Source"), Browser: c.Cookies("browser"),
		})
	})
	handle("/step", func(c fiber.Ctx) (rotate.Decision, error) {
		return b.keeper.Continue(c, c.FormValue("ticket"), proofs(c))
	})
	handle("/admit", func(c fiber.Ctx) (rotate.Decision, error) {
		return b.keeper.Admit(c, rotate.Admission{
			Account: c.FormValue("account"), Methods: []string{c.FormValue("method")}, Source: c.Get("X-Source"), Browser: c.Cookies("browser"),
		})
	})
	// A cookie of the time before Tillkey, as Gate.Load reads it.
	handle("/legacy", func(c fiber.Ctx) (rotate.Decision, error) {
		d, err := b.keeper.Valid(c, rotate.Session{Account: c.Cookies("customer")})
		d.Session = rotate.Session{} // the very one that was passed in
		return d, err
	})
	handle("/change", func(c fiber.Ctx) (rotate.Decision, error) { return b.keeper.Change(c, b.session(c), proofs(c)) })
	handle("/stepup", func(c fiber.Ctx) (rotate.Decision, error) { return b.keeper.StepUp(c, b.session(c), proofs(c)) })
	handle("/reset", func(c fiber.Ctx) (rotate.Decision, error) {
		return b.keeper.Reset(c, c.FormValue("ticket"), proofs(c))
	})
	app.Post("/issue", func(c fiber.Ctx) error {
		issued, err := b.keeper.Issue(c, rotate.Request{Name: c.FormValue("name"), Browser: c.Cookies("browser"), Vouched: c.FormValue("actor")})
		if err != nil {
			return err
		}
		return c.SendString(issued.Ticket)
	})
	app.Post("/enroll", func(c fiber.Ctx) error {
		e, err := b.keeper.Enroll(c, b.session(c), proofs(c))
		if err != nil {
			return err
		}
		return c.SendString(e.Secret.Reveal())
	})
	handle("/enroll/confirm", func(c fiber.Ctx) (rotate.Decision, error) {
		d, _, err := b.keeper.Confirm(c, b.session(c), proofs(c))
		return d, err
	})
	app.Post("/order", func(c fiber.Ctx) error {
		id, err := b.keeper.Force(c, rotate.Order{
			Account: c.FormValue("account"), Group: c.FormValue("group"), Reason: rotate.Reason(c.FormValue("reason")),
			Proof: rotate.Proof(c.FormValue("proof")), Actor: c.FormValue("actor"), Note: c.FormValue("note"), Expect: 1,
		})
		if err != nil {
			return err
		}
		return c.SendString(string(id))
	})
	app.Post("/withdraw/:id", func(c fiber.Ctx) error {
		return b.keeper.Withdraw(c, rotate.ID(c.Params("id")), c.FormValue("actor"), c.FormValue("note"))
	})
	app.Post("/end", func(c fiber.Ctx) error { return b.keeper.EndSessions(c, c.FormValue("account"), c.FormValue("actor")) })
	app.Post("/unlock", func(c fiber.Ctx) error {
		return b.keeper.Unlock(c, c.FormValue("account"), c.FormValue("actor"), c.FormValue("name"))
	})
	app.Post("/regroup", func(c fiber.Ctx) error {
		return b.keeper.Regroup(c, c.FormValue("account"), c.FormValue("group"), c.FormValue("actor"))
	})
	app.Post("/move", func(c fiber.Ctx) error {
		return b.keeper.Move(c, c.FormValue("account"), c.FormValue("to"), c.FormValue("actor"))
	})
	return app
}

// person is a customer of a bare shop. Whoever it is, every text has the same
// length, so that one that was overwritten looks like another.
type person struct {
	n                             int
	account, moved, group, other  string
	name, password, second, third string
	actor, note, browser, source  string
}

func newPerson(n int) person {
	text := func(kind string) string { return fmt.Sprintf("%s-of-%05d", kind, n) }
	secret := func(words string) string { return fmt.Sprintf("%05d %s %05d", n, words, 99999-n) }
	return person{
		n: n, account: text("account"), moved: text("movedto"), group: text("first") + "/customers", other: text("after") + "/customers",
		name: text("name") + "@example.com", password: secret("plum kettle orbit"), second: secret("quick walnut jazz"), third: secret("harbour of tides"),
		actor: text("actor"), note: text("note"), browser: text("browser") + "-0123456789", source: text("unix"),
	}
}

// visit sends the requests of one person, with the answers it must get.
func (p person) visit(b *bare, v *visitor, post func(path string, fields ...string) reply) {
	t := v.t
	ok := func(r reply, want string) {
		require.Equal(t, 200, r.status, r.body)
		require.Equal(t, want, r.body)
	}
	ok(post("/signup", "account", p.account, "group", p.group, "password", p.password, "name", p.name), "proceed")
	b.mu.Lock()
	b.names[p.name] = p.account
	b.mu.Unlock()
	ok(post("/draft", "account", p.account+"-draft", "group", p.group, "password", p.third, "name", p.name), "sign_in_again")
	require.Equal(t, 401, post("/login", "account", p.account, "name", p.name, "password", p.second).status)
	ok(post("/login", "account", p.account, "name", p.name, "password", p.password), "proceed")
	ok(post("/change", "account", p.account, "password", p.password, "new_password", p.second), "proceed")
	ok(post("/legacy", "account", "legacy-"+p.account), "proceed")
	secret, err := totp.ParseSecret(post("/enroll", "account", p.account, "password", p.second).body)
	require.NoError(t, err)
	ok(post("/enroll/confirm", "account", p.account, "code", secret.Code(time.Now())), "proceed")
	ok(post("/login", "account", p.account, "name", p.name, "password", p.second), "need_code")

	r := post("/order", "account", p.account, "reason", "compromise", "proof", "out_of_band", "actor", p.actor, "note", p.note)
	require.Equal(t, 200, r.status, r.body)
	require.Equal(t, 200, post("/withdraw/"+r.body, "actor", p.actor, "note", p.note).status)
	require.Equal(t, 200, post("/regroup", "account", p.account, "group", p.other, "actor", p.actor).status)
	require.Equal(t, 200, post("/unlock", "account", p.account, "actor", p.actor, "name", p.name).status)
	require.Equal(t, 200, post("/end", "account", p.account, "actor", p.actor).status)
	ticket := post("/issue", "name", p.name, "actor", p.actor)
	require.Equal(t, 200, ticket.status)
	b.mu.Lock()
	b.mailed[p.account] = ticket.body
	b.mu.Unlock()
	ok(post("/reset", "account", p.account, "ticket", ticket.body), "need_code")
	require.Equal(t, 200, post("/move", "account", p.account, "to", p.moved, "actor", p.actor).status)

	// Who came in by other means.
	ok(post("/signup", "account", p.account+"-social", "group", p.group, "password", p.third, "name", p.name), "proceed")
	ok(post("/admit", "account", p.account+"-social", "method", fmt.Sprintf("hwk%05d", p.n)), "proceed")
}

// drive lets many people visit over a few connections at once.
func drive(t *testing.T, b *bare, people []person) {
	address := serve(t, b.app())
	const together = 8
	transport := connections(t, together/2)
	queue := make(chan person, len(people))
	for _, p := range people {
		queue <- p
	}
	close(queue)
	var work sync.WaitGroup
	for range together {
		work.Go(func() {
			for p := range queue {
				v := bareVisitor(t, address, transport)
				p.visit(b, v, func(path string, fields ...string) reply { return v.postAs(p, path, fields...) })
			}
		})
	}
	work.Wait()
	require.False(t, t.Failed())
}

// check compares all that was kept with what was sent.
func (b *bare) check(t *testing.T, people []person) {
	t.Helper()
	ctx := t.Context()

	// What the lists were still asked when the answers had long been sent.
	close(b.list.release)
	var asked, typed []string
	for _, p := range people {
		// Three sign-ups, two sign-ins and a change.
		typed = append(typed, p.password, p.third, p.third, p.password, p.second, p.second)
	}
	for range typed {
		asked = append(asked, <-b.list.asked)
	}
	slices.Sort(typed)
	slices.Sort(asked)
	require.Equal(t, typed, asked)

	byAccount := map[string]person{}
	for _, p := range people {
		byAccount[p.moved], byAccount[p.account+"-social"], byAccount["legacy-"+p.account] = p, p, p
	}
	// Accounts and groups.
	var accounts []string
	q := rotate.Query{Limit: rotate.MaxBatch}
	for {
		page, err := b.keeper.List(ctx, q)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, s := range page {
			p, known := byAccount[s.Account]
			require.True(t, known, s.Account)
			want := map[string]string{p.moved: p.other, p.account + "-social": p.group, "legacy-" + p.account: "old/customers"}[s.Account]
			require.Equal(t, want, s.Group)
			accounts = append(accounts, s.Account)
			q.After = s.Account
		}
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(byAccount)), accounts)

	// Orders, their withdrawals, notes and actors.
	orders, err := b.keeper.Orders(ctx)
	require.NoError(t, err)
	require.Len(t, orders, 2*len(people))
	notes := map[string]int{}
	for _, o := range orders {
		p := people[numberOf(t, o.Note)]
		require.Equal(t, []string{p.note, p.actor}, []string{o.Note, o.Actor})
		if o.Withdraws == "" {
			require.Equal(t, p.moved, o.Account)
			require.Equal(t, rotate.Compromise, o.Reason)
			require.Equal(t, rotate.ProofOutOfBand, o.Proof)
		}
		notes[o.Note]++
	}
	for _, p := range people {
		require.Equal(t, 2, notes[p.note])
	}

	// Sessions, tickets and drafts that the shop kept as values.
	for _, p := range people {
		social := b.sessions[p.account+"-social"]
		require.Equal(t, p.account+"-social", social.Account)
		require.Equal(t, []string{fmt.Sprintf("hwk%05d", p.n)}, social.Methods)
		require.Equal(t, p.account, b.sessions[p.account].Account)
		require.Equal(t, b.mailed[p.account], b.tickets[p.account])
		_, err := b.keeper.Create(ctx, b.drafts[p.account+"-draft"])
		require.NoError(t, err)
	}

	// Everybody's own password, and nobody else's.
	login := func(account, password string) error {
		_, err := b.keeper.Login(ctx, rotate.Attempt{Name: fmt.Sprint("check ", account, len(password), time.Now()), Account: account, Password: password, Browser: "checking-0123456789"})
		return err
	}
	for i, p := range people {
		neighbour := people[(i+1)%len(people)]
		require.NoError(t, login(p.moved, p.second))
		require.NoError(t, login(p.account+"-draft", p.third))
		require.NoError(t, login(p.account+"-social", p.third))
		require.ErrorIs(t, login(p.moved, p.password), rotate.ErrDenied)
		require.ErrorIs(t, login(p.moved, neighbour.second), rotate.ErrDenied)
		status, err := b.keeper.Lookup(ctx, p.account+"-draft")
		require.NoError(t, err)
		require.Equal(t, p.group, status.Group)
	}
}

// checkEvents compares events with the story of each person. The trail of a Store
// follows an account that has moved, a queue has what it was given.
func checkEvents(t *testing.T, events []rotate.Event, orders []rotate.Order, people []person, account func(person) string) {
	t.Helper()
	placed := map[int]rotate.ID{}
	for _, o := range orders {
		if o.Withdraws == "" {
			placed[numberOf(t, o.Note)] = o.ID
		}
	}
	type line struct {
		kind           rotate.Kind
		account, actor string
		to             string
		order          rotate.ID
	}
	got := map[line]int{}
	for _, e := range events {
		if e.Kind != rotate.KeyAdded && e.Kind != rotate.KeyPromoted {
			got[line{e.Kind, e.Account, e.Actor, e.To, e.Order}]++
		}
	}
	want := map[line]int{}
	for _, p := range people {
		own := account(p)
		for _, l := range []line{
			{rotate.SignedUp, own, "", "", ""}, {rotate.SignedUp, p.account + "-social", "", "", ""},
			{rotate.Adopted, "legacy-" + p.account, "", "", ""}, {rotate.PasswordChanged, own, "", "", ""},
			{rotate.FactorEnrolled, own, "", "", ""}, {rotate.RecoveryIssued, own, "", "", ""}, {rotate.Unlocked, own, p.actor, "", ""},
			{rotate.OrderPlaced, own, p.actor, "", placed[p.n]}, {rotate.OrderWithdrawn, own, p.actor, "", placed[p.n]},
			{rotate.GroupChanged, own, p.actor, "", ""}, {rotate.SessionsEnded, own, p.actor, "", ""}, {rotate.SessionsEnded, own, "", "", ""},
			{rotate.ResetIssued, own, p.actor, "", ""}, {rotate.Moved, p.moved, p.actor, p.moved, ""},
		} {
			want[l]++
		}
	}
	for l, n := range got {
		require.Equal(t, want[l], n, "%+v", l)
	}
	require.Len(t, got, len(want))
}

// numberOf reads the number in a text of a person.
func numberOf(t *testing.T, text string) (n int) {
	t.Helper()
	_, err := fmt.Sscanf(text[strings.Index(text, "-of-")+4:], "%05d", &n)
	require.NoError(t, err)
	return n
}
