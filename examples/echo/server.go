package main

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/tillkey/tillkey/rotate/web"
)

const (
	maxBody = 64 << 10
	// contentPolicy lets pages hold the shop's own style and pictures, and forms
	// that stay in the shop: no scripts at all.
	contentPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

// handler is the whole shop. From outside to inside: log, headers, protection
// against forged requests, the session, the gate, errors, bounds, the pages.
func (s *shop) handler() (http.Handler, error) {
	renderer, err := parsePages()
	if err != nil {
		return nil, err
	}
	e := echo.NewWithConfig(echo.Config{Logger: s.log, Renderer: renderer})
	e.Use(
		middleware.RequestLoggerWithConfig(s.accessLog()),
		middleware.SecureWithConfig(middleware.SecureConfig{
			ContentTypeNosniff: "nosniff", ReferrerPolicy: "same-origin", ContentSecurityPolicy: contentPolicy, HSTSMaxAge: 365 * 24 * 60 * 60,
		}),
		noStore,
		echo.WrapMiddleware(http.NewCrossOriginProtection().Handler),
		echo.WrapMiddleware(s.sessions.LoadAndSave),
		echo.WrapMiddleware(s.gate.Wrap),
		s.answerErrors,
		middleware.Recover(),
		middleware.BodyLimit(maxBody),
	)
	s.routes(e)
	return e, s.hooks(e)
}

// routes are all pages of the shop.
func (s *shop) routes(e *echo.Echo) {
	signedIn, fresh := echo.WrapMiddleware(s.gate.SignedIn), echo.WrapMiddleware(s.gate.Fresh(0))

	e.GET("/", s.home)
	e.GET("/products/:id", s.product)
	e.GET("/cart", s.showCart)
	e.POST("/cart", s.addToCart)
	e.POST("/checkout", s.checkout)
	e.GET("/checkout/card", s.cardPage, fresh)
	e.POST("/checkout/card", s.payByCard, fresh)
	e.GET("/outbox", s.outboxPage)
	e.StaticFS("/static", echo.MustSubFS(files, "static"))
	e.GET("/.well-known/*", echo.WrapHandler(web.WellKnown("/account/password")))

	e.GET("/signup", s.form("signup"))
	e.POST("/signup", s.signUp)
	e.GET("/login", s.form("login"))
	e.POST("/login", s.ask("login", s.signIn))
	e.POST("/login/code", s.ask("need_code", s.gate.Continue))
	e.POST("/login/password", s.ask("need_new_password", s.gate.Continue))
	e.POST("/logout", s.signOut)
	e.GET("/forgot", s.form("forgot"))
	e.POST("/forgot", s.forgot)
	e.GET("/reset", s.ask("reset", s.gate.Reset)) // what the ticket needs
	e.POST("/reset", s.ask("reset", s.gate.Reset))

	e.GET("/account", s.account, signedIn)
	e.POST("/account/card", s.changeCard, signedIn)
	e.GET("/account/password", s.form("password"), signedIn)
	e.POST("/account/password", s.ask("password", s.gate.Change), signedIn)
	e.GET("/account/confirm", s.form("stepup"), signedIn)
	e.POST("/account/confirm", s.ask("stepup", s.gate.StepUp), signedIn)
	e.GET("/account/second-factor", s.form("factor"), signedIn)
	e.POST("/account/second-factor/remove", s.ask("factor", s.gate.Unenroll), signedIn)
	// At the first sign-in of staff, a ticket stands for the session.
	e.POST("/account/second-factor", s.enroll)
	e.POST("/account/second-factor/confirm", s.confirmFactor)

	staff := e.Group("/admin", signedIn, s.staffOnly, fresh)
	staff.GET("", s.admin)
	staff.POST("/orders", s.order)
	staff.POST("/orders/:id/withdraw", s.withdraw)
}

// accessLog writes a line for each request, without its query and body.
func (s *shop) accessLog() middleware.RequestLoggerConfig {
	return middleware.RequestLoggerConfig{
		LogMethod: true, LogURIPath: true, LogStatus: true, LogLatency: true,
		LogValuesFunc: func(c *echo.Context, v middleware.RequestLoggerValues) error {
			s.log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
				slog.String("method", v.Method), slog.String("path", v.URIPath), slog.Int("status", v.Status), slog.Duration("took", v.Latency))
			return nil
		},
	}
}

// noStore keeps pages out of caches: some hold a ticket, a key or codes.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// answerErrors answers errors of the pages while the session is still open: echo's own
// error handler comes after the session manager has saved it.
func (s *shop) answerErrors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		if err := next(c); err != nil {
			s.fail(c, err)
		}
		return nil
	}
}

// fail answers an error for which no form has a place.
func (s *shop) fail(c *echo.Context, err error) {
	if r, unwrapErr := echo.UnwrapResponse(c.Response()); unwrapErr == nil && r.Committed {
		return
	}
	a := web.Failure(err)
	var panicked *middleware.PanicStackError
	switch status := echo.StatusCode(err); {
	case status != 0: // of echo itself, as for a path that is not there
		a = web.Answer{Status: status}
	case errors.As(err, &panicked):
		a = web.Answer{Status: http.StatusInternalServerError}
	}
	if a.Status >= http.StatusInternalServerError {
		s.log.Error("request", "error", err)
	}
	if err := s.show(c, "error", a, http.StatusText(a.Status)); err != nil {
		s.log.Error("page", "error", err)
	}
}
