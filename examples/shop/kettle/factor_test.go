package kettle

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecondFactorStory(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))

	// An open session alone enrols nothing (S16).
	require.Equal(t, http.StatusUnauthorized, b.post("/account/second-factor", "password", "wrong").Status)
	a := b.post("/account/second-factor", "password", ada.Password)
	require.Contains(t, a.Body, "data:image/png;base64,")
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	secret := a.secret(t)
	a = b.post("/account/second-factor/confirm", "code", "000000")
	require.Equal(t, http.StatusUnauthorized, a.Status)
	require.NotContains(t, a.Body, "data:image/png", "the picture is shown once")
	codes := b.post("/account/second-factor/confirm", "code", g.code(secret)).recoveryCodes(t)
	require.Contains(t, b.get("/account").Body, "10 recovery codes are left")

	// From now on the password opens no session.
	b.post("/logout")
	a = b.login(ada.Email, ada.Password)
	require.Contains(t, a.Body, "Code from your authenticator app")
	b.out()
	code := g.code(secret)
	wrong := b.post("/login/code", "ticket", a.hidden(t, "ticket"), "code", "000000", "email", ada.Email)
	require.Equal(t, http.StatusUnauthorized, wrong.Status)
	b.entered(b.post("/login/code", "ticket", wrong.hidden(t, "ticket"), "code", code))

	// A code works once.
	other := g.browser()
	a = other.login(ada.Email, ada.Password)
	replayed := other.post("/login/code", "ticket", a.hidden(t, "ticket"), "code", code)
	require.Equal(t, http.StatusUnauthorized, replayed.Status)
	other.out()

	// So does a recovery code, and its owner is told.
	other.entered(other.post("/login/code", "ticket", replayed.hidden(t, "ticket"), "recovery", codes[0]))
	require.Contains(t, other.get("/account").Body, "9 recovery codes are left")
	third := g.browser()
	a = third.login(ada.Email, ada.Password)
	require.Equal(t, http.StatusUnauthorized, third.post("/login/code", "ticket", a.hidden(t, "ticket"), "recovery", codes[0]).Status)
	third.out()

	// A ticket is for its browser alone.
	require.Equal(t, http.StatusBadRequest, g.browser().post("/login/code", "ticket", a.hidden(t, "ticket"), "code", g.code(secret)).Status)

	// Switching it off takes password and code.
	require.Equal(t, http.StatusForbidden, b.post("/account/second-factor/remove", "password", ada.Password).Status)
	require.Equal(t, "/account/second-factor", b.post("/account/second-factor/remove", "password", ada.Password, "code", g.code(secret)).Location)
	other.out()
	third.entered(third.login(ada.Email, ada.Password))
}

// A reset leaves the second factor as it is (S11).
func TestResetAsksForTheCode(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	secret := b.post("/account/second-factor", "password", ada.Password).secret(t)
	b.post("/account/second-factor/confirm", "code", g.code(secret)).recoveryCodes(t)

	b.post("/forgot", "email", ada.Email)
	a := b.get(g.letter(ada.Email).Link)
	require.Contains(t, a.Body, "Code from your authenticator app")
	ticket, fresh := a.hidden(t, "ticket"), "two dozen silver herons"
	require.NotContains(t, b.post("/reset", "ticket", ticket, "new_password", fresh).Body, "is changed")
	a = b.post("/reset", "ticket", ticket, "new_password", "short", "code", g.code(secret), "with_code", "1")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "Code from your authenticator app")
	require.Contains(t, b.post("/reset", "ticket", ticket, "new_password", fresh, "code", g.code(secret)).Body, "Your password is changed")
	b.out()
	require.Equal(t, http.StatusBadRequest, b.post("/reset", "ticket", ticket, "new_password", fresh, "code", g.code(secret)).Status, "it works once")
	a = b.login(ada.Email, fresh)
	b.entered(b.post("/login/code", "ticket", a.hidden(t, "ticket"), "code", g.code(secret)))
}
