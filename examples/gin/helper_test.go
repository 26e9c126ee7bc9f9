package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// newDatabase makes a schema of its own and returns the URL that leads there.
func newDatabase(t *testing.T) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("TEST_POSTGRES is not set")
		}
		t.Skip("set TEST_POSTGRES to the URL of a PostgreSQL database to run this test")
	}
	db, err := sql.Open("pgx", server)
	require.NoError(t, err)
	schema := "gin_" + strings.ToLower(rand.Text())
	_, err = db.Exec("CREATE SCHEMA " + schema)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.Exec("DROP SCHEMA " + schema + " CASCADE")
		require.NoError(t, err)
		require.NoError(t, db.Close())
	})
	u, err := url.Parse(server)
	require.NoError(t, err)
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// logs is a log that may be read while it is written.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// stage is a running shop with a clock that stands still until it is moved.
type stage struct {
	t      *testing.T
	config config
	shop   *shop
	server *httptest.Server
	clock  *tilltest.Clock
	logs   *logs
}

const breached = "correct horse battery staple"

// newStages starts n instances on one new database. Their hashes cost little.
func newStages(t *testing.T, n int) (list []*stage) {
	t.Helper()
	db, keys := newDatabase(t), filepath.Join(t.TempDir(), "shop.keys")
	cheap, err := hash.New(hash.Config{Params: hash.Params{Memory: 512, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	for range n {
		g := &stage{t: t, clock: tilltest.NewClock(time.Now()), logs: &logs{}}
		g.config = config{
			DB: db, Keys: keys, Log: slog.New(slog.NewTextHandler(g.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
			Now: g.clock.Now, Hasher: cheap, Breach: []policy.List{policy.NewList(breached)},
			// A clock that stands still earns no tries.
			Sources: rotate.SourceLimit{Burst: 100_000},
		}
		g.open()
		g.server = httptest.NewServer(g.shop.handler())
		t.Cleanup(func() {
			g.server.Close()
			require.NoError(t, g.shop.close())
		})
		list = append(list, g)
	}
	return list
}

func (g *stage) open() {
	g.t.Helper()
	var err error
	g.shop, err = open(context.Background(), g.config)
	require.NoError(g.t, err)
}

// hooks are what a suite may do behind the pages.
func (g *stage) hooks() shopspec.Hooks {
	return shopspec.Hooks{
		Seed: g.seed, StoredHash: g.storedHash, Mail: g.mails,
		Logs: func(context.Context) (string, error) { return g.logs.String(), nil },
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
			g.clock.Advance(d)
			return g.clock.Now(), nil
		},
		Restart: func(context.Context) error {
			old := g.shop
			g.open()
			g.server.Config.Handler = g.shop.handler()
			return old.close()
		},
	}
}

// seed adds a customer of the time before; a password is stored as the shop
// stores those that are chosen now.
func (g *stage) seed(ctx context.Context, a shopspec.Account) (id string, err error) {
	encoded := a.Encoded
	if encoded == "" {
		encoded, err = g.config.Hasher.Hash(ctx, a.Password)
	} else if _, wrong := hash.Inspect(encoded); wrong != nil {
		err = fmt.Errorf("%w: %w", shopspec.ErrUnsupported, wrong)
	}
	if err != nil {
		return "", err
	}
	now := g.clock.Now()
	c := customer{Email: foldEmail(a.Email), Staff: a.Staff, PasswordHash: encoded, CreatedAt: a.Created, ConfirmedAt: &now, PasswordSetAt: &a.Changed}
	if c.CreatedAt.IsZero() {
		c.CreatedAt = now
	}
	if a.Changed.IsZero() {
		c.PasswordSetAt = &now
	}
	err = g.shop.db.WithContext(ctx).Create(&c).Error
	return c.account(), err
}

// storedHash is what the Store holds, opened, or the shop's own column.
func (g *stage) storedHash(ctx context.Context, email string) (stored string, err error) {
	c, err := g.shop.row(ctx, "email = ?", foldEmail(email))
	if err != nil {
		return "", err
	}
	stored = c.PasswordHash
	err = g.shop.keeper.Export(ctx, rotate.Query{Account: c.account()}, func(_, encoded string) error {
		stored = encoded
		return nil
	})
	return stored, err
}

func (g *stage) mails(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	if _, err := g.shop.keeper.Deliver(ctx); err != nil {
		return nil, err
	}
	for _, l := range g.shop.mail.sent(foldEmail(address)) {
		list = append(list, shopspec.Mail{Subject: l.Subject, Text: l.Text, At: g.clock.Now()})
	}
	return list, nil
}
