//go:build testclock

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v5"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
)

// ahead is how far the clock was moved.
var ahead atomic.Int64

func clock() func() time.Time {
	return func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
}

// kept is a copy of the log.
var kept struct {
	sync.Mutex
	bytes.Buffer
}

type keeping struct{}

func (keeping) Write(p []byte) (int, error) {
	kept.Lock()
	defer kept.Unlock()
	return kept.Buffer.Write(p)
}

func logOutput() io.Writer { return io.MultiWriter(os.Stderr, keeping{}) }

// hooks lets the command shopspec check the shop, with the token that both read.
func (s *shop) hooks(e *echo.Echo) error {
	token, err := hook.ReadToken()
	if err != nil {
		return err
	}
	h, err := hook.Handler(shopspec.Hooks{
		Seed: s.seedAccount, StoredHash: s.storedHash, Mail: s.mailsTo,
		Logs: func(context.Context) (string, error) {
			kept.Lock()
			defer kept.Unlock()
			return kept.String(), nil
		},
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
			ahead.Add(int64(d))
			return s.now(), nil
		},
	}, token)
	if err == nil {
		e.POST("/test/hooks/*", echo.WrapHandler(h))
	}
	return err
}

// seedAccount adds a row of the time before.
func (s *shop) seedAccount(ctx context.Context, a shopspec.Account) (string, error) {
	p := person{email: a.Email, name: a.Name, encoded: a.Encoded, staff: a.Staff, created: a.Created, changed: a.Changed}
	if p.changed.IsZero() {
		p.changed = s.now()
	}
	if p.encoded == "" {
		h, err := hash.New(hash.Config{})
		if err != nil {
			return "", err
		}
		if p.encoded, err = h.Hash(ctx, a.Password); err != nil {
			return "", err
		}
	}
	if _, err := hash.Inspect(p.encoded); err != nil {
		return "", fmt.Errorf("%w: %w", shopspec.ErrUnsupported, err)
	}
	return s.plant(ctx, p)
}

// storedHash opens what is stored. Who was not seen yet is adopted.
func (s *shop) storedHash(ctx context.Context, email string) (encoded string, err error) {
	c, err := s.byEmail(ctx, email)
	if err != nil {
		return "", err
	}
	if _, err := s.keeper.Lookup(ctx, c.Account); err != nil {
		return "", err
	}
	err = s.keeper.Export(ctx, rotate.Query{Account: c.Account}, func(_, stored string) error {
		encoded = stored
		return nil
	})
	return encoded, err
}

func (s *shop) mailsTo(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	s.mail.busy.Wait()
	if _, err := s.keeper.Deliver(ctx); err != nil {
		return nil, err
	}
	for _, l := range slices.Backward(s.mail.all()) {
		if l.To == address {
			list = append(list, shopspec.Mail{At: l.At, Subject: l.Subject, Text: l.Text + "\n" + l.Link})
		}
	}
	return list, nil
}
