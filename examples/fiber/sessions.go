package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/extractors"
	"github.com/gofiber/fiber/v3/middleware/session"
)

// sessionFor is how long a session lives without a visit.
const sessionFor = 12 * time.Hour

// newSessions is fiber's session middleware on the shop's database. A guest who
// only looks around gets no session.
func (s *shop) newSessions() fiber.Handler {
	name := "session"
	if s.https {
		name = "__Host-session"
	}
	return session.New(session.Config{
		Storage:        sessionTable{s.database},
		Extractor:      extractors.FromCookie(name),
		IdleTimeout:    sessionFor,
		CookiePath:     "/",
		CookieHTTPOnly: true,
		CookieSecure:   s.https,
		CookieSameSite: fiber.CookieSameSiteLaxMode,
		Next: func(c fiber.Ctx) bool {
			return c.Method() == fiber.MethodGet && c.Cookies(name) == "" || c.Path() == "/style.css"
		},
		ErrorHandler: func(c fiber.Ctx, err error) { _ = s.failed(c, err) },
	})
}

// signInKey and cartKey are what a session holds.
const (
	signInKey = "tillkey"
	cartKey   = "cart"
)

// sessionText, setSessionText and renewSession are what the gate asks of the
// session store.
func sessionText(r *http.Request) (string, error) { return sessionValue(r.Context(), signInKey), nil }

func setSessionText(_ http.ResponseWriter, r *http.Request, text string) error {
	setSessionValue(r.Context(), signInKey, text)
	return nil
}

func renewSession(_ http.ResponseWriter, r *http.Request) error {
	return session.FromContext(r.Context()).Regenerate()
}

// sessionValue is a text of the session, "" where there is none.
func sessionValue(ctx context.Context, key string) string {
	s := session.FromContext(ctx)
	if s == nil {
		return ""
	}
	text, _ := s.Get(key).(string)
	return text
}

// setSessionValue keeps a text; "" removes it. The middleware writes it down at
// the end of the request, before fiber uses its memory again.
func setSessionValue(ctx context.Context, key, text string) {
	s := session.FromContext(ctx)
	if text == "" {
		s.Delete(key)
		return
	}
	s.Set(key, text)
}

// sessionTable is a fiber.Storage. Ids are stored as sums, so that who reads the
// table is not signed in by it.
//
// The middleware writes every session back at the end of every request, also one
// that a faster request has renewed or ended meanwhile. So an id that was
// deleted stays so, or the old id would be signed in again.
type sessionTable struct{ db *sql.DB }

var _ fiber.Storage = sessionTable{}

const sessionSchema = `CREATE TABLE IF NOT EXISTS sessions (
	sum        BLOB PRIMARY KEY,
	data       BLOB, -- NULL where it was deleted
	expires_at INTEGER NOT NULL
)`

func sum(id string) []byte {
	s := sha256.Sum256([]byte(id))
	return s[:]
}

func (t sessionTable) GetWithContext(ctx context.Context, id string) (data []byte, err error) {
	err = t.db.QueryRowContext(ctx, "SELECT data FROM sessions WHERE sum = ? AND expires_at > ?", sum(id), time.Now().Unix()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return data, err
}

func (t sessionTable) SetWithContext(ctx context.Context, id string, data []byte, life time.Duration) error {
	_, err := t.db.ExecContext(ctx, `INSERT INTO sessions (sum, data, expires_at) VALUES (?, ?, ?)
		ON CONFLICT (sum) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at WHERE data IS NOT NULL`,
		sum(id), data, time.Now().Add(life).Unix())
	return err
}

func (t sessionTable) DeleteWithContext(ctx context.Context, id string) error {
	_, err := t.db.ExecContext(ctx, `INSERT INTO sessions (sum, data, expires_at) VALUES (?, NULL, ?)
		ON CONFLICT (sum) DO UPDATE SET data = NULL`, sum(id), time.Now().Add(sessionFor).Unix())
	return err
}

func (t sessionTable) ResetWithContext(ctx context.Context) error {
	_, err := t.db.ExecContext(ctx, "UPDATE sessions SET data = NULL")
	return err
}

// prune forgets sessions that are over.
func (t sessionTable) prune(ctx context.Context) error {
	_, err := t.db.ExecContext(ctx, "DELETE FROM sessions WHERE expires_at <= ?", time.Now().Unix())
	return err
}

func (t sessionTable) Get(id string) ([]byte, error) {
	return t.GetWithContext(context.Background(), id)
}
func (t sessionTable) Set(id string, data []byte, life time.Duration) error {
	return t.SetWithContext(context.Background(), id, data, life)
}
func (t sessionTable) Delete(id string) error { return t.DeleteWithContext(context.Background(), id) }
func (t sessionTable) Reset() error           { return t.ResetWithContext(context.Background()) }
func (t sessionTable) Close() error           { return nil }
