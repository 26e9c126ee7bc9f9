package sqltest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// TestStalledConnection swallows all that goes over in the middle of a
// transaction, so that neither side is told that the other is gone. The call ends
// with an error after Config.Timeout and holds no connection. PostgreSQL gives
// the lock free by itself, MariaDB when it is told that the connection ended.
func TestStalledConnection(t *testing.T) {
	eachRemote(t, func(t *testing.T, server server) {
		direct, p := server.fresh(t)
		ctx := t.Context()
		require.NoError(t, direct.Insert(ctx, rotate.Credential{Account: "a"}, nil))
		x, dsn := newProxy(t, p, seeded(t))
		db := silent(t, p, dsn)
		defer db.Close()
		s, err := sqlstore.New(db, sqlstore.Config{Dialect: p.dialect, Timeout: 300 * time.Millisecond})
		require.NoError(t, err)
		require.Error(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			x.stall()
			c.PasswordGuesses.Total = 100
			return nil, nil
		}))
		require.Zero(t, db.Stats().InUse)
		if p.dialect == sqlstore.MariaDB {
			x.close()
		}
		require.NoError(t, direct.Update(ctx, "a", guess), "nobody waits for the lock of one that is gone")
		c, err := direct.Load(ctx, "a")
		require.NoError(t, err)
		require.Equal(t, 1, c.PasswordGuesses.Total)
	})
}
