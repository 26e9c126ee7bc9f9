package kettle

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tillkey/tillkey/rotate/web"
)

// Handler is the whole shop. From outside to inside: headers and log, protection
// against forged requests, the session, the gate, the pages.
func (s *Shop) Handler() http.Handler {
	mux := http.NewServeMux()
	s.storefront(mux)
	s.authPages(mux)
	s.accountPages(mux)
	s.adminPages(mux)
	s.clockPage(mux)

	inner := s.withSession(s.gate.Wrap(mux))
	forgery := http.NewCrossOriginProtection()
	forgery.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, s.speak(w, r).say("This form was sent from another site."), http.StatusForbidden)
	}))
	// These need no session, and so no database.
	all := http.NewServeMux()
	all.HandleFunc("POST /preview", s.preview)
	all.HandleFunc("POST /suggest", s.suggest)
	all.Handle("GET /static/", staticFiles())
	all.Handle("/.well-known/", web.WellKnown("/account/password"))
	all.Handle("/", inner)
	return s.outer(forgery.Handler(all))
}

func (s *Shop) storefront(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /products/{id}", s.productPage)
	mux.HandleFunc("GET /cart", s.cartPage)
	mux.HandleFunc("POST /cart", s.changeCart)
	mux.HandleFunc("GET /checkout", s.checkout)
	mux.HandleFunc("POST /checkout", s.checkout)
	card := s.gate.Fresh(0)(http.HandlerFunc(s.payByCard))
	mux.Handle("GET /checkout/card", card)
	mux.Handle("POST /checkout/card", card)
	mux.HandleFunc("GET /outbox", s.outbox)
	mux.HandleFunc("/", s.notFound)
}

// staticFiles serves the style, the scripts and the drawings, which may be cached.
func staticFiles() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=300")
		http.ServeFileFS(w, r, files, r.URL.Path[1:])
	})
}

const (
	maxBody = 64 << 10
	// policyHeader lets pages hold the shop's own style, drawings and scripts
	// from files, and forms that stay in the shop: nothing inline.
	policyHeader = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

// outer is what every request passes: bounds, of time too, headers, and a line
// in the log that holds no query, no address and no name.
func (s *Shop) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), 2*s.config.patience)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		h := w.Header()
		h.Set("Content-Security-Policy", policyHeader)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		seen := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		level := slog.LevelInfo
		if seen.status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		s.log.Log(r.Context(), level, "request", "method", r.Method, "path", clip(r.URL.Path, 100), "status", seen.status, "took", time.Since(began).Round(time.Millisecond))
	})
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the writer inside.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// seconds writes a wait for Retry-After, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
