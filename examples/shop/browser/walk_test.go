package browser

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// walk is the story of the shop, seen in one of its looks.
type walk struct {
	t        *testing.T
	chromium context.Context
	tools    tools
	shop     shop
	look     look
	judged   map[string]bool // pages, by name
}

// The whole story passes in a real browser: with and without scripts, on a
// desk and on a phone. Pictures are read, and codes computed, by programs of
// other people.
func TestInChromium(t *testing.T) {
	tools, binary := findTools(t), build(t)
	ctx := chromium(t, tools.chromium)
	for _, l := range looks() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			walk{t, ctx, tools, start(t, binary), l, map[string]bool{}}.run()
		})
	}
}

func (w walk) run() {
	w.t.Helper()
	b := w.visitor()
	b.signsUp()
	b.leaves()
	b.judge("login")
	require.EqualValues(w.t, 401, b.signsIn(fay, "something else entirely"))
	b.judge("login-refused")
	b.signsIn(fay, password)
	require.Equal(w.t, "/account", b.path())
	b.judge("account")

	b.follow("Set up")
	b.judge("factor")
	b.fill("password", password)
	b.press("Show the picture for my app")
	phone, recovery := b.enrols()
	require.Contains(w.t, b.text(), "10 recovery codes are left")
	b.judge("factor-on")
	b.shopping()

	other := w.visitor()
	other.signsIn(fay, password)
	other.judge("login-code")
	other.fill("code", phone.code())
	other.press("Sign in")
	require.Equal(w.t, "/account", other.path())

	staff := w.visitor()
	key := staff.arrives()
	w.policyRaised(b, other, staff)
	w.compromise(b, staff, phone)
	w.recovery(b, phone, recovery[3])
	w.mailOnly(staff)
	w.overdue()
	staff.stepsUp(key)
	w.guest()
}

// policyRaised stops an open session at the next click, and the cart stays.
func (w walk) policyRaised(b, other, staff tab) {
	w.t.Helper()
	staff.forces(fay, "policy_raised")
	b.menu("Cart")
	require.Equal(w.t, "/account/password?next=%2Fcart", b.path())
	require.Contains(w.t, b.text(), "have become stricter")
	b.judge("password-forced")
	for _, refused := range [][2]string{{password, "the password you have now"}, {nearby, "too much like the one you have now"}} {
		b.fill("password", password, "new_password", refused[0])
		require.EqualValues(w.t, 422, b.press("Change password"))
		require.Contains(w.t, b.alert(), refused[1])
	}
	b.judge("password-refused")
	b.fill("password", password, "new_password", second)
	b.press("Change password")
	b.holdsCart()
	other.menu("Fay")
	require.Equal(w.t, "/login?next=%2Faccount", other.path(), "her other session is over")
}

// compromise makes the password worth nothing: the mail is needed.
func (w walk) compromise(b, staff tab, phone app) {
	w.t.Helper()
	staff.forces(fay, "compromise")
	b.menu("Fay")
	require.Equal(w.t, "/login?next=%2Faccount", b.path(), "her session is over")
	b.open("/cart")
	b.holdsCart()
	b.signsIn(fay, second)
	require.False(w.t, b.has("new_password"), "the password alone changes nothing")
	b.press("Sign in")
	require.True(w.t, b.has("code"), "nor does an empty code")
	require.False(w.t, b.has("new_password"))

	b.open("/login")
	b.follow("Forgotten password")
	b.judge("forgot")
	b.fill("email", fay)
	b.press("Mail me a link")
	b.judge("forgot-sent")
	b.letter(fay, "Choose a new password")
	b.judge("reset")
	b.fill("new_password", second, "code", phone.code())
	require.EqualValues(w.t, 422, b.press("Set the password"))
	require.Contains(w.t, b.alert(), "the password you have now")
	b.fill("new_password", third, "code", phone.code())
	b.press("Set the password")
	require.Contains(w.t, b.text(), "Your password is changed")
	require.EqualValues(w.t, 401, b.signsIn(fay, second))
}
