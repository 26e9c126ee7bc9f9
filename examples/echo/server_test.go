package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v5"
	"github.com/stretchr/testify/require"
)

func TestForgedFormsAreRefused(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		b.is(403, b.send(http.MethodPost, "/logout", nil, header...))
		b.is(200, b.get("/account"))
	}
}

func TestBodiesAreBounded(t *testing.T) {
	i := openInstances(t, 1)[0]
	long := strings.Repeat("a", maxBody)
	for _, path := range []string{"/signup", "/cart"} {
		b := i.browser()
		b.is(413, b.post(path, "name", long))
	}
	b := i.browser()
	unknown := io.MultiReader(strings.NewReader("name=Mira&email=" + mira + "&password=" + password + "&long=" + long))
	b.is(413, b.send(http.MethodPost, "/signup", unknown, "Content-Type", "application/x-www-form-urlencoded"))
}

// TestStoreDown: guests go on, and whoever has a session is told to come again.
func TestStoreDown(t *testing.T) {
	i := openInstances(t, 1)[0]
	b, guest := i.customer(mira, password), i.browser()
	require.NoError(t, i.shop.db.Close())
	for _, s := range []shown{b.get("/account"), guest.post("/login", "email", mira, "password", password)} {
		b.is(503, s)
		require.Equal(t, "5", s.Header.Get("Retry-After"))
		require.NotContains(t, s.text, "database is closed")
	}
	guest.is(200, guest.get("/"))
	require.Contains(t, i.logs.String(), "database is closed")
}

// TestPanicIsAnError: nobody sees why.
func TestPanicIsAnError(t *testing.T) {
	i := openInstances(t, 1)[0]
	h, err := i.shop.handler()
	require.NoError(t, err)
	h.(*echo.Echo).GET("/panic", func(*echo.Context) error { panic("the reason") })
	server := httptest.NewServer(h)
	defer server.Close()
	b := newBrowser(t, server.URL, nil)
	require.NotContains(t, b.is(500, b.get("/panic")).text, "the reason")
	require.Contains(t, i.logs.String(), "the reason")
	b.is(404, b.get("/nowhere"))
	b.is(405, b.post("/products/bowl"))
	b.is(404, b.get("/static/../templates/auth.html"))
	b.is(200, b.get("/static/style.css"))
	b.is(404, b.get("/static/"))
}

func TestOutboxIsForThisMachine(t *testing.T) {
	i := openInstances(t, 1)[0]
	h, err := i.shop.handler()
	require.NoError(t, err)
	for from, status := range map[string]int{"127.0.0.1:999": 200, "[::1]:999": 200, "192.0.2.1:999": 404, "": 404} {
		r, w := httptest.NewRequest(http.MethodGet, "/outbox", nil), httptest.NewRecorder()
		r.RemoteAddr = from
		r.Header.Set("X-Forwarded-For", "127.0.0.1")
		h.ServeHTTP(w, r)
		require.Equal(t, status, w.Code, from)
	}
}
