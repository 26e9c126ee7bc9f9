package main

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"
)

// serve runs an app on a real listener.
func serve(t testing.TB, app *fiber.App) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	t.Cleanup(func() {
		require.NoError(t, app.Shutdown())
		require.NoError(t, <-ended)
	})
	return "http://" + listener.Addr().String()
}

// connections is a transport of at most so many connections, which visitors
// share: fiber uses the memory of each connection for all its requests.
func connections(t testing.TB, most int) *http.Transport {
	t.Helper()
	transport := &http.Transport{MaxConnsPerHost: most, MaxIdleConnsPerHost: most}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// TestTheTrapIsThere: under fiber's default configuration, a text that is kept
// after its handler has returned becomes that of a later request. The other
// tests of this file mean something only as long as this one passes; if it
// fails, fiber has changed, and they can go. Config.Immutable helps with all but
// Bind.
func TestTheTrapIsThere(t *testing.T) {
	readers := map[string]func(fiber.Ctx) string{
		"FormValue": func(c fiber.Ctx) string { return c.FormValue("password") },
		"Bind": func(c fiber.Ctx) string {
			var form struct {
				Password string `form:"password"`
			}
			_ = c.Bind().Form(&form) // compared below
			return form.Password
		},
		"Query":   func(c fiber.Ctx) string { return c.Query("password") },
		"Params":  func(c fiber.Ctx) string { return c.Params("password") },
		"Cookies": func(c fiber.Ctx) string { return c.Cookies("password") },
		"Get":     func(c fiber.Ctx) string { return c.Get("Password") },
	}
	for name, read := range readers {
		for _, immutable := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/immutable=%v", name, immutable), func(t *testing.T) {
				app := fiber.New(fiber.Config{Immutable: immutable})
				// All requests are of one connection and so of one goroutine.
				var kept, cloned []string
				var want []string
				app.Post("/keep/:password", func(c fiber.Ctx) error {
					text := read(c)
					kept, cloned = append(kept, text), append(cloned, strings.Clone(text))
					return nil
				})
				var wrong int
				app.Get("/compare", func(fiber.Ctx) error {
					for i := range want {
						if kept[i] != want[i] {
							wrong++
						}
					}
					return nil
				})
				url0 := serve(t, app)
				client := &http.Client{Transport: connections(t, 1)}
				send := func(r *http.Request, err error) {
					require.NoError(t, err)
					res, err := client.Do(r)
					require.NoError(t, err)
					require.NoError(t, res.Body.Close())
					require.Equal(t, 200, res.StatusCode)
				}
				for i := range 20 {
					password := fmt.Sprintf("password-of-customer-%02d", i)
					want = append(want, password)
					body := strings.NewReader(url.Values{"password": {password}}.Encode())
					r, err := http.NewRequest(http.MethodPost, url0+"/keep/"+password+"?password="+password, body)
					require.NoError(t, err)
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
					r.Header.Set("Password", password)
					r.Header.Set("Cookie", "password="+password)
					send(r, nil)
				}
				send(http.NewRequest(http.MethodGet, url0+"/compare", nil))
				require.Equal(t, want, cloned)
				if immutable && name != "Bind" {
					require.Zero(t, wrong)
				} else {
					require.NotZero(t, wrong, "texts are not overwritten any more")
				}
				t.Logf("%d of %d kept texts were overwritten", wrong, len(want))
			})
		}
	}
}
