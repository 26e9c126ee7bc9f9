package reference

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// instance is one running instance. Its address stays when it restarts.
type instance struct {
	config kettle.Config
	open   func(context.Context, kettle.Config) (*kettle.Shop, http.Handler, error)
	clock  *tilltest.Clock
	log    *log
	url    string
	server *http.Server

	// mu is held by requests for reading, and by a restart.
	mu      sync.RWMutex
	shop    *kettle.Shop
	handler http.Handler
}

// log is a log that may be read while it is written.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newInstance(ctx context.Context, s *Shop, start time.Time) (*instance, error) {
	i := &instance{open: s.config.Open, clock: tilltest.NewClock(start), log: &log{}}
	i.config = kettle.Config{
		DB: s.place, Keys: filepath.Join(s.config.Dir, "shop.keys"), Hasher: s.config.Hasher, Now: i.clock.Now,
		Log: slog.New(slog.NewTextHandler(i.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		// A clock that stands still earns no tries.
		Sources: rotate.SourceLimit{Off: true},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	i.url = "http://" + listener.Addr().String()
	i.server = &http.Server{Handler: i, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(i.config.Log.Handler(), slog.LevelError)}
	if i.shop, i.handler, err = i.open(ctx, i.config); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	go func() { _ = i.server.Serve(listener) }() // it ends with Close, which is its error
	return i, nil
}

// with calls fn while the shop does not restart.
func (i *instance) with(fn func(*kettle.Shop, http.Handler) error) error {
	i.mu.RLock()
	defer i.mu.RUnlock()
	if i.shop == nil {
		return errStopped
	}
	return fn(i.shop, i.handler)
}

var errStopped = errors.New("reference: the shop did not start again")

func (i *instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := i.with(func(_ *kettle.Shop, pages http.Handler) error {
		pages.ServeHTTP(w, r)
		return nil
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

func (i *instance) close() error {
	err := i.server.Close()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.shop != nil {
		err = errors.Join(err, i.shop.Close())
		i.shop = nil
	}
	return err
}

func (i *instance) restart(ctx context.Context) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.shop == nil {
		return errStopped
	}
	err := i.shop.Close()
	i.shop = nil
	if err != nil {
		return err
	}
	i.shop, i.handler, err = i.open(ctx, i.config)
	return err
}

func (i *instance) advance(_ context.Context, d time.Duration) (time.Time, error) {
	i.clock.Advance(d)
	return i.clock.Now(), nil
}

func (i *instance) readLog(context.Context) (string, error) { return i.log.String(), nil }

func (i *instance) seed(ctx context.Context, a shopspec.Account) (id string, err error) {
	err = i.with(func(s *kettle.Shop, _ http.Handler) error {
		id, err = s.Add(ctx, kettle.NewAccount{
			Email: a.Email, Name: a.Name, Password: a.Password, Encoded: a.Encoded, Staff: a.Staff, Created: a.Created, Changed: a.Changed,
		})
		if errors.Is(err, hash.ErrFormat) {
			err = errors.Join(shopspec.ErrUnsupported, err)
		}
		return err
	})
	return id, err
}

func (i *instance) storedHash(ctx context.Context, email string) (encoded string, err error) {
	err = i.with(func(s *kettle.Shop, _ http.Handler) error {
		encoded, err = s.StoredHash(ctx, email)
		return err
	})
	return encoded, err
}

func (i *instance) mail(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	err = i.with(func(s *kettle.Shop, _ http.Handler) error {
		if _, err := s.Keeper().Deliver(ctx); err != nil {
			return err
		}
		for _, l := range slices.Backward(s.Mails(address)) {
			list = append(list, shopspec.Mail{At: l.At, Subject: l.Subject, Text: strings.Join(append(l.Body, l.Link), "\n")})
		}
		return nil
	})
	return list, err
}
