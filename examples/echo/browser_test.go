package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// browser is a visitor who keeps cookies and follows nothing.
type browser struct {
	t      *testing.T
	at     string
	client *http.Client
}

func newBrowser(t *testing.T, at string, transport http.RoundTripper) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{t, at, &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (i *instance) browser() *browser { return newBrowser(i.t, i.url(), &http.Transport{}) }

// shown is what came back.
type shown struct {
	*http.Response
	text string
}

func (b *browser) get(path string, headers ...string) shown {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, headers...)
}

// post sends a form of names and values.
func (b *browser) post(path string, pairs ...string) shown {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

func (b *browser) send(method, path string, body io.Reader, headers ...string) shown {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.at+path, body)
	require.NoError(b.t, err)
	r.Header.Set("Accept", "text/html")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	return shown{res, string(text)}
}

// goes requires that an answer leads to a page.
func (b *browser) goes(to string, s shown) {
	b.t.Helper()
	require.Equal(b.t, http.StatusSeeOther, s.StatusCode, s.text)
	require.Equal(b.t, to, s.Header.Get("Location"))
}

// is requires a status.
func (b *browser) is(status int, s shown) shown {
	b.t.Helper()
	require.Equal(b.t, status, s.StatusCode, s.text)
	return s
}

// cookie is one of those the browser holds, "" if it has none.
func (b *browser) cookie(name string) string {
	at, err := url.Parse(b.at)
	require.NoError(b.t, err)
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// customer is an account that can sign in, and a browser that has.
func (i *instance) customer(email, password string) *browser {
	i.t.Helper()
	encoded, err := i.config.hasher.Hash(i.t.Context(), password)
	require.NoError(i.t, err)
	_, err = i.shop.plant(i.t.Context(), person{email: email, name: "Mira Holm", encoded: encoded, changed: i.clock.Now()})
	require.NoError(i.t, err)
	b := i.browser()
	b.goes("/", b.post("/login", "email", email, "password", password))
	return b
}

var keyOnPage = regexp.MustCompile(`<code id="key">([^<]*)</code>`)

// enroll sets up a second factor. At a sign-in the pairs hold its ticket.
func (i *instance) enroll(b *browser, password string, pairs ...string) totp.Secret {
	i.t.Helper()
	offer := b.is(200, b.post("/account/second-factor", append(pairs, "password", password)...))
	key := keyOnPage.FindStringSubmatch(offer.text)
	require.NotNil(i.t, key, offer.text)
	secret, err := totp.ParseSecret(key[1])
	require.NoError(i.t, err)
	b.is(200, b.post("/account/second-factor/confirm", append(pairs, "code", secret.Code(i.clock.Now()))...))
	return secret
}
