package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// newSessions makes the session manager. It keeps hashes of the cookies in the
// database, so that any instance serves any visitor, and ends a session after 30
// days (NIST SP 800-63B-4, 2.1.3).
func (s *shop) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store, m.HashTokenInStore, m.Lifetime = sessionTable{s.pool, s.Now}, true, 30*24*time.Hour
	m.Cookie.Name = "session" // HttpOnly and SameSite=Lax are the manager's own defaults
	if s.HTTPS {
		m.Cookie.Name, m.Cookie.Secure = "__Host-session", true
	}
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		s.Log.Error("sessions", "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
	return m
}

func (s *shop) forgetSessions(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, "DELETE FROM sessions WHERE expiry <= $1", s.Now())
	return err
}

// sessionTable is the store of the session manager.
type sessionTable struct {
	pool *pgxpool.Pool
	now  func() time.Time
}

var _ scs.CtxStore = sessionTable{}

func (t sessionTable) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	row := t.pool.QueryRow(ctx, "SELECT data FROM sessions WHERE token = $1 AND expiry > $2", token, t.now())
	if err = row.Scan(&data); errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func (t sessionTable) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := t.pool.Exec(ctx, `INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`, token, data, expiry)
	return err
}

func (t sessionTable) DeleteCtx(ctx context.Context, token string) error {
	_, err := t.pool.Exec(ctx, "DELETE FROM sessions WHERE token = $1", token)
	return err
}

// The manager calls the methods with a context; these complete its interface.

func (t sessionTable) Find(token string) ([]byte, bool, error) {
	return t.FindCtx(context.Background(), token)
}

func (t sessionTable) Commit(token string, data []byte, expiry time.Time) error {
	return t.CommitCtx(context.Background(), token, data, expiry)
}

func (t sessionTable) Delete(token string) error { return t.DeleteCtx(context.Background(), token) }
