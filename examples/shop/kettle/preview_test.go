package kettle

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// While somebody types, every problem is told at once, and nothing of the
// password comes back.
func TestPreviewTellsEveryProblem(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	a := b.post("/preview?for=customers", "password", "fay", "name", "Fay", "email", fay)
	require.Equal(t, http.StatusOK, a.Status)
	require.Contains(t, a.Body, "Use at least 15 characters")
	require.Contains(t, a.Body, "made of your name, your e-mail address or the name of the shop")
	require.Contains(t, a.Body, "easy to guess")
	require.Regexp(t, `<meter [^>]*value="0"`, a.Body)
	require.NotContains(t, a.Body, "<html", "it is a part of a page")

	for typed, says := range map[string]string{
		"passwordpassword": "Many people use this password", "Copper-Kettle-2026": "the name of the shop",
		fayPassword: "Nothing speaks against it",
	} {
		a := b.post("/preview?for=customers", "new_password", typed)
		require.Contains(t, a.Body, says)
		require.NotContains(t, a.Body, typed)
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	}
	empty := b.post("/preview?for=customers", "password", "").Body
	require.NotContains(t, empty, "<meter")
	require.NotContains(t, empty, "met", "no rule is judged")
	require.Equal(t, http.StatusNotFound, b.post("/preview?for=nobody", "password", "x").Status)
	require.NotContains(t, g.logs.String(), "passwordpassword")
}

// It says what the form will say when it is sent: one word does not differ. Only
// whether a password has leaked is not asked while it is typed.
func TestPreviewAgreesWithTheForm(t *testing.T) {
	b := newStage(t).browser()
	for _, typed := range []string{"short", "passwordpassword", "aaaaaaaaaaaaaaaa", "Copper-Kettle-2026", "kettle copper kettle"} {
		preview, form := b.post("/preview?for=customers", "password", typed, "name", "Fay", "email", fay), b.signUp(fay, typed)
		require.Equal(t, http.StatusUnprocessableEntity, form.Status)
		problems := slices.DeleteFunc(listed(form.Body, "problem"), func(text string) bool { return strings.Contains(text, "data leak") })
		require.Equal(t, problems, listed(preview.Body, "typing"), typed)
	}
}

// Typing asks neither session nor database: it goes on when that is away.
func TestPreviewNeedsNoDatabase(t *testing.T) {
	g := newStage(t)
	b, cleo := g.browser(), g.account("Ada")
	b.entered(b.login(cleo.Email, cleo.Password))
	require.NoError(t, g.shop.db.DB.Close())
	require.Equal(t, http.StatusServiceUnavailable, b.get("/account").Status)
	require.Equal(t, http.StatusOK, b.post("/preview?for=customers", "new_password", "short").Status)
}

// Who must change the password first is told as well.
func TestPreviewWhileAChangeIsDue(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	staff.force("account", "1", "reason", "policy_raised")
	require.Equal(t, "/account/password?next=%2Faccount", b.get("/account").Location)
	require.Contains(t, b.post("/preview?for=customers", "new_password", "short").Body, "at least 15")
}

// The pages say where to ask, and send only what is needed for it: never the
// current password, a code or a ticket.
func TestPreviewGetsOnlyWhatItNeeds(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	require.Contains(t, b.get("/signup").Body, `hx-post="/preview?for=customers" hx-params="password,name,email"`)
	b.entered(b.login(ada.Email, ada.Password))
	page := b.get("/account/password").Body
	require.Contains(t, page, `hx-post="/preview?for=customers" hx-params="new_password,username"`)
	require.Contains(t, page, `<div id="typing" class="typing" role="status"></div>`)
	staff, _ := g.staff()
	require.Contains(t, staff.get("/account/password").Body, `hx-post="/preview?for=staff"`)
}

// One address asks only so often; another one, and the same one later, may.
func TestPreviewIsLimited(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	l := g.shop.typing
	for range l.burst {
		require.Equal(t, http.StatusOK, b.post("/preview?for=customers", "password", "short").Status)
	}
	a := b.post("/preview?for=customers", "password", "short")
	require.Equal(t, http.StatusTooManyRequests, a.Status)
	require.Equal(t, "1", a.Header.Get("Retry-After"))
	require.NotContains(t, a.Body, "at least 15")
	require.Equal(t, http.StatusUnprocessableEntity, b.signUp(fay, "short").Status, "the form is not limited by it")
	g.clock.Advance(l.every)
	require.Equal(t, http.StatusOK, b.post("/preview?for=customers", "password", "short").Status)
}

// An address is a network of 64 bits in IPv6, and a flood of addresses takes no
// more memory than it may.
func TestLimit(t *testing.T) {
	l, now := typingLimit(), time.Unix(1e9, 0)
	l.burst, l.addresses = 1, 3
	ask := func(from string) bool { _, ok := l.take(from, now); return ok }
	require.True(t, ask("[2001:db8::1]:1"))
	require.False(t, ask("[2001:db8::2]:2"), "the same visitor")
	require.True(t, ask("[2001:db8:0:1::1]:1"))
	require.True(t, ask("192.0.2.7:1"))
	require.False(t, ask("[::ffff:192.0.2.7]:9"))
	for i := range 100 {
		require.True(t, ask(fmt.Sprintf("198.51.100.%d:1", i)))
		require.LessOrEqual(t, len(l.full), 3)
	}
	require.True(t, ask("no address"))
	require.False(t, ask("none either"))
	now = now.Add(l.every)
	require.True(t, ask("no address"))
}
