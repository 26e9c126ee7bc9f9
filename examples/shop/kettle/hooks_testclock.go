//go:build testclock

package kettle

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
	"github.com/tillkey/tillkey/hash"
)

// hookPath is where the hooks of shopspec are. Without a token in the
// environment there are none.
const hookPath = "/test/hooks/"

// front is what Run serves, with the hooks before the shop, and what closes it.
func front(ctx context.Context, s *Shop) (http.Handler, func() error, error) {
	i := &instance{ctx: context.WithoutCancel(ctx), shop: s, pages: s.Handler()}
	token, err := hook.ReadToken()
	if err != nil {
		return i, i.close, nil
	}
	hooks, err := hook.Handler(shopspec.Hooks{
		Seed: i.seed, StoredHash: i.storedHash, Logs: i.logs, Mail: i.mail, Advance: i.advance, Restart: i.restart,
	}, token)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	mux := http.NewServeMux()
	mux.Handle(hookPath, hooks)
	mux.Handle("/", i)
	return mux, i.close, nil
}

// instance is the shop that runs at the moment. A restart waits for the requests
// that run, and those that come wait for the restart.
type instance struct {
	ctx context.Context

	mu    sync.RWMutex
	shop  *Shop // nil after a restart that failed
	pages http.Handler
}

var errStopped = errors.New("the shop did not start again")

func (i *instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := i.with(func(_ *Shop, pages http.Handler) error {
		pages.ServeHTTP(w, r)
		return nil
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// with calls fn while the shop does not restart.
func (i *instance) with(fn func(*Shop, http.Handler) error) error {
	i.mu.RLock()
	defer i.mu.RUnlock()
	if i.shop == nil {
		return errStopped
	}
	return fn(i.shop, i.pages)
}

func (i *instance) close() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.shop == nil {
		return nil
	}
	return i.shop.Close()
}

func (i *instance) seed(ctx context.Context, a shopspec.Account) (id string, err error) {
	err = i.with(func(s *Shop, _ http.Handler) error {
		id, err = s.Add(ctx, NewAccount{
			Email: a.Email, Name: a.Name, Encoded: a.Encoded, Password: a.Password, Staff: a.Staff, Created: a.Created, Changed: a.Changed,
		})
		if errors.Is(err, hash.ErrFormat) {
			err = errors.Join(shopspec.ErrUnsupported, err)
		}
		return err
	})
	return id, err
}

func (i *instance) storedHash(ctx context.Context, email string) (encoded string, err error) {
	err = i.with(func(s *Shop, _ http.Handler) error {
		encoded, err = s.StoredHash(ctx, email)
		return err
	})
	return encoded, err
}

func (i *instance) mail(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	err = i.with(func(s *Shop, _ http.Handler) error {
		if _, err := s.keeper.Deliver(ctx); err != nil {
			return err
		}
		for _, l := range s.Mails(address) {
			list = append(list, shopspec.Mail{At: l.At, Subject: l.Subject, Text: strings.Join(append(l.Body, l.Link), "\n")})
		}
		return nil
	})
	slices.Reverse(list)
	return list, err
}

func (i *instance) advance(_ context.Context, d time.Duration) (time.Time, error) {
	ahead.Add(int64(d))
	return clock()(), nil
}

// restart forgets all that is in memory, as the end of the process would; the
// clock and the log stay.
func (i *instance) restart(context.Context) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.shop == nil {
		return errStopped
	}
	config := i.shop.config
	err := i.shop.Close()
	i.shop = nil
	if err != nil {
		return err
	}
	s, err := Open(i.ctx, config)
	if err != nil {
		return err
	}
	i.shop, i.pages = s, s.Handler()
	return nil
}

func (i *instance) logs(context.Context) (string, error) { return written.String(), nil }

// written is what was logged.
var written journal

// maxJournal bounds it; what is older is forgotten.
const maxJournal = 32 << 20

// journal is a log that can be read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.text.Len()+len(p) > maxJournal {
		j.text.Next(maxJournal / 2)
	}
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// logTo is where the log goes: to where it always does, and where Logs finds it.
func logTo(stderr io.Writer) io.Writer { return io.MultiWriter(stderr, &written) }
