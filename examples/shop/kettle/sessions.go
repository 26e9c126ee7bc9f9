package kettle

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
	// wait is how long a session is waited for: not long, since a page that
	// anybody may see is shown without it.
	wait time.Duration
}

var _ scs.CtxStore = sessionTable{}

// newSessions makes the session manager. NIST SP 800-63B-4, 2.1.3 ends a
// session after 30 days at the latest.
func newSessions(t sessionTable, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store, m.HashTokenInStore, m.Lifetime = t, true, 30*24*time.Hour
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite = "shop-session", true, http.SameSiteLaxMode
	if secure {
		m.Cookie.Name, m.Cookie.Secure = "__Host-shop-session", true
	}
	return m
}

func (t sessionTable) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, t.wait)
	defer cancel()
	err = t.db.QueryRowContext(ctx, "SELECT data FROM sessions WHERE token = $1 AND expiry > $2", token, t.now().UnixMicro()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx saves a session, and in the same transaction deletes the one it takes
// the place of: a cart is under the old token or under the new one.
func (t sessionTable) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if old, ok := ctx.Value(retiredKey{}).(*retired); ok {
		for _, token := range old.tokens {
			if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE token = $1", token); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO sessions (token, data, expiry) VALUES ($1, $2, $3)
		ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry`, token, data, expiry.UnixMicro())
	if err != nil {
		return err
	}
	return tx.Commit()
}

// DeleteCtx leaves the deletion to CommitCtx where one follows, as in a request.
func (t sessionTable) DeleteCtx(ctx context.Context, token string) error {
	if old, ok := ctx.Value(retiredKey{}).(*retired); ok {
		old.tokens = append(old.tokens, token)
		return nil
	}
	_, err := t.db.ExecContext(ctx, "DELETE FROM sessions WHERE token = $1", token)
	return err
}

// retired are the tokens that a request has renewed, such as by a sign-in.
type retired struct{ tokens []string }

type retiredKey struct{}

// retiring is the context of a request that may renew its token.
func retiring(ctx context.Context) context.Context {
	return context.WithValue(ctx, retiredKey{}, &retired{})
}

// prune deletes the sessions that are over.
func (t sessionTable) prune(ctx context.Context) error {
	_, err := t.db.ExecContext(ctx, "DELETE FROM sessions WHERE expiry <= $1", t.now().UnixMicro())
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
