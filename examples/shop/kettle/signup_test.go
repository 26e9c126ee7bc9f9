package kettle

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const fay, fayPassword = "fay@example.com", "four patient lighthouses"

// signUp signs a new customer up, up to the mail.
func (b browser) signUp(email, password string) answer {
	b.t.Helper()
	return b.post("/signup", "email", email, "name", "Fay", "password", password)
}

func TestSignUpTellsEveryReasonAtOnce(t *testing.T) {
	b := newStage(t).browser()
	before := b.sql("SELECT COUNT(*) FROM customers")
	form := b.get("/signup")
	require.Contains(t, form.Body, "At least 15 characters.")
	require.Contains(t, form.Body, `passwordrules="minlength: 15; maxlength: 256;"`)

	a := b.signUp(fay, "fay")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "Use at least 15 characters")
	require.Contains(t, a.Body, "made of your name, your e-mail address or the name of the shop")
	require.Contains(t, a.Body, "easy to guess")
	require.Contains(t, a.Body, `value="fay@example.com"`)

	require.Contains(t, b.signUp(fay, "passwordpassword").Body, "Many people use this password")
	require.Contains(t, b.signUp(fay, "Copper-Kettle-2026").Body, "the name of the shop")
	require.Contains(t, b.signUp("not an address", fayPassword).Body, "one e-mail address")
	require.False(t, slices.ContainsFunc(b.letters(), func(l Letter) bool { return l.To == fay }))
	require.Equal(t, before, b.sql("SELECT COUNT(*) FROM customers"))
}

// A sign-up takes the mailed link and the password together.
func TestSignUpStory(t *testing.T) {
	g := newStageWith(t, nil)
	b := g.browser()
	require.Contains(t, b.signUp(fay, fayPassword).Body, "Look into your mail")
	l := g.letter(fay)

	// Until the address is proven, nobody has this name.
	require.Equal(t, http.StatusUnauthorized, b.login(fay, fayPassword).Status)
	a := b.get(l.Link)
	token := a.hidden(t, "token")
	require.Equal(t, http.StatusUnauthorized, b.post("/signup/confirm", "token", token, "password", "something else").Status)
	require.Equal(t, http.StatusBadRequest, b.post("/signup/confirm", "token", "x", "password", fayPassword).Status)
	b.entered(b.post("/signup/confirm", "token", token, "password", fayPassword))
	require.Equal(t, http.StatusBadRequest, b.post("/signup/confirm", "token", token, "password", fayPassword).Status, "it works once")

	require.Equal(t, "/", b.post("/logout").Location)
	b.out()
	require.Equal(t, http.StatusUnauthorized, b.login(fay, "something else entirely").Status)
	b.entered(b.login(" Fay@Example.com ", fayPassword))
	require.Equal(t, "argon2id m=19456 t=2 p=1", g.sql("SELECT format FROM tillkey_credentials WHERE account = (SELECT CAST(id AS TEXT) FROM customers WHERE email = $1)", fay))
}

// Somebody who claims another's address gets nowhere, and the owner's own
// sign-up still works.
func TestSignUpOfAnotherOnesAddress(t *testing.T) {
	g := newStage(t)
	thief, owner := g.browser(), g.browser()
	thief.signUp(fay, "eight thieving magpies")
	first := g.letter(fay)
	owner.signUp(fay, fayPassword)
	second := g.letter(fay)

	// The owner opens the thief's link by mistake: her password is not his.
	token := owner.get(first.Link).hidden(t, "token")
	require.Equal(t, http.StatusUnauthorized, owner.post("/signup/confirm", "token", token, "password", fayPassword).Status)
	owner.entered(owner.post("/signup/confirm", "token", owner.get(second.Link).hidden(t, "token"), "password", fayPassword))
	require.Equal(t, http.StatusBadRequest, thief.post("/signup/confirm", "token", token, "password", "eight thieving magpies").Status)
}

// Sign-ups that nobody confirmed are forgotten after a day, credential and all.
func TestUnconfirmedSignUpsAreForgotten(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	const count = "SELECT COUNT(*) FROM tillkey_credentials"
	before := g.sql(count)
	b.signUp(fay, fayPassword)
	link := g.letter(fay).Link
	require.NotEqual(t, before, g.sql(count))
	one := g.sql(count)

	g.clock.Advance(confirmFor + 1e9)
	token := strings.TrimPrefix(link, "/signup/confirm?token=")
	require.Equal(t, http.StatusBadRequest, b.post("/signup/confirm", "token", token, "password", fayPassword).Status)
	b.signUp("gil@example.com", "five careful otters")
	g.letter("gil@example.com")
	require.Equal(t, one, g.sql(count), "one came, one went")
	require.Equal(t, "0", g.sql("SELECT COUNT(*) FROM customers WHERE email = $1", fay))
}

// S12: no answer tells whether there is an account.
func TestS12_KnownAndUnknownGetTheSameAnswer(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	ada := g.account("Ada").Email
	const nobody = "nobody@example.com"
	same := func(known, unknown answer) {
		t.Helper()
		require.Equal(t, known.Status, unknown.Status)
		require.Equal(t, strings.ReplaceAll(known.Body, ada, nobody), unknown.Body)
		require.Equal(t, known.Header.Get("Retry-After"), unknown.Header.Get("Retry-After"))
	}
	same(b.signUp(ada, fayPassword), b.signUp(nobody, fayPassword))
	same(b.post("/forgot", "email", ada), b.post("/forgot", "email", nobody))
	require.True(t, slices.ContainsFunc(g.letters(), func(l Letter) bool {
		return l.To == ada && l.Subject == "You have an account already" && l.Link == ""
	}))
	same(b.login(ada, "wrong"), b.login(nobody, "wrong"))
	// Both begin to wait at the same guess.
	for range 6 {
		same(b.login(ada, "wrong"), b.login(nobody, "wrong"))
	}
	locked := b.login(ada, g.account("Ada").Password)
	require.Equal(t, http.StatusTooManyRequests, locked.Status)
	same(locked, b.login(nobody, "wrong"))
}
