package web

import (
	"crypto/rand"
	"net/http"
	"strings"
)

const (
	browserCookie = "tillkey-browser"
	// hostPrefix makes a browser take the cookie only over https, from this very
	// host and for all of it (RFC 6265bis, 4.1.3.2).
	hostPrefix = "__Host-"
	// browserBytes is the length of a value: 26 characters of base32, which hold
	// the 128 random bits and more that package crypto/rand promises.
	browserBytes = 26
	// browserFor is the cookie's Max-Age in seconds: two days, twice the longest
	// life of a mailed ticket. Every call begins it anew.
	browserFor = 2 * 24 * 60 * 60
)

// Browser returns a random value that this browser alone has, and sets the
// cookie that brings it back: the value for Attempt.Browser, Proofs.Browser and
// their like. Call it before the body is written, on the pages of sign-in,
// sign-up, reset and change, and for the forms they send; other pages need no
// such cookie.
//
// The cookie is HttpOnly and SameSite=Lax; over https it is Secure and its name
// begins with "__Host-". Behind a proxy that ends TLS, let the middleware that
// trusts the proxy set r.URL.Scheme to "https".
func Browser(w http.ResponseWriter, r *http.Request) string {
	c := http.Cookie{
		Name: browserCookie, Path: "/", MaxAge: browserFor, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if r.TLS != nil || r.URL.Scheme == "https" {
		c.Name, c.Secure = hostPrefix+browserCookie, true
	}
	for _, sent := range r.CookiesNamed(c.Name) {
		if isBrowser(sent.Value) {
			c.Value = strings.Clone(sent.Value)
			break
		}
	}
	for _, set := range w.Header().Values("Set-Cookie") {
		// A second call for one request gives the same value and sets no more.
		if value, ok := strings.CutPrefix(set, c.Name+"="); ok {
			return value[:min(len(value), browserBytes)]
		}
	}
	if c.Value == "" {
		c.Value = rand.Text()
	}
	http.SetCookie(w, &c)
	return c.Value
}

// isBrowser tells whether a value has the form of those made here.
func isBrowser(value string) bool {
	return len(value) == browserBytes && !strings.ContainsFunc(value, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '2' || r > '7')
	})
}
