package main

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// TestStory: a customer signs up, is forced, changes, gets a second factor and
// pays by card.
func TestStory(t *testing.T) {
	s := start(t)
	v := s.visitor(t, http.DefaultTransport)
	r := v.post("/signup", "name", "Zoe", "email", "zoe@example.com", "password", "zoe@example.com")
	require.Equal(t, 422, r.status)
	require.Contains(t, r.body, `data-reason="contains_context"`)
	require.NotContains(t, s.log.String(), "zoe@example.com")

	const first, second = "plum kettle orbit 92 fjord", "walnut carousel 41 harbour tide"
	v = s.customer(t, "zoe@example.com", first)
	require.Equal(t, 200, v.get("/account").status)
	require.Equal(t, 303, v.post("/cart", "product", "ladle").status)

	other := s.visitor(t, http.DefaultTransport)
	require.Equal(t, 401, other.post("/login", "email", "zoe@example.com", "password", second).status)
	r = other.post("/login", "email", "zoe@example.com", "password", first, "next", "/checkout")
	require.Equal(t, "/checkout", r.location)

	c, err := s.customers.byName(t.Context(), "zoe@example.com")
	require.NoError(t, err)
	_, err = s.keeper.Force(t.Context(), rotate.Order{Account: c.account, Reason: rotate.PolicyRaised, Actor: "test", Expect: 1})
	require.NoError(t, err)
	s.ahead.Add(int64(2 * time.Second))
	require.Equal(t, "/account/password?next=%2Faccount", v.get("/account").location)
	require.Contains(t, v.get("/account/password").body, "stricter")
	require.Equal(t, 422, v.post("/account/password", "password", first, "new_password", first).status)
	require.Equal(t, "/checkout", v.post("/account/password", "password", first, "new_password", second, "next", "/checkout").location)
	require.Contains(t, v.get("/cart").body, "Olive ladle")
	require.Equal(t, "/login?next=%2Faccount", other.get("/account").location)

	r = v.get("/checkout/card")
	require.Equal(t, 200, r.status, "the proof is fresh")
	s.ahead.Add(int64(10 * time.Minute))
	require.Equal(t, "/account/confirm?next=%2Fcheckout%2Fcard", v.get("/checkout/card").location)
	require.Equal(t, "/checkout/card", v.post("/account/confirm", "password", second, "next", "/checkout/card").location)

	r = v.post("/account/second-factor", "password", second)
	secret, err := totp.ParseSecret(r.find(t, `class="key">([^<]+)<`))
	require.NoError(t, err)
	require.Contains(t, r.body, `src="data:image/png;base64,`)
	r = v.post("/account/second-factor/confirm", "code", secret.Code(s.now()))
	require.Equal(t, 10, strings.Count(r.body, "<li><code>"))
	recovery := r.find(t, `<li><code>([^<]+)<`)

	third := s.visitor(t, http.DefaultTransport)
	r = third.post("/login", "email", "zoe@example.com", "password", second)
	require.Contains(t, r.body, `data-step="need_code"`)
	r = third.post("/login/step", "ticket", r.ticket(t), "code", "000000")
	require.Equal(t, 401, r.status)
	r = third.post("/login/step", "ticket", r.ticket(t), "recovery", recovery)
	require.Equal(t, "/account", r.location, r.body)
	require.Equal(t, 303, third.post("/logout").status)
	require.Equal(t, "/login?next=%2Faccount", third.get("/account").location)
}

// TestStaff: staff set up a factor before all else, and force a cohort.
func TestStaff(t *testing.T) {
	s := start(t)
	require.NoError(t, s.seed(t.Context()))
	v := s.visitor(t, http.DefaultTransport)
	r := v.post("/login", "email", "kim@example.com", "password", "staff meets at nine 4")
	require.Contains(t, r.body, `data-step="need_enroll"`)
	r = v.post("/account/second-factor", "ticket", r.ticket(t), "email", "kim@example.com")
	secret, err := totp.ParseSecret(r.find(t, `class="key">([^<]+)<`))
	require.NoError(t, err)
	r = v.post("/account/second-factor/confirm", "ticket", r.ticket(t), "code", secret.Code(s.now()))
	require.Contains(t, r.body, "recovery codes")
	require.Contains(t, v.get("/admin/").body, "ada@example.com")

	s.customer(t, "zoe@example.com", "plum kettle orbit 92 fjord")
	r = v.post("/admin/orders", "group", "customers", "reason", "policy_raised", "grace", "3", "note", "as <asked>")
	require.Equal(t, "1", r.find(t, `name="expect" value="(\d+)"`))
	require.Equal(t, 409, v.post("/admin/orders", "group", "customers", "reason", "policy_raised", "expect", "7").status)
	require.Equal(t, 422, v.post("/admin/orders", "group", "customers", "reason", "policy_raised", "grace", "soon").status)
	require.Equal(t, "/admin/orders", v.post("/admin/orders", "group", "customers", "reason", "policy_raised", "grace", "3", "note", "as <asked>", "expect", "1").location)
	r = v.get("/admin/orders")
	require.Contains(t, r.body, "1 of 1 left")
	require.Equal(t, 303, v.post("/admin/orders/"+r.find(t, `data-order="([^"]+)"`)+"/withdraw", "note", "never mind").status)
	require.Contains(t, v.get("/admin/orders").body, "never mind")
	require.Contains(t, v.get("/admin/audit").body, "order_withdrawn")
	s.ahead.Add(int64(10 * time.Minute))
	require.Equal(t, "/account/confirm?next=%2Fadmin%2Forders", v.get("/admin/orders").location)

	customer := s.visitor(t, http.DefaultTransport)
	require.Equal(t, 303, customer.post("/login", "email", "ada@example.com", "password", "teapots are round 1").status)
	require.Equal(t, 404, customer.get("/admin").status)
	require.Equal(t, "/login?next=%2Fadmin", s.visitor(t, http.DefaultTransport).get("/admin").location)
}

// TestAdoption: a bcrypt hash of the time before signs in and is upgraded.
func TestAdoption(t *testing.T) {
	s := start(t)
	require.NoError(t, s.seed(t.Context()))
	c, err := s.customers.byName(t.Context(), "ada@example.com")
	require.NoError(t, err)
	require.NoError(t, bcrypt.CompareHashAndPassword([]byte(c.hash), []byte("teapots are round 1")))
	v := s.visitor(t, http.DefaultTransport)
	require.Equal(t, 303, v.post("/login", "email", " ADA@example.com", "password", "teapots are round 1").status)
	status, err := s.keeper.Lookup(t.Context(), c.account)
	require.NoError(t, err)
	require.Contains(t, status.Format, "argon2id")
	_, err = s.keeper.Deliver(t.Context())
	require.NoError(t, err)
	c, err = s.customers.byName(t.Context(), "ada@example.com")
	require.NoError(t, err)
	require.Empty(t, c.hash)
}

// TestResetAfterCompromise: only the mailed ticket lets a new password in.
func TestResetAfterCompromise(t *testing.T) {
	s := start(t)
	v := s.customer(t, "zoe@example.com", "plum kettle orbit 92 fjord")
	s.ahead.Add(int64(time.Hour))
	_, err := s.keeper.Force(t.Context(), rotate.Order{Group: "customers", Reason: rotate.Compromise, Actor: "test", Expect: 1})
	require.NoError(t, err)
	s.ahead.Add(int64(2 * time.Second))
	require.Equal(t, "/login?next=%2Faccount", v.get("/account").location)
	r := v.post("/login", "email", "zoe@example.com", "password", "plum kettle orbit 92 fjord")
	require.Contains(t, r.body, `action="/forgot"`)
	require.NotContains(t, r.body, `data-step`)
	v.post("/forgot", "email", "zoe@example.com")
	ticket := s.token(t, "zoe@example.com", "/reset?ticket=")
	r = v.get("/reset?ticket=" + ticket)
	require.Equal(t, ticket, r.ticket(t))
	r = v.post("/reset", "ticket", ticket, "new_password", "plum kettle orbit 92 fjord")
	require.Equal(t, 422, r.status)
	require.Equal(t, ticket, r.ticket(t))
	require.Equal(t, 200, v.post("/reset", "ticket", ticket, "new_password", "walnut carousel 41 harbour tide").status)
	require.Equal(t, 400, v.post("/reset", "ticket", ticket, "new_password", "acorn carousel 41 harbour tide").status)
	require.Equal(t, 303, v.post("/login", "email", "zoe@example.com", "password", "walnut carousel 41 harbour tide").status)
}

// TestSession: another id after each sign-in, the old one worthless for good, and
// nothing but the shop's own forms.
func TestSession(t *testing.T) {
	s := start(t)
	const password = "plum kettle orbit 92 fjord"
	s.customer(t, "zoe@example.com", password)
	v := s.visitor(t, http.DefaultTransport)
	r := v.get("/")
	require.Empty(t, r.header.Values("Set-Cookie"), "a guest who looks around")
	require.Contains(t, r.header.Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, "no-store", r.header.Get("Cache-Control"))

	id := func(r reply) string {
		for _, c := range r.header.Values("Set-Cookie") {
			if value, ok := strings.CutPrefix(c, "session="); ok {
				require.Contains(t, c, "HttpOnly")
				require.Contains(t, c, "SameSite=Lax")
				value, _, _ = strings.Cut(value, ";")
				return value
			}
		}
		return ""
	}
	guest := id(v.post("/cart", "product", "bowl"))
	signedIn := id(v.post("/login", "email", "zoe@example.com", "password", password))
	require.NotEmpty(t, guest)
	require.NotEmpty(t, signedIn)
	require.NotEqual(t, guest, signedIn)
	with := func(id, path string) reply {
		request, err := http.NewRequest(http.MethodGet, s.url+path, nil)
		require.NoError(t, err)
		request.Header.Set("Cookie", "session="+id)
		return s.visitor(t, http.DefaultTransport).do(request)
	}
	require.Equal(t, 303, with(guest, "/account").status)
	require.Equal(t, 200, with(signedIn, "/account").status)
	require.Contains(t, with(signedIn, "/cart").body, "Ash bowl")

	// A request that was under way while the id was renewed writes it back.
	table := sessionTable{s.database}
	data, err := table.Get(signedIn)
	require.NoError(t, err)
	v.post("/logout")
	require.NoError(t, table.Set(signedIn, data, time.Hour))
	require.Equal(t, 303, with(signedIn, "/account").status)

	forged, err := http.NewRequest(http.MethodPost, s.url+"/logout", nil)
	require.NoError(t, err)
	forged.Header.Set("Sec-Fetch-Site", "cross-site")
	require.Equal(t, 403, v.do(forged).status)
	require.Equal(t, 413, v.post("/login", "password", strings.Repeat("x", maxBody+1)).status)
	require.Equal(t, 404, v.get("/nowhere").status)
	require.Equal(t, "/account/password", v.get("/.well-known/change-password").location)
}

// TestStoreDown: guests look around, everything else is 503 with Retry-After.
func TestStoreDown(t *testing.T) {
	s := start(t)
	v := s.customer(t, "zoe@example.com", "plum kettle orbit 92 fjord")
	require.NoError(t, s.database.Close())
	r := v.get("/account")
	require.Equal(t, 503, r.status)
	require.Equal(t, "5", r.header.Get("Retry-After"))
	guest := s.visitor(t, http.DefaultTransport)
	require.Equal(t, 200, guest.get("/").status)
	require.Equal(t, 200, guest.get("/login").status)
	r = guest.post("/login", "email", "zoe@example.com", "password", "x")
	require.Equal(t, 503, r.status)
	require.Equal(t, "5", r.header.Get("Retry-After"))
	require.NotContains(t, s.log.String(), "zoe@")
}

// TestHTTPS: over https every cookie is for https and for this host alone.
func TestHTTPS(t *testing.T) {
	s := start(t)
	s.customer(t, "zoe@example.com", "plum kettle orbit 92 fjord")
	s.https = true
	certified := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(certified.Close)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certified.TLS.Certificates})
	require.NoError(t, err)
	app := s.app()
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	t.Cleanup(func() {
		require.NoError(t, app.Shutdown())
		require.NoError(t, <-ended)
	})
	v := s.visitor(t, certified.Client().Transport)
	v.url = "https://" + listener.Addr().String()
	r := v.post("/login", "email", "zoe@example.com", "password", "plum kettle orbit 92 fjord")
	require.Equal(t, 303, r.status)
	require.NotEmpty(t, r.header.Get("Strict-Transport-Security"))
	cookies := r.header.Values("Set-Cookie")
	require.Len(t, cookies, 2)
	for _, c := range cookies {
		require.Contains(t, c, "__Host-")
		require.Contains(t, strings.ToLower(c), "; secure")
		require.Contains(t, c, "HttpOnly")
	}
	require.Equal(t, 200, v.get("/account").status)
}
