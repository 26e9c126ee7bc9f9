package main

import (
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// BenchmarkGate is one request for a page of a signed-in customer: without a
// gate, with the Keeper asked by the handler, with the gate on an edge, and with
// the gate through fiber's own adaptor.
func BenchmarkGate(b *testing.B) {
	keeper := newBareKeeper(b, rotate.Config{Store: memstore.New()})
	d, err := keeper.SignUp(b.Context(), rotate.NewAccount{Account: "17", Password: "plum kettle orbit 92 fjord"})
	require.NoError(b, err)
	gate := web.Gate{Keeper: keeper, Load: func(*http.Request) (rotate.Session, error) { return d.Session, nil }}
	page := func(c fiber.Ctx) error { return c.SendString("hello") }
	s := &shop{}
	for _, variant := range []struct {
		name   string
		before []any
	}{
		{"none", nil},
		{"valid", []any{func(c fiber.Ctx) error {
			if d, err := keeper.Valid(c.Context(), d.Session); err != nil || d.Next != rotate.Proceed {
				return fiber.ErrUnauthorized
			}
			return c.Next()
		}}},
		{"edge", []any{s.edges, before(gate.SignedIn)}},
		{"adaptor", []any{adaptor.HTTPMiddleware(gate.SignedIn)}},
	} {
		b.Run(variant.name, func(b *testing.B) {
			app := fiber.New()
			if variant.before != nil {
				app.Use(variant.before...)
			}
			app.Get("/account", page)
			handler := app.Handler()
			var c fasthttp.RequestCtx
			c.Init(&fasthttp.Request{}, nil, nil)
			b.ReportAllocs()
			for b.Loop() {
				c.Request.Reset()
				c.Response.Reset()
				c.Request.SetRequestURI("/account")
				c.Request.Header.Set("Accept", "text/html")
				handler(&c)
			}
			require.Equal(b, 200, c.Response.StatusCode())
			require.Equal(b, "hello", string(c.Response.Body()))
		})
	}
}
