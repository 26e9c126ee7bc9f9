package browser

import (
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// recovery signs in with a recovery code, once.
func (w walk) recovery(b tab, phone app, code string) {
	w.t.Helper()
	use := func() int64 {
		b.signsIn(fay, third)
		b.do(chromedp.Click("//main//summary", chromedp.NodeVisible))
		b.fill("recovery", code)
		return b.press("Sign in")
	}
	require.EqualValues(w.t, 200, use())
	require.Equal(w.t, "/account", b.path())
	require.Contains(w.t, b.text(), "9 recovery codes are left")
	b.leaves()
	require.EqualValues(w.t, 401, use(), "it works once")
	b.judge("login-code-refused")
	b.fill("code", phone.code())
	b.press("Sign in")
	require.Equal(w.t, "/account", b.path())
}

// mailOnly is a compromise of a customer without a second factor.
func (w walk) mailOnly(staff tab) {
	w.t.Helper()
	const ada = "ada@example.com"
	staff.forces(ada, "compromise")
	b := w.visitor()
	b.signsIn(ada, w.shop.passwords[ada])
	require.Contains(w.t, b.text(), "Somebody else may know your password")
	require.False(w.t, b.has("new_password"))
	b.judge("login-compromise")
	b.press("Mail me a link")
	b.letter(ada, "Choose a new password")
	b.fill("new_password", w.shop.passwords[ada])
	require.EqualValues(w.t, 422, b.press("Set the password"))
	b.judge("reset-refused")
	b.fill("new_password", second)
	b.press("Set the password")
	require.Contains(w.t, b.text(), "Your password is changed")
	b.judge("reset-done")
	require.EqualValues(w.t, 401, b.signsIn(ada, w.shop.passwords[ada]))
	b.signsIn(ada, second)
	require.Equal(w.t, "/account", b.path())
	b.paysByCard(second)
}

// paysByCard buys with the card on file, which takes a fresh proof.
func (b tab) paysByCard(password string) {
	b.t.Helper()
	b.open("/")
	b.press("Add Stoneware pot to the cart")
	b.follow("To the checkout")
	b.fill("recipient", "Ada", "address", "1 Quay")
	b.do(chromedp.Click(chromedp.CSS(`input[name="pay"][value="card"]`)))
	b.judge("checkout-with-card")
	b.shop.advance(10 * time.Minute)
	enter(b, chromedp.CSS("main form button"))
	require.Equal(b.t, "/account/confirm?next=%2Fcheckout%2Fcard", b.path())
	b.judge("stepup-password")
	b.fill("password", password)
	b.press("Go on")
	require.Equal(b.t, "/checkout/card", b.path())
	b.judge("checkout-card")
	enter(b, chromedp.CSS("main form button"))
	require.Contains(b.t, b.text(), "Thank you")
	require.Equal(b.t, "1", b.shop.sql("SELECT COUNT(*) FROM card_payments"))
}

// overdue is a customer who has to change the password at the sign-in.
func (w walk) overdue() {
	w.t.Helper()
	const cleo = "cleo@example.com"
	b := w.visitor()
	b.signsIn(cleo, w.shop.passwords[cleo])
	b.judge("login-password")
	b.fill("new_password", second)
	b.press("Change and sign in")
	require.Equal(w.t, "/account", b.path())
}

// guest buys without an account, and loses the way.
func (w walk) guest() {
	w.t.Helper()
	b := w.visitor()
	b.open("/cart")
	b.judge("cart-empty")
	b.open("/")
	b.press("Add Whistling kettle to the cart")
	b.follow("To the checkout")
	require.Contains(w.t, b.text(), "You buy as a guest")
	b.fill("recipient", "Gus", "address", "1 Road")
	enter(b, chromedp.CSS("main form button"))
	require.Contains(w.t, b.text(), "Thank you")
	b.judge("thanks")
	require.Equal(w.t, "1", w.shop.sql("SELECT COUNT(*) FROM purchases WHERE recipient = 'Gus'"))
	b.open("/nowhere")
	b.judge("not-found")
}
