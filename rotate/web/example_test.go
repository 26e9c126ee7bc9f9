package web_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/rotate/web"
)

// A shop with one customer, whose session is in a variable here and in a
// session store elsewhere. An order makes her password due.
func ExampleGate() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas"})
	if err != nil {
		fmt.Println(err)
		return
	}
	stored := d.Session
	gate := web.Gate{
		Keeper: realm.Keeper,
		Load:   func(*http.Request) (rotate.Session, error) { return stored, nil },
		Drop: func(http.ResponseWriter, *http.Request) error {
			stored = rotate.Session{}
			return nil
		},
		Allow: []string{"/assets/", "/checkout/guest"},
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "guest"
		if session, ok := web.From(r.Context()); ok {
			who = "customer " + session.Account
		}
		_, _ = io.WriteString(w, who)
	})
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.Handle("/account/", gate.SignedIn(page))
	shop := gate.Wrap(mux)

	ask := func(path, accept string) {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		shop.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); to != "" {
			fmt.Println(path, w.Code, to)
			return
		}
		fmt.Println(path, w.Code, w.Body.String())
	}
	ask("/account/orders", "text/html")
	if _, err := realm.Force(ctx, rotate.Order{Reason: rotate.PolicyRaised}); err != nil {
		fmt.Println(err)
		return
	}
	ask("/account/orders", "text/html")
	ask("/account/orders", "application/json")
	ask("/checkout/guest", "text/html")
	if err := realm.Keeper.EndSessions(ctx, "c-1", "staff-7"); err != nil {
		fmt.Println(err)
		return
	}
	ask("/", "text/html")
	ask("/account/orders", "text/html")
	fmt.Println("dropped:", stored.IsZero())
	// Output:
	// /account/orders 200 customer c-1
	// /account/orders 303 /account/password?next=%2Faccount%2Forders
	// /account/orders 403 {"code":"need_new_password","location":"/account/password","reason":"policy_raised","proof":"password"}
	//
	// /checkout/guest 200 guest
	// / 200 guest
	// /account/orders 303 /login?next=%2Faccount%2Forders
	// dropped: true
}

// The decision without the handlers, for a framework with its own.
func ExampleGate_Decide() {
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	gate := web.Gate{
		Keeper: realm.Keeper,
		Load:   func(*http.Request) (rotate.Session, error) { return rotate.Session{}, errors.New("no session store") },
	}
	r := httptest.NewRequest("GET", "/account/orders", nil)
	d, err := gate.Decide(r)
	if a, pass := gate.Answer(r, d, err); !pass {
		fmt.Println(a.Status, a.Code, a.RetryAfter)
	}
	// Output: 503 unavailable 5s
}

// What matters asks for a proof that is younger than the session.
func ExampleGate_Fresh() {
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := realm.Keeper.SignUp(context.Background(), rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas"})
	if err != nil {
		fmt.Println(err)
		return
	}
	gate := web.Gate{
		Keeper: realm.Keeper,
		Load:   func(*http.Request) (rotate.Session, error) { return d.Session, nil },
		Now:    realm.Clock.Now,
	}
	address := gate.Fresh(10 * time.Minute)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))
	for range 2 {
		w := httptest.NewRecorder()
		address.ServeHTTP(w, httptest.NewRequest("POST", "/account/address", nil))
		fmt.Printf("%d %q\n", w.Code, w.Header().Get("Location"))
		realm.Clock.Advance(time.Hour)
	}
	// Output:
	// 204 ""
	// 303 "/account/confirm"
}

func ExampleGate_SignIn() {
	gate := web.Gate{
		Renew: func(http.ResponseWriter, *http.Request) error { fmt.Println("a new session id"); return nil },
		Keep: func(_ http.ResponseWriter, _ *http.Request, s rotate.Session) error {
			fmt.Println("keep", s.Account)
			return nil
		},
	}
	r := httptest.NewRequest("POST", "/login", nil)
	err := gate.SignIn(httptest.NewRecorder(), r, rotate.Session{Account: "c-1"})
	fmt.Println(err)
	// Output:
	// a new session id
	// keep c-1
	// <nil>
}

// The status for an error of the Keeper, and how long to wait.
func ExampleStatus() {
	for _, err := range []error{
		nil,
		&policy.Refusal{},
		&rotate.Denied{},
		&rotate.Denied{RetryAfter: time.Minute},
		fmt.Errorf("change: %w", rotate.ErrProof),
		errors.New("no route to the database"),
	} {
		fmt.Println(web.Status(err))
	}
	// Output:
	// 200 0s
	// 422 0s
	// 401 0s
	// 429 1m0s
	// 403 0s
	// 503 5s
}

// An error of the Keeper as an answer for programs.
func ExampleFailure() {
	r := httptest.NewRequest("POST", "/api/login", nil)
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	web.Failure(&rotate.Denied{RetryAfter: 30 * time.Second}).Write(w, r)
	fmt.Print(w.Code, " ", w.Header().Get("Retry-After"), " ", w.Body)
	// Output: 429 30 {"code":"wait","retry_after":30}
}

// The value that binds a ticket to a browser comes back with its next request.
func ExampleBrowser() {
	w := httptest.NewRecorder()
	first := web.Browser(w, httptest.NewRequest("GET", "https://shop.example/login", nil))
	cookie := w.Result().Cookies()[0]
	fmt.Println(cookie.Name, cookie.Secure, cookie.HttpOnly)

	r := httptest.NewRequest("POST", "https://shop.example/login", nil)
	r.AddCookie(cookie)
	fmt.Println(web.Browser(httptest.NewRecorder(), r) == first)
	// Output:
	// __Host-tillkey-browser true true
	// true
}

func ExampleSafeNext() {
	for _, next := range []string{"/account/orders?year=2026", "//example.org/", `/\example.org`, "https://example.org/", ""} {
		fmt.Println(web.SafeNext(next))
	}
	// Output:
	// /account/orders?year=2026
	// /
	// /
	// /
	// /
}

func ExampleSource() {
	for _, remote := range []string{"192.0.2.7:40312", "[2001:db8:1:2:3:4:5:6]:40312"} {
		fmt.Println(web.Source(&http.Request{RemoteAddr: remote}))
	}
	// Output:
	// 192.0.2.7
	// 2001:db8:1:2::/64
}

// A password manager finds the change page.
func ExampleWellKnown() {
	mux := http.NewServeMux()
	mux.Handle("/.well-known/", web.WellKnown("/account/password"))
	for _, name := range []string{"change-password", "resource-that-should-not-exist-whose-status-code-should-not-be-200"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", "/.well-known/"+name, nil))
		fmt.Println(w.Code, w.Header().Get("Location"))
	}
	// Output:
	// 303 /account/password
	// 404
}
