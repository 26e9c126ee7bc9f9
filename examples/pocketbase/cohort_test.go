package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/rotate"
)

// command runs the cohort command of an instance.
func (i *instance) command(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	var failed error
	c := newCohortCommand(i.shop, func(err error) { failed = err })
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&out)
	err := c.ExecuteContext(t.Context())
	require.Equal(t, err, failed)
	return out.String(), err
}

// TestCohortCommand: a command beside the server makes a cohort choose new
// passwords, after a dry run and not without; sessions at the server stop.
func TestCohortCommand(t *testing.T) {
	i := start(t)
	j := i.beside(t)
	day := i.clock.Now().AddDate(-5, 0, 0)
	v := i.visitor(t)
	for n, changed := range []time.Time{day.AddDate(0, 0, -2), day.AddDate(0, 0, -1), day.AddDate(0, 0, 2)} {
		_, err := i.seed(t.Context(), shopspec.Account{Email: string(rune('a'+n)) + "@example.com", Name: "Mira", Password: password, Changed: changed})
		require.NoError(t, err)
	}
	require.Equal(t, 200, v.signIn("a@example.com", password).status)
	i.old(t, "nils@example.com") // nobody knows how old that password is
	cohort := []string{"--group", "customers", "--before", day.Format(time.DateOnly), "--reason", "policy_raised"}
	out, err := j.command(t, append([]string{"count"}, cohort...)...)
	require.NoError(t, err)
	require.JSONEq(t, `{"count": 5}`, out)
	require.Equal(t, 200, v.get("/api/shop/account").status, "a dry run stops nobody")

	_, err = j.command(t, append([]string{"force"}, cohort...)...)
	require.ErrorAs(t, err, new(*rotate.ExpectError))
	_, err = j.command(t, "force", "--expect", "5")
	require.ErrorIs(t, err, rotate.ErrOrder, "an order has no reason by default")
	for _, wrong := range [][]string{{"--before", "yesterday"}, {"--grace", "-1"}, {"--grace", "9999"}} {
		_, err = j.command(t, append(append([]string{"count"}, cohort...), wrong...)...)
		require.Error(t, err)
	}
	require.Equal(t, 200, v.get("/api/shop/account").status)

	out, err = j.command(t, append([]string{"force", "--expect", "5", "--note", "the leak of May"}, cohort...)...)
	require.NoError(t, err)
	var placed struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(out), &placed))
	// A server may hear of an order of another process a second later, but not
	// after a sign-in, which always looks.
	require.Equal(t, 200, i.visitor(t).signIn("c@example.com", password).status)
	require.Equal(t, "need_new_password", v.get("/api/shop/account").str("code"))
	require.Equal(t, 200, v.post(credentials+"password", object{"password": password, "newPassword": "another fjord 31 lantern"}).status)
	out, err = j.command(t, "progress")
	require.NoError(t, err)
	var list []campaign
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.Len(t, list, 1)
	require.Equal(t, 5, list[0].Concerned)
	require.Equal(t, 4, list[0].Left)
	require.Equal(t, "the leak of May", list[0].Note)
	require.True(t, strings.HasPrefix(list[0].Actor, "cli"), list[0].Actor)

	_, err = j.command(t, "withdraw", "--id", placed.ID, "--note", "a false alarm")
	require.NoError(t, err)
	out, err = j.command(t, "progress")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.True(t, list[0].Withdrawn)
}

// TestRestoredCommand: what a restored backup brought back is over, and only a
// proof by mail sets a new password.
func TestRestoredCommand(t *testing.T) {
	i := start(t)
	i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	_, err := i.command(t, "restored", "--backup", i.clock.Now().AddDate(0, 0, -1).Format(time.DateOnly))
	require.NoError(t, err)
	require.Equal(t, 401, v.get("/api/shop/account").status)
	a := v.signIn("mira@example.com", password)
	require.Equal(t, "need_new_password", a.str("code"), a.text)
	require.Equal(t, "out_of_band", a.str("proof"))
	a = v.post(credentials+"continue", object{"mfaId": a.str("mfaId"), "newPassword": "another fjord 31 lantern"})
	require.Equal(t, "need_proof", a.str("code"), a.text)
	require.Equal(t, 204, v.post(credentials+"forgot", object{"email": "mira@example.com"}).status)
	reset := object{"token": i.mailed(t, "reset", "mira@example.com"), "newPassword": "another fjord 31 lantern"}
	require.Equal(t, 204, v.post(credentials+"reset", reset).status)
	require.Equal(t, 200, v.signIn("mira@example.com", "another fjord 31 lantern").status)
}
