package main

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/recover"
	"github.com/tillkey/tillkey/rotate/web"
)

const (
	maxBody = 64 << 10
	// policyHeader lets pages hold the shop's own style and pictures, and forms
	// that stay in the shop: nothing inline.
	policyHeader = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

// app is the whole shop. From outside to inside: log, headers, the session,
// protection against forged requests, the gate, the pages.
func (s *shop) app() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: brand, ErrorHandler: s.failed,
		BodyLimit: maxBody, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
		// The session, which the middleware keeps in the Locals, is in the context of
		// the edge, too. Immutable stays off, as it is by default.
		PassLocalsToContext: true,
	})
	app.Use(s.logged, s.headers, recover.New(), s.newSessions(), s.edges)
	app.Use(before(http.NewCrossOriginProtection().Handler), before(s.gate.Wrap))
	s.storefront(app)
	s.authPages(app)
	s.hooks(app)
	return app
}

// openPaths are those on which the gate stops nobody.
func openPaths() []string {
	return []string{"/style.css", "/checkout", "/signup", "/confirm", "/forgot", "/reset", "/mail"}
}

func (s *shop) storefront(app *fiber.App) {
	app.Get("/", s.home)
	app.Get("/style.css", style)
	app.Get("/cart", s.cart)
	app.Post("/cart", s.addToCart)
	app.Get("/checkout", s.checkout)
	app.Post("/checkout", s.checkout)
	fresh := before(s.gate.Fresh(0))
	app.Get("/checkout/card", fresh, s.card)
	app.Post("/checkout/card", fresh, s.card)
	app.Get("/mail", s.outbox)
	app.Get("/.well-known/*", before(func(http.Handler) http.Handler { return web.WellKnown("/account/password") }))
}

func (s *shop) authPages(app *fiber.App) {
	app.Get("/signup", s.form("signup"))
	app.Post("/signup", s.signUp)
	app.Get("/confirm", s.form("confirm"))
	app.Post("/confirm", s.confirm)
	app.Get("/login", s.form("login"))
	app.Post("/login", s.login)
	app.Post("/login/step", s.loginStep)
	app.Post("/logout", s.signOut)
	app.Get("/forgot", s.form("forgot"))
	app.Post("/forgot", s.forgot)
	app.Get("/reset", s.resetForm)
	app.Post("/reset", s.reset)

	signedIn := before(s.gate.SignedIn)
	app.Get("/account", signedIn, s.account)
	app.Post("/account/notes", signedIn, s.notes)
	app.Get("/account/password", signedIn, s.form("password"))
	app.Post("/account/password", signedIn, s.does("password", s.keeper.Change))
	app.Get("/account/confirm", signedIn, s.form("stepup"))
	app.Post("/account/confirm", signedIn, s.does("stepup", s.keeper.StepUp))
	app.Get("/account/second-factor", signedIn, s.form("factor"))
	app.Post("/account/second-factor/remove", signedIn, s.does("factor", s.keeper.Unenroll))
	// These two take a ticket in place of a session, at a sign-in.
	app.Post("/account/second-factor", s.enroll)
	app.Post("/account/second-factor/confirm", s.confirmFactor)

	admin := app.Group("/admin", signedIn, s.staffOnly, before(s.gate.Fresh(0)))
	admin.Get("/", s.adminCustomers)
	admin.Get("/orders", s.adminOrders)
	admin.Get("/orders/new", s.orderForm)
	admin.Post("/orders", s.order)
	admin.Post("/orders/:id/withdraw", s.withdraw)
	admin.Get("/audit", s.adminAudit)
}

// headers are those of every answer.
func (s *shop) headers(c fiber.Ctx) error {
	c.Set("Content-Security-Policy", policyHeader)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	if s.https {
		c.Set("Strict-Transport-Security", "max-age=31536000")
	}
	err := c.Next()
	if c.GetRespHeader("Cache-Control") == "" {
		c.Set("Cache-Control", "no-store")
	}
	return err
}

// logged writes a line that holds no query, no address and no name. slog has
// written it when it returns, so nothing of the request is kept.
func (s *shop) logged(c fiber.Ctx) error {
	began := time.Now()
	if err := c.Next(); err != nil {
		_ = s.failed(c, err) // it writes the answer, so that its status is known here
	}
	level, status := slog.LevelInfo, c.Response().StatusCode()
	if status >= fiber.StatusInternalServerError {
		level = slog.LevelError
	}
	s.log.Log(c.Context(), level, "request", "method", c.Method(), "path", clip(c.Path(), 100), "status", status,
		"took", time.Since(began).Round(time.Millisecond))
	return nil
}

// failed answers an error that no handler answered: fiber's own by its status,
// those of the Keeper and of stores by that of web.Failure, 503 where one is down.
func (s *shop) failed(c fiber.Ctx, err error) error {
	a := web.Failure(err)
	var known *fiber.Error
	if errors.As(err, &known) {
		a = web.Answer{Status: known.Code}
	}
	if a.Status >= fiber.StatusInternalServerError {
		s.log.Error("request", "error", err)
	}
	return s.show(c, "error", a, http.StatusText(a.Status))
}

func (s *shop) gateFailed(_ *http.Request, err error) { s.log.Error("gate", "error", err) }

// leadOn goes on to another page, unless there is an error.
func leadOn(c fiber.Ctx, to string, err error) error {
	if err != nil {
		return err
	}
	return c.Redirect().Status(fiber.StatusSeeOther).To(to)
}

// next is where the visitor wanted to go, the account page if nowhere.
func next(c fiber.Ctx) string {
	if to := web.SafeNext(c.FormValue("next")); to != "/" {
		return to
	}
	return "/account"
}

// seconds writes a wait for Retry-After, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
