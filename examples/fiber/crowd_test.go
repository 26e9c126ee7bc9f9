package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestCrowd: many customers at once, over few connections, through the shop's own
// handlers. What its job queue wrote and mailed is each customer's own, and so is
// the password that opens each account.
func TestCrowd(t *testing.T) {
	s := start(t)
	transport := connections(t, 4)
	people := crowd(100)
	email := func(p person) string { return fmt.Sprintf("customer-%05d@example.com", p.n) }
	name := func(p person) string { return fmt.Sprintf("Customer Number %05d", p.n) }
	visitors := make([]*visitor, len(people))
	each := func(what func(p person, v *visitor)) {
		queue := make(chan person, len(people))
		for _, p := range people {
			queue <- p
		}
		close(queue)
		var work sync.WaitGroup
		for range 8 {
			work.Go(func() {
				for p := range queue {
					what(p, visitors[p.n])
				}
			})
		}
		work.Wait()
		require.False(t, t.Failed())
	}
	for i := range visitors {
		visitors[i] = s.visitor(t, transport)
	}
	links := func() map[string]string {
		last := map[string]string{}
		for _, l := range s.mail.to("") {
			if _, token, ok := strings.Cut(l.link, "="); ok {
				last[l.to] = token
			}
		}
		return last
	}

	each(func(p person, v *visitor) {
		r := v.post("/signup", "email", email(p), "name", name(p), "password", p.password)
		require.Equal(t, http.StatusOK, r.status)
	})
	tokens := links()
	require.Len(t, tokens, len(people))
	each(func(p person, v *visitor) {
		require.Equal(t, 303, v.post("/confirm", "token", tokens[email(p)], "password", p.password).status)
		require.Equal(t, 303, v.post("/account/notes", "notes", p.note).status)
		require.Equal(t, 401, s.visitor(t, transport).post("/login", "email", email(p), "password", p.second).status)
		require.Equal(t, 303, v.post("/account/password", "password", p.password, "new_password", p.second).status)
		require.Equal(t, 200, v.get("/account").status)
		require.Equal(t, 200, v.post("/forgot", "email", email(p)).status)
	})
	tickets := links()
	each(func(p person, v *visitor) {
		r := v.post("/reset", "ticket", tickets[email(p)], "new_password", p.third)
		require.Equal(t, 200, r.status, r.body)
	})
	each(func(p person, _ *visitor) {
		neighbour := people[(p.n+1)%len(people)]
		for _, wrong := range []string{p.password, p.second, neighbour.third} {
			require.Equal(t, 401, s.visitor(t, transport).post("/login", "email", email(p), "password", wrong).status)
		}
		v := s.visitor(t, transport)
		require.Equal(t, 303, v.post("/login", "email", email(p), "password", p.third).status)
		r := v.get("/account")
		require.Contains(t, r.body, email(p))
		require.Contains(t, r.body, name(p))
		require.Contains(t, r.body, p.note)
	})

	for _, p := range people {
		c, err := s.customers.byName(t.Context(), email(p))
		require.NoError(t, err)
		require.Equal(t, []string{name(p), p.note}, []string{c.name, c.notes})
		events, err := s.keeper.Events(t.Context(), c.account, "", 100)
		require.NoError(t, err)
		var kinds []rotate.Kind
		for _, e := range events {
			require.Equal(t, c.account, e.Account)
			kinds = append(kinds, e.Kind)
		}
		require.Subset(t, kinds, []rotate.Kind{rotate.SignedUp, rotate.PasswordChanged, rotate.ResetIssued, rotate.PasswordReset})
	}
}
