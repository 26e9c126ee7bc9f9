package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

func bareVisitor(t testing.TB, address string, transport http.RoundTripper) *visitor {
	return &visitor{t, address, &http.Client{Transport: transport, Timeout: time.Minute}}
}

// postAs sends a form with header and cookies of a person.
func (v *visitor) postAs(p person, path string, fields ...string) reply {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Source", p.source)
	r.Header.Set("Cookie", "browser="+p.browser+"; customer=legacy-"+p.account)
	return v.do(r)
}

// crowd is many people, fewer under -short.
func crowd(n int) []person {
	if testing.Short() {
		n /= 10
	}
	people := make([]person, n)
	for i := range people {
		people[i] = newPerson(i)
	}
	return people
}

// TestNothingIsKept: whatever the Keeper, its Store, the queue of its events and
// the shop keep of what native handlers passed on is still right when fiber has
// used the memory of the requests many times over.
func TestNothingIsKept(t *testing.T) {
	t.Run("memstore", func(t *testing.T) {
		people := crowd(500)
		b := newBare(t, func(*bare) rotate.Store { return memstore.New() }, rotate.SourceLimit{Burst: 1000})
		drive(t, b, people)
		var events []rotate.Event
		for before := ""; ; {
			page, err := b.keeper.Events(t.Context(), "", before, 500)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			events, before = append(events, page...), page[len(page)-1].ID
		}
		orders, err := b.keeper.Orders(t.Context())
		require.NoError(t, err)
		checkEvents(t, events, orders, people, func(p person) string { return p.moved })
		b.check(t, people)
	})
	t.Run("sqlite", func(t *testing.T) {
		people := crowd(100)
		b := newBare(t, func(b *bare) rotate.Store {
			db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(t.TempDir(), "bare.db")))
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, db.Close()) })
			store, err := sqlstore.New(db, sqlstore.Config{
				Dialect: sqlstore.SQLite,
				Enqueue: func(_ context.Context, _ sqlstore.Conn, events []rotate.Event) error { b.took(events); return nil },
			})
			require.NoError(t, err)
			require.NoError(t, store.Migrate(t.Context()))
			return store
		}, rotate.SourceLimit{Burst: 1000})
		drive(t, b, people)
		orders, err := b.keeper.Orders(t.Context())
		require.NoError(t, err)
		checkEvents(t, b.events, orders, people, func(p person) string { return p.account })
		b.check(t, people)
	})
}

// TestSourcesAreNotMixed: each source has its own tries, however often fiber has
// used the memory of the source's name for another one.
func TestSourcesAreNotMixed(t *testing.T) {
	const burst = 3
	b := newBare(t, func(*bare) rotate.Store { return memstore.New() }, rotate.SourceLimit{Burst: burst, Every: time.Hour})
	v := bareVisitor(t, serve(t, b.app()), connections(t, 1))
	people := crowd(300)
	for round := range burst + 2 {
		for _, p := range people {
			want := 401
			if round >= burst {
				want = 429
			}
			require.Equal(t, want, v.postAs(p, "/login", "name", fmt.Sprintf("%d%s", round, p.name), "password", p.password).status)
		}
	}
}

// TestNamesAreNotMixed: each name has its own wait.
func TestNamesAreNotMixed(t *testing.T) {
	b := newBare(t, func(*bare) rotate.Store { return memstore.New() }, rotate.SourceLimit{Off: true})
	v := bareVisitor(t, serve(t, b.app()), connections(t, 1))
	people := crowd(100)
	last := map[int]int{}
	for range 8 {
		for _, p := range people {
			status := v.postAs(p, "/login", "name", p.name, "password", p.password).status
			if status == 401 {
				last[p.n]++
			} else {
				require.Equal(t, 429, status)
			}
		}
	}
	for _, p := range people {
		require.Equal(t, last[0], last[p.n])
	}
	require.Positive(t, last[0])
	require.Less(t, last[0], 8)
}

// askingList reads a value of the context when the sign-in has long ended.
type askingList struct {
	waits chan chan any
}

func (l *askingList) Seen(ctx context.Context, _ string) (int, error) {
	answer := make(chan any)
	l.waits <- answer
	<-answer // until another request is under way
	answer <- ctx.Value("who")
	return 0, nil
}

// TestTheContextIsNotKept: a breach list that is asked on after a sign-in has
// ended does not look into the context of that request, which fiber has given to
// another customer.
func TestTheContextIsNotKept(t *testing.T) {
	list := &askingList{make(chan chan any)}
	p := newPerson(1)
	keeper := newBareKeeper(t, rotate.Config{Store: memstore.New(), Breach: []policy.List{list}})
	_, err := keeper.SignUp(t.Context(), rotate.NewAccount{Account: p.account, Password: p.password})
	require.NoError(t, err)

	app := fiber.New()
	var answers []chan any
	app.Post("/login", func(c fiber.Ctx) error {
		c.Locals("who", "first")
		_, err := keeper.Login(c, rotate.Attempt{Account: p.account, Password: p.password, Browser: p.browser})
		answers = append(answers, <-list.waits)
		return err
	})
	var seen []any
	app.Get("/other", func(c fiber.Ctx) error {
		c.Locals("who", "second")
		for _, answer := range answers {
			answer <- nil
			seen = append(seen, <-answer)
		}
		answers = nil
		return nil
	})
	v := bareVisitor(t, serve(t, app), connections(t, 1))
	for range 20 {
		require.Equal(t, 200, v.postAs(p, "/login").status)
		require.Equal(t, 200, v.get("/other").status)
	}
	require.Len(t, seen, 20)
	for _, who := range seen {
		require.Nil(t, who)
	}
}
