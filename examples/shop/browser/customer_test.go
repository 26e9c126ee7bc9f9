package browser

import (
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// The customer of the walk, and her passwords, the first to the last.
const (
	fay      = "fay@example.com"
	password = "four patient lighthouses"
	nearby   = "Four patient lighthouses 2"
	second   = "seven wooden lanterns"
	third    = "eleven quiet harbour bells"
)

// signsUp is told of every weakness, then has an account.
func (b tab) signsUp() {
	b.t.Helper()
	b.open("/")
	b.judge("home")
	b.menu("Sign up")
	b.judge("signup")
	weak := []struct {
		password, heard string
		reasons         []string
	}{
		{"fay", "at least 15 characters", []string{"at least 15 characters", "made of your name", "easy to guess"}},
		{"passwordpassword", "Many people use this password", []string{"Many people use this password"}},
		{"Copper-Kettle-2026", "the name of the shop", []string{"the name of the shop"}},
	}
	for _, w := range weak {
		b.fill("name", "Fay", "email", fay)
		b.types("password", w.password)
		b.hears(w.heard)
		require.EqualValues(b.t, 422, b.press("Sign up"), w.password)
		for _, reason := range w.reasons {
			require.Contains(b.t, b.alert(), reason, w.password)
		}
	}
	b.judge("signup-refused")
	require.Equal(b.t, "0", b.shop.sql("SELECT COUNT(*) FROM customers WHERE email = ?", fay))

	b.fill("password", password)
	b.hears("Nothing speaks against it")
	b.reveals()
	b.judge("signup-typed")
	require.EqualValues(b.t, 200, b.press("Sign up"))
	require.Contains(b.t, b.text(), fay)
	b.judge("signup-sent")
	b.letter(fay, "Confirm my address")
	b.judge("signup-confirm")
	b.fill("password", password)
	b.press("Confirm and sign in")
	require.Equal(b.t, "/account", b.path())
}

// hears is told while typing, before anything is sent, where scripts run.
func (b tab) hears(text string) {
	b.t.Helper()
	if b.look.Script {
		b.sees("typing", text)
		return
	}
	require.NotContains(b.t, b.text(), "Strength")
}

// reveals looks at the password that was typed, where scripts run.
func (b tab) reveals() {
	b.t.Helper()
	if b.look.Script {
		b.do(chromedp.Click("//main//button[normalize-space()='Show']", chromedp.NodeVisible),
			chromedp.WaitVisible(chromedp.CSS("main input[name=password][type=text]")),
			chromedp.ScrollIntoView(chromedp.ID("typing")))
	}
}

// signsIn fills in the form of the sign-in, and is wherever that leads.
func (b tab) signsIn(email, password string) (status int64) {
	b.t.Helper()
	b.open("/login")
	b.fill("email", email, "password", password)
	return b.press("Sign in")
}

// leaves signs out, and is out.
func (b tab) leaves() {
	b.t.Helper()
	b.press("Sign out")
	b.open("/account")
	require.Equal(b.t, "/login?next=%2Faccount", b.path())
}

// shopping fills the cart and looks at the pages on the way.
func (b tab) shopping() {
	b.t.Helper()
	b.open("/")
	b.press("Add Whistling kettle to the cart")
	require.Equal(b.t, "/cart", b.path())
	b.follow("Go on looking")
	b.follow("Stoneware pot")
	b.judge("product")
	b.fill("quantity", "2")
	b.press("Put into the cart")
	b.holdsCart()
	b.judge("cart")
	b.follow("To the checkout")
	require.Contains(b.t, b.text(), "This goes to your account")
	b.judge("checkout")
}

// holdsCart checks that the cart is as it was filled.
func (b tab) holdsCart() {
	b.t.Helper()
	require.Equal(b.t, "/cart", b.path())
	require.Contains(b.t, b.text(), "Whistling kettle")
	require.Contains(b.t, b.text(), "Stoneware pot")
	quantity, err := chromedp.Run(b.ctx, chromedp.Value(chromedp.CSS(`input[aria-label="Quantity of Stoneware pot"]`)))
	require.NoError(b.t, err)
	require.Equal(b.t, "2", quantity)
}
