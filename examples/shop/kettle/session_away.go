package kettle

import (
	"context"
	"net/http"
	"strings"

	"github.com/alexedwards/scs/v2"
)

// withSession reads the visitor's session, and saves what has changed before the
// answer begins.
//
// Where it cannot be read, a page that anybody may see is shown as to a guest,
// and nothing is saved: neither the cart nor the sign-in is replaced by an empty
// one. Every other request is refused until the database is back.
func (s *Shop) withSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(retiring(r.Context()), token)
		if err != nil {
			if r = s.withoutSession(r); !browsing(r) {
				s.fail(w, r, err)
				return
			}
			s.log.Error("sessions", "error", err)
			next.ServeHTTP(w, r)
			return
		}
		r = r.WithContext(ctx)
		saving := &sessionWriter{ResponseWriter: w, save: func() bool { return s.saveSession(w, r) }}
		next.ServeHTTP(saving, r)
		saving.once()
	})
}

// browsing tells requests that change nothing and show nothing of a customer.
func browsing(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	switch r.URL.Path {
	case "/", "/cart", "/login", "/signup", "/forgot", "/outbox":
		return true
	}
	return strings.HasPrefix(r.URL.Path, "/products/")
}

type awayKey struct{}

// withoutSession gives a request an empty session that is never saved.
func (s *Shop) withoutSession(r *http.Request) *http.Request {
	ctx, _ := s.sessions.Load(r.Context(), "") // without a token nobody is asked, so nothing fails
	return r.WithContext(context.WithValue(ctx, awayKey{}, true))
}

// away tells whether the session of a request could not be read.
func away(r *http.Request) bool { return r.Context().Value(awayKey{}) != nil }

// saveSession saves a session that was changed and sends its cookie. Where that
// fails, it answers so.
func (s *Shop) saveSession(w http.ResponseWriter, r *http.Request) bool {
	ctx := r.Context()
	if s.sessions.Status(ctx) != scs.Modified { // nobody destroys one here
		return true
	}
	token, expiry, err := s.sessions.Commit(ctx)
	if err != nil {
		for _, name := range []string{"Location", "Content-Type", "Content-Length"} {
			w.Header().Del(name)
		}
		s.reply(w, s.withoutSession(r), s.failure(w, err))
		return false
	}
	s.sessions.WriteSessionCookie(ctx, w, token, expiry)
	return true
}

// sessionWriter saves the session before the first byte of an answer. If that
// fails, the visitor gets the failure in place of the answer.
type sessionWriter struct {
	http.ResponseWriter
	save         func() bool
	done, failed bool
}

func (w *sessionWriter) once() {
	if !w.done {
		w.done = true
		w.failed = !w.save()
	}
}

func (w *sessionWriter) WriteHeader(status int) {
	if w.once(); !w.failed {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *sessionWriter) Write(b []byte) (int, error) {
	if w.once(); w.failed {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}
