package kettle

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mailedProof asks for the mailed proof on a page, and opens the link.
func (b browser) mailedProof(page answer, email string) answer {
	b.t.Helper()
	require.Contains(b.t, page.Body, "Mail me the proof")
	require.Equal(b.t, email, page.hidden(b.t, "email"))
	require.Contains(b.t, b.post("/forgot", "email", email, "for", "second-factor").Body, "Look into your mail")
	l := b.letter(email)
	require.Equal(b.t, "Your second factor", l.Subject)
	a := b.get(l.Link)
	require.Equal(b.t, http.StatusOK, a.Status, a.Body)
	return a
}

// While staff ask for a new password with grace, the customer signs in as
// before; a second factor takes the mailed proof, and gets it (S16).
func TestSecondFactorWhileAResetIsDue(t *testing.T) {
	g := newStage(t)
	b, ivo := g.browser(), g.account("Ivo")
	b.entered(b.login(ivo.Email, ivo.Password))
	a := b.get("/account/second-factor")
	require.NotContains(t, a.Body, "Show the picture")
	require.Equal(t, http.StatusForbidden, b.post("/account/second-factor", "password", ivo.Password).Status)
	a = b.mailedProof(a, ivo.Email)
	mailed := a.hidden(t, "mailed")

	// A proof that is none, or of another browser, gets another offer.
	wrong := b.post("/account/second-factor", "password", ivo.Password, "mailed", mailed+"x")
	require.Equal(t, http.StatusForbidden, wrong.Status)
	require.Contains(t, wrong.Body, "proves nothing any more")
	require.Contains(t, wrong.Body, "Mail me the proof")
	thief := g.browser()
	thief.entered(thief.login(ivo.Email, ivo.Password))
	require.Equal(t, http.StatusForbidden, thief.post("/account/second-factor", "password", ivo.Password, "mailed", mailed).Status)

	a = b.post("/account/second-factor", "password", ivo.Password, "mailed", mailed)
	require.Equal(t, http.StatusOK, a.Status, a.Body)
	secret, again := a.secret(t), a.hidden(t, "mailed")
	a = b.post("/account/second-factor/confirm", "code", "000000", "mailed", again)
	require.Equal(t, http.StatusUnauthorized, a.Status)
	require.Equal(t, again, a.hidden(t, "mailed"), "a wrong code loses no proof")
	require.Equal(t, http.StatusForbidden, b.post("/account/second-factor/confirm", "code", g.code(secret)).Status, "without it nothing is switched on")
	b.post("/account/second-factor/confirm", "code", g.code(secret), "mailed", again).recoveryCodes(t)
	require.Contains(t, b.get("/account").Body, "10 recovery codes are left")

	// So does switching it off.
	a = b.mailedProof(b.get("/account/second-factor"), ivo.Email)
	mailed = a.hidden(t, "mailed")
	a = b.post("/account/second-factor/remove", "password", ivo.Password, "mailed", mailed)
	require.Equal(t, http.StatusForbidden, a.Status)
	require.Equal(t, mailed, a.hidden(t, "mailed"), "only the code was missing")
	require.Equal(t, http.StatusSeeOther, b.post("/account/second-factor/remove", "password", ivo.Password, "mailed", mailed, "code", g.code(secret)).Status)
	require.Contains(t, b.get("/account/second-factor").Body, "Mail me the proof")
}

// Staff who have to set one up at the sign-in, while a reset with grace is due
// for them: the mail leads through the sign-in, and the proof comes along.
func TestSecondFactorAtSignInWhileAResetIsDue(t *testing.T) {
	g := newStage(t)
	dora := g.account("Dora")
	_, err := g.shop.keeper.Force(t.Context(), orderFor("4"))
	require.NoError(t, err)
	b := g.browser()
	a := b.login(dora.Email, dora.Password)
	require.NotContains(t, a.Body, "Show the picture")
	bad := b.post("/login", "email", dora.Email, "password", dora.Password, "mailed", "no such proof")
	bad = b.post("/account/second-factor", "ticket", bad.hidden(t, "ticket"), "email", dora.Email, "mailed", bad.hidden(t, "mailed"))
	require.Equal(t, http.StatusForbidden, bad.Status)
	require.Contains(t, bad.Body, "Mail me the proof")
	a = b.mailedProof(a, dora.Email)
	b.out()
	require.Contains(t, a.Body, "Sign in, then go on")
	a = b.post("/login", "email", dora.Email, "password", dora.Password, "mailed", a.hidden(t, "mailed"))
	a = b.post("/account/second-factor", "ticket", a.hidden(t, "ticket"), "email", dora.Email, "mailed", a.hidden(t, "mailed"))
	require.Equal(t, http.StatusOK, a.Status, a.Body)
	secret := a.secret(t)
	b.post("/account/second-factor/confirm", "ticket", a.hidden(t, "ticket"), "mailed", a.hidden(t, "mailed"), "code", g.code(secret)).recoveryCodes(t)
	require.Equal(t, http.StatusOK, b.get("/admin").Status)
}

// The proof is no other thing: without a session and a password it opens
// nothing, and an old one does not help.
func TestMailedProofIsNoSession(t *testing.T) {
	g := newStage(t)
	b, ivo := g.browser(), g.account("Ivo")
	b.entered(b.login(ivo.Email, ivo.Password))
	a := b.mailedProof(b.get("/account/second-factor"), ivo.Email)
	mailed := a.hidden(t, "mailed")
	require.Equal(t, http.StatusUnauthorized, b.post("/account/second-factor", "password", "wrong", "mailed", mailed).Status)
	b.post("/logout")
	require.Equal(t, "/login", b.post("/account/second-factor", "password", ivo.Password, "mailed", mailed).Location)
	b.entered(b.login(ivo.Email, ivo.Password))
	g.clock.Advance(25 * time.Hour)
	require.Equal(t, http.StatusForbidden, b.post("/account/second-factor", "password", ivo.Password, "mailed", mailed).Status)
}
