package kettle

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A card on file is paid with after a fresh proof, and with nothing less.
func TestSavedCardAsksForAFreshProof(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	require.Contains(t, b.get("/account").Body, "Visa ending in 4242 is on file")
	b.post("/cart", "product", "pot", "quantity", "1", "add", "1")
	require.Contains(t, b.get("/checkout").Body, "Visa ending in 4242")
	require.Equal(t, "/checkout", b.get("/checkout/card").Location, "there is nothing to pay yet")

	g.clock.Advance(6 * time.Minute)
	order := []string{"recipient", "Ada", "address", "1 Quay", "pay", "card"}
	require.Equal(t, "/checkout/card", b.post("/checkout", order...).Location)
	require.Equal(t, "/account/confirm?next=%2Fcheckout%2Fcard", b.get("/checkout/card").Location)
	require.Equal(t, http.StatusSeeOther, b.post("/checkout/card").Status)
	require.Equal(t, "0", g.sql("SELECT COUNT(*) FROM purchases"), "nothing was bought without it")
	require.Equal(t, "/checkout/card", b.get("/account/confirm").hidden(t, "next"), "a form that came too late leads back")
	require.Equal(t, http.StatusUnauthorized, b.post("/account/confirm", "password", "wrong", "next", "/checkout/card").Status)
	require.Equal(t, "/checkout/card", b.post("/account/confirm", "password", ada.Password, "next", "/checkout/card").Location)
	require.Contains(t, b.get("/checkout/card").Body, "1 Quay")
	require.Contains(t, b.post("/checkout/card").Body, "Thank you")
	require.Equal(t, "Visa ending in 4242", g.sql("SELECT label FROM card_payments JOIN purchases ON id = purchase_id WHERE customer_id = 1 AND cents = 4200"))
	require.Equal(t, "/checkout", b.post("/checkout/card").Location, "it is paid once")
}

// With a second factor, its code is the proof.
func TestSavedCardWithSecondFactor(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	secret := b.post("/account/second-factor", "password", ada.Password).secret(t)
	b.post("/account/second-factor/confirm", "code", g.code(secret)).recoveryCodes(t)
	b.post("/cart", "product", "cup", "quantity", "1", "add", "1")
	b.post("/checkout", "recipient", "Ada", "address", "1 Quay", "pay", "card")
	g.clock.Advance(6 * time.Minute)
	require.Equal(t, http.StatusForbidden, b.post("/account/confirm", "password", ada.Password).Status)
	b.post("/account/confirm", "code", g.code(secret))
	require.Contains(t, b.post("/checkout/card").Body, "Thank you")
}

// Whoever must change the password cannot pay with the card, and buys as a
// guest; so does whoever says nothing about a card.
func TestGuestCheckoutIsNeverBlocked(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	b.post("/cart", "product", "tin", "quantity", "1", "add", "1")
	b.post("/checkout", "recipient", "Ada", "address", "1 Quay", "pay", "card")
	staff.force("account", "1", "reason", "policy_raised")
	require.Equal(t, "/account/password?next=%2Fcheckout%2Fcard", b.get("/checkout/card").Location)
	require.Equal(t, http.StatusSeeOther, b.post("/checkout/card").Status)
	require.NotContains(t, b.get("/checkout").Body, "Visa")
	require.Contains(t, b.post("/checkout", "recipient", "Ada", "address", "1 Quay", "pay", "card").Body, "Thank you")
	require.Equal(t, "1", g.sql("SELECT COUNT(*) FROM purchases WHERE customer_id IS NULL"))
	require.Equal(t, "0", g.sql("SELECT COUNT(*) FROM card_payments"))

	guest := g.browser()
	guest.post("/cart", "product", "tin", "quantity", "1", "add", "1")
	require.Equal(t, "/login?next=%2Fcheckout%2Fcard", guest.get("/checkout/card").Location)
	require.Contains(t, guest.post("/checkout", "recipient", "G", "address", "2 Quay", "pay", "card").Body, "Thank you")
}

// Customers put the card on file and take it off, each their own.
func TestCardOnFile(t *testing.T) {
	g := newStage(t)
	b, emil := g.browser(), g.account("Emil")
	require.Equal(t, http.StatusSeeOther, b.post("/account/card", "keep", "1").Status)
	b.entered(b.login(emil.Email, emil.Password))
	const count = "SELECT COUNT(*) FROM cards"
	before := g.sql(count)
	require.NotContains(t, b.get("/account").Body, "4242")
	b.post("/account/card", "keep", "1")
	require.Contains(t, b.get("/account").Body, "4242")
	require.NotEqual(t, before, g.sql(count))
	b.post("/account/card")
	require.Equal(t, before, g.sql(count))
}

// Recovery codes can be printed, with a name and a day on the sheet.
func TestRecoveryCodesCanBePrinted(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	secret := b.post("/account/second-factor", "password", ada.Password).secret(t)
	a := b.post("/account/second-factor/confirm", "code", g.code(secret))
	a.recoveryCodes(t)
	require.Contains(t, a.Body, `<p class="only-print">Copper Kettle · ada@example.com · `)
	require.Contains(t, a.Body, `class="print quiet" hidden`, "the button comes with the script")
	require.Contains(t, b.get("/static/style.css").Body, "@media print")
}
