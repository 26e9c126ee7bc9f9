package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// cheap makes hashes that take a fraction of the time. All instances of a test
// share it, as it holds the memory budget.
func cheap(t *testing.T) *hash.Hasher {
	t.Helper()
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 512, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return h
}

// instance is one instance of the shop, on a real listener.
type instance struct {
	t      *testing.T
	config config
	clock  *tilltest.Clock
	addr   string
	logs   *lockedBuffer
	shop   *shop
	stop   func()
}

// openInstances starts n instances on one new database.
func openInstances(t *testing.T, n int) []*instance {
	t.Helper()
	data, keys, hasher := t.TempDir(), t.TempDir(), cheap(t)
	var list []*instance
	for range n {
		i := &instance{t: t, clock: tilltest.NewClock(time.Now()), addr: "127.0.0.1:0", logs: &lockedBuffer{}}
		i.config = config{
			db: filepath.Join(data, "shop.db"), keys: filepath.Join(keys, "shop.keys"),
			log: slog.New(slog.NewTextHandler(i.logs, &slog.HandlerOptions{Level: slog.LevelDebug})), now: i.clock.Now, hasher: hasher,
		}
		i.start()
		t.Cleanup(func() { i.stop() })
		list = append(list, i)
	}
	return list
}

// start opens the shop and serves it, at the address it had before if there was
// one.
func (i *instance) start() {
	i.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	i.shop, err = open(ctx, i.config)
	require.NoError(i.t, err)
	h, err := i.shop.handler()
	require.NoError(i.t, err)
	listening, over := make(chan string, 1), make(chan error, 1)
	start := serverConfig(i.addr)
	start.ListenerAddrFunc = func(at net.Addr) { listening <- at.String() }
	go func() { over <- start.Start(ctx, h) }()
	select {
	case i.addr = <-listening:
	case err := <-over:
		require.NoError(i.t, err)
	}
	i.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(i.t, <-over)
		require.NoError(i.t, i.shop.close())
	})
}

func (i *instance) url() string { return "http://" + i.addr }

// hooks are what a suite may do behind the pages.
func (i *instance) hooks() shopspec.Hooks {
	return shopspec.Hooks{
		Seed: i.seed, StoredHash: i.storedHash, Mail: i.mails,
		Logs: func(context.Context) (string, error) { return i.logs.String(), nil },
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
			i.clock.Advance(d)
			return i.clock.Now(), nil
		},
		Restart: func(context.Context) error {
			i.stop()
			i.start()
			return nil
		},
	}
}

// seed adds a row of the time before to the customers table.
func (i *instance) seed(ctx context.Context, a shopspec.Account) (string, error) {
	p := person{email: a.Email, name: a.Name, encoded: a.Encoded, staff: a.Staff, created: a.Created, changed: a.Changed}
	if p.changed.IsZero() {
		p.changed = i.clock.Now()
	}
	var err error
	if p.encoded == "" {
		p.encoded, err = i.config.hasher.Hash(ctx, a.Password)
	} else if _, wrong := hash.Inspect(p.encoded); wrong != nil {
		err = fmt.Errorf("%w: %w", shopspec.ErrUnsupported, wrong)
	}
	if err != nil {
		return "", err
	}
	return i.shop.plant(ctx, p)
}

// storedHash opens what is stored. Who was not seen yet is adopted.
func (i *instance) storedHash(ctx context.Context, email string) (encoded string, err error) {
	c, err := i.shop.byEmail(ctx, email)
	if err != nil {
		return "", err
	}
	if _, err := i.shop.keeper.Lookup(ctx, c.Account); err != nil {
		return "", err
	}
	err = i.shop.keeper.Export(ctx, rotate.Query{Account: c.Account}, func(_, stored string) error {
		encoded = stored
		return nil
	})
	return encoded, err
}

func (i *instance) mails(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	i.shop.mail.busy.Wait()
	if _, err := i.shop.keeper.Deliver(ctx); err != nil {
		return nil, err
	}
	for _, l := range slices.Backward(i.shop.mail.all()) {
		if l.To == address {
			list = append(list, shopspec.Mail{At: l.At, Subject: l.Subject, Text: l.Text + "\n" + l.Link})
		}
	}
	return list, nil
}

// lockedBuffer is a log in memory.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

var _ io.Writer = (*lockedBuffer)(nil)

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
