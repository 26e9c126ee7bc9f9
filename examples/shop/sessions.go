package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// sessionTable keeps sessions in the database, so that carts survive a
// restart. It holds hashes of the cookies, as the manager is told to.
type sessionTable struct {
	db  *database
	now func() time.Time
}

var _ scs.CtxStore = sessionTable{}

// newSessions makes the session manager. NIST SP 800-63B-4, 2.1.3 ends a
// session after 30 days at the latest.
func newSessions(t sessionTable, secure bool, failed func(error)) *scs.SessionManager {
	m := scs.New()
	m.Store, m.HashTokenInStore, m.Lifetime = t, true, 30*24*time.Hour
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		failed(err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite = "shop-session", true, http.SameSiteLaxMode
	if secure {
		m.Cookie.Name, m.Cookie.Secure = "__Host-shop-session", true
	}
	return m
}

func (t sessionTable) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = t.db.QueryRowContext(ctx, "SELECT data FROM sessions WHERE token = ? AND expiry > ?", token, t.now().UnixMicro()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
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

// prune deletes the sessions that are over.
func (t sessionTable) prune(ctx context.Context) error {
	_, err := t.db.ExecContext(ctx, "DELETE FROM sessions WHERE expiry <= ?", t.now().UnixMicro())
	return err
}

// The manager calls the methods with a context; these are for completeness.

func (t sessionTable) Find(token string) ([]byte, bool, error) {
	return t.FindCtx(context.Background(), token)
}

func (t sessionTable) Commit(token string, data []byte, expiry time.Time) error {
	return t.CommitCtx(context.Background(), token, data, expiry)
}

func (t sessionTable) Delete(token string) error {
	return t.DeleteCtx(context.Background(), token)
}
