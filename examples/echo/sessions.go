package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// newSessions makes the session manager. It keeps hashes of the cookies in the
// database, so that carts survive a restart, and ends a session after 30 days
// (NIST SP 800-63B-4, 2.1.3).
func (s *shop) newSessions(https bool) *scs.SessionManager {
	m := scs.New()
	m.Store, m.HashTokenInStore, m.Lifetime = sessionTable{s.db, s.now}, true, 30*24*time.Hour
	m.Cookie.Name = "session" // HttpOnly and SameSite=Lax are the manager's own defaults
	if https {
		m.Cookie.Name, m.Cookie.Secure = "__Host-session", true
	}
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		s.log.Error("sessions", "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
	return m
}

// signInKey is where the session holds the sign-in, apart from the cart.
const signInKey = "tillkey"

func (s *shop) signInText(r *http.Request) (string, error) {
	return s.sessions.GetString(r.Context(), signInKey), nil
}

func (s *shop) keepSignInText(_ http.ResponseWriter, r *http.Request, text string) error {
	s.sessions.Put(r.Context(), signInKey, text)
	return nil
}

func (s *shop) renewSession(_ http.ResponseWriter, r *http.Request) error {
	return s.sessions.RenewToken(r.Context())
}

func (s *shop) forgetSessions(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE expiry <= ?", s.now().UnixMicro())
	return err
}

// sessionTable is the store of the session manager.
type sessionTable struct {
	db  *sql.DB
	now func() time.Time
}

var _ scs.CtxStore = sessionTable{}

func (t sessionTable) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	row := t.db.QueryRowContext(ctx, "SELECT data FROM sessions WHERE token = ? AND expiry > ?", token, t.now().UnixMicro())
	if err = row.Scan(&data); errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

func (t sessionTable) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := t.db.ExecContext(ctx, `INSERT INTO sessions (token, data, expiry) VALUES (?, ?, ?)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`, token, data, expiry.UnixMicro())
	return err
}

func (t sessionTable) DeleteCtx(ctx context.Context, token string) error {
	_, err := t.db.ExecContext(ctx, "DELETE FROM sessions WHERE token = ?", token)
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
