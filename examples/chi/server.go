package main

import (
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/tillkey/tillkey/rotate/web"
)

//go:embed static
var files embed.FS

const (
	maxBody = 64 << 10
	// contentPolicy lets pages hold the shop's own style and pictures, and forms
	// that stay in the shop: no scripts at all.
	contentPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

// handler is the whole shop. From outside to inside: log, headers, bounds,
// protection against forged requests, the session, the gate, the pages.
func (s *shop) handler() http.Handler {
	r := chi.NewRouter()
	r.Use(s.accessLog, headers, middleware.RequestSize(maxBody), http.NewCrossOriginProtection().Handler,
		s.sessions.LoadAndSave, s.gate.Wrap, s.recover)
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	r.Handle("/static/*", http.StripPrefix("/static/", http.FileServerFS(static)))
	r.Handle("/.well-known/*", web.WellKnown("/account/password"))
	r.NotFound(s.notFound)

	r.Get("/", s.home)
	r.Get("/products/{id}", s.product)
	r.Get("/cart", s.showCart)
	r.Post("/cart", s.addToCart)
	r.Post("/checkout", s.checkout)
	r.Get("/outbox", s.outboxPage)
	for path, page := range map[string]string{"/signup": "signup", "/login": "login", "/forgot": "forgot"} {
		r.Get(path, s.form(page))
	}
	s.authRoutes(r)
	r.Group(func(r chi.Router) {
		r.Use(s.gate.SignedIn)
		r.Get("/account", s.account)
		r.Post("/account/card", s.changeCard)
		for path, page := range map[string]string{"password": "password", "confirm": "stepup", "second-factor": "factor"} {
			r.Get("/account/"+path, s.form(page))
		}
	})
	r.Group(func(r chi.Router) {
		r.Use(s.gate.Fresh(0))
		r.Get("/checkout/card", s.cardPage)
		r.Post("/checkout/card", s.payByCard)
	})
	r.Route("/admin", func(r chi.Router) {
		r.Use(s.gate.SignedIn, s.staffOnly, s.gate.Fresh(0))
		r.Get("/", s.admin)
		r.Post("/orders", s.order)
		r.Post("/orders/{id}/withdraw", s.withdraw)
	})
	return r
}

// accessLog writes a line for each request, without its query and body.
func (s *shop) accessLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(seen, r)
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method),
			slog.String("path", r.URL.Path[:min(len(r.URL.Path), 100)]), slog.Int("status", seen.Status()), slog.Duration("took", time.Since(began)))
	})
}

// headers keep pages out of caches, as some hold a ticket, a key or codes, and
// foreign contents out of pages.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// recover answers where a page panicked. What it said is not logged, as it may
// quote the request.
func (s *shop) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				s.Log.Error("a page panicked", "path", r.URL.Path)
				s.show(w, r, "error", web.Answer{Status: http.StatusInternalServerError, Code: "fault"}, nil)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func (s *shop) notFound(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, "error", web.Answer{Status: http.StatusNotFound, Code: "not_found"}, nil)
}

// fail answers an error for which no form has a place.
func (s *shop) fail(w http.ResponseWriter, r *http.Request, err error) {
	a := web.Failure(err)
	if a.Status >= http.StatusInternalServerError {
		s.Log.Error("request", "error", err)
	}
	s.show(w, r, "error", a, nil)
}
