package fault

import (
	"context"
	"sync"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// lockoutPerInstance: the counter is a map in the process, as that is fast and
// every package for it does so. With four instances behind a balancer there are
// four times the guesses, and a restart gives them all back.
func lockoutPerInstance() parts {
	names, own := memstore.New(), &counters{of: map[string]pair{}}
	return parts{store: func(s rotate.Store) rotate.Store { return perInstance{s, names, own} }}
}

// counters are the guesses of each account that this instance knows of.
type counters struct {
	mu sync.Mutex
	of map[string]pair
}

type pair struct{ password, code rotate.Counter }

func (p *pair) swap(c *rotate.Credential) {
	p.password, c.PasswordGuesses = c.PasswordGuesses, p.password
	p.code, c.CodeGuesses = c.CodeGuesses, p.code
}

func (o *counters) get(account string) pair {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.of[account]
}

func (o *counters) set(account string, p pair) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.of[account] = p
}

type perInstance struct {
	rotate.Store
	names rotate.Guesses
	own   *counters
}

func (s perInstance) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	return s.names.Guess(ctx, key, now, expires, fn)
}

func (s perInstance) Prune(ctx context.Context, now time.Time, keep int) (int, error) {
	return s.names.Prune(ctx, now, keep)
}

func (s perInstance) Load(ctx context.Context, account string) (rotate.Credential, error) {
	c, err := s.Store.Load(ctx, account)
	p := s.own.get(account)
	p.swap(&c)
	return c, err
}

func (s perInstance) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.Store.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
		p := s.own.get(account)
		p.swap(c)
		events, err := fn(c)
		p.swap(c)
		if err == nil {
			s.own.set(account, p)
		}
		return events, err
	})
}
