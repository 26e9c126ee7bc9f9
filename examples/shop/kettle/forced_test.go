package kettle

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// One customer is forced because the rules became stricter: her open session is
// stopped at the next click, whatever it is, and the cart stays.
func TestForcedChange(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	ada := g.account("Ada")
	b, other := g.browser(), g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	other.entered(other.login(ada.Email, ada.Password))
	require.Equal(t, "/cart", b.post("/cart", "product", "kettle", "quantity", "2", "add", "1").Location)

	staff.force("account", "1", "reason", "policy_raised")

	// A page, a form and a script.
	a := b.get("/products/cup?from=list")
	require.Equal(t, http.StatusSeeOther, a.Status)
	require.Equal(t, "/account/password?next=%2Fproducts%2Fcup%3Ffrom%3Dlist", a.Location)
	a = b.post("/cart", "product", "cup", "quantity", "1")
	require.Equal(t, http.StatusSeeOther, a.Status)
	require.Equal(t, "/account/password", a.Location)
	a = b.send(http.MethodPost, "/cart", nil, "Accept", "application/json")
	require.Equal(t, http.StatusForbidden, a.Status)
	require.JSONEq(t, `{"code":"need_new_password","location":"/account/password","reason":"policy_raised","proof":"password"}`, a.Body)

	// Signing in anew leads to the same.
	third := g.browser()
	require.Contains(t, third.login(ada.Email, ada.Password).Body, "have become stricter")
	third.out()

	// Buying goes on, as a guest.
	a = b.get("/checkout")
	require.Equal(t, http.StatusOK, a.Status)
	require.Contains(t, a.Body, "You buy as a guest")

	a = b.get("/account/password?next=%2Fproducts%2Fcup%3Ffrom%3Dlist")
	require.Contains(t, a.Body, "have become stricter")
	next := a.hidden(t, "next")
	change := func(old, fresh string) answer {
		return b.post("/account/password", "password", old, "new_password", fresh, "next", next)
	}
	require.Equal(t, http.StatusUnauthorized, change("wrong", "seven copper lanterns").Status)
	a = change(ada.Password, ada.Password)
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "the password you have now")
	a = change(ada.Password, "Nine violet umbrellas 2")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "too much like the one you have now")
	a = change(ada.Password, "seven wooden lanterns")
	require.Equal(t, "/products/cup?from=list", a.Location, a.Body)

	require.Equal(t, http.StatusOK, b.get("/account").Status)
	require.Contains(t, b.get("/cart").Body, "Whistling kettle")
	other.out()
	require.Contains(t, staff.get("/admin/orders").Body, "0 of 1 left")
}

// Who is due at a sign-in changes there, with the ticket.
func TestForcedChangeAtSignIn(t *testing.T) {
	g := newStage(t)
	b, cleo := g.browser(), g.account("Cleo")
	a := b.login(cleo.Email, cleo.Password)
	require.Equal(t, http.StatusOK, a.Status)
	ticket := a.hidden(t, "ticket")
	b.out()
	a = b.post("/login/password", "ticket", ticket, "new_password", "short")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "Use at least 15 characters")
	require.Equal(t, http.StatusBadRequest, g.browser().post("/login/password", "ticket", ticket, "new_password", fayPassword).Status)
	b.entered(b.post("/login/password", "ticket", a.hidden(t, "ticket"), "new_password", fayPassword))
	require.Equal(t, http.StatusUnauthorized, g.browser().login(cleo.Email, cleo.Password).Status)
}

// A stolen old password cannot satisfy a compromise order; the mail to the
// address on file can, in the browser that asked for it (S01).
func TestCompromise(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	ada := g.account("Ada")
	b := g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	b.post("/cart", "product", "pot", "quantity", "1", "add", "1")
	staff.force("account", "1", "reason", "compromise")

	// The session is over, the cart is not.
	b.out()
	require.Contains(t, b.get("/cart").Body, "Stoneware pot")
	require.Equal(t, http.StatusOK, b.get("/checkout").Status)

	// The thief has the password, and an open form.
	const fresh = "seven wooden lanterns"
	thief := g.browser()
	a := thief.login(ada.Email, ada.Password)
	require.Contains(t, a.Body, "Somebody else may know your password")
	require.NotContains(t, a.Body, "new_password")
	require.NotContains(t, a.Body, `name="ticket"`)
	thief.out()

	// The mail is for the browser that asked for it.
	require.Contains(t, b.post("/forgot", "email", ada.Email).Body, "Look into your mail")
	l := g.letter(ada.Email)
	require.Equal(t, "Your new password", l.Subject)
	require.Equal(t, http.StatusForbidden, thief.get(l.Link).Status)
	a = b.get(l.Link)
	require.Equal(t, http.StatusOK, a.Status)
	ticket := a.hidden(t, "ticket")
	require.Equal(t, http.StatusForbidden, thief.post("/reset", "ticket", ticket, "new_password", fresh).Status)

	// The burned password does not come back.
	require.Contains(t, b.post("/reset", "ticket", ticket, "new_password", ada.Password).Body, "the password you have now")
	require.Contains(t, b.post("/reset", "ticket", ticket, "new_password", fresh).Body, "Your password is changed")
	b.out()
	require.Equal(t, http.StatusUnauthorized, b.login(ada.Email, ada.Password).Status)
	b.entered(b.login(ada.Email, fresh))
	a = b.post("/account/password", "password", fresh, "new_password", ada.Password)
	require.Contains(t, a.Body, "You have used this password before")

	// No notice of all this holds a link or a code (S22).
	for _, l := range g.letters() {
		require.Equal(t, l.Subject == "Your new password", l.Link != "", l.Subject)
	}
}

// With a second factor, its code is the other proof of a compromise.
func TestCompromiseWithSecondFactor(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	ada := g.account("Ada")
	b := g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	secret := b.post("/account/second-factor", "password", ada.Password).secret(t)
	b.post("/account/second-factor/confirm", "code", g.code(secret)).recoveryCodes(t)
	staff.force("account", "1", "reason", "compromise")

	b.out()
	a := b.login(ada.Email, ada.Password)
	a = b.post("/login/code", "ticket", a.hidden(t, "ticket"), "code", g.code(secret))
	require.Contains(t, a.Body, "Somebody else may know your password")
	b.entered(b.post("/login/password", "ticket", a.hidden(t, "ticket"), "new_password", fayPassword))
}

// Staff who are asked by staff: an open session stays, and needs a mail.
func TestAdminReset(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	ada := g.account("Ada")
	b := g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	staff.force("account", "1", "reason", "admin_reset")
	a := b.get("/account")
	require.Equal(t, "/account/password?next=%2Faccount", a.Location)
	a = b.get(a.Location)
	require.Contains(t, a.Body, "Mail me a link")
	require.Equal(t, http.StatusForbidden, b.post("/account/password", "password", ada.Password, "new_password", fayPassword).Status)
	b.post("/forgot", "email", a.hidden(t, "email"))
	ticket := b.get(g.letter(ada.Email).Link).hidden(t, "ticket")
	require.Contains(t, b.post("/reset", "ticket", ticket, "new_password", fayPassword).Body, "Your password is changed")
	b.entered(b.login(ada.Email, fayPassword))
}

// A guest buys, whatever happens to accounts.
func TestGuestCheckout(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	require.Equal(t, "/cart", b.get("/checkout").Location)
	a := b.send(http.MethodPost, "/cart", map[string][]string{"product": {"tin"}, "quantity": {"3"}, "add": {"1"}}, "Accept", "application/json")
	require.JSONEq(t, `{"items":3}`, a.Body)
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/cart", "product", "tin", "quantity", "-1").Status)
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/checkout", "recipient", "Guest").Status)
	require.Contains(t, b.post("/checkout", "recipient", "Guest", "address", "1 Road").Body, "Thank you")
	require.Equal(t, "3600", g.sql("SELECT cents FROM purchases WHERE customer_id IS NULL"))
}

// Signing out everywhere ends every session, and five wrong proofs end one.
func TestSessionsEnd(t *testing.T) {
	g := newStage(t)
	ada := g.account("Ada")
	b, other := g.browser(), g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	other.entered(other.login(ada.Email, ada.Password))
	require.Equal(t, "/", b.post("/account/sessions").Location)
	b.out()
	other.out()

	b.entered(b.login(ada.Email, ada.Password))
	for range 4 {
		require.Equal(t, http.StatusUnauthorized, b.post("/account/password", "password", "wrong", "new_password", fayPassword).Status)
	}
	require.Equal(t, "/login", b.post("/account/password", "password", "wrong", "new_password", fayPassword).Location)
	b.out()
	g.clock.Advance(time.Second) // two sessions of one moment are one
	other.entered(other.login(ada.Email, ada.Password))
}
