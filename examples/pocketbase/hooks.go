package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/logger"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
)

// What a suite reaches behind the pages with. The shop calls none of it: tests
// do, and hooks_testclock.go, which is compiled under a build tag alone.

// reach is all of it but the clock and a restart. now is the time of the shop.
func (s *shop) reach(now func() time.Time) shopspec.Hooks {
	return shopspec.Hooks{
		Seed: func(ctx context.Context, a shopspec.Account) (string, error) {
			if a.Encoded == "" && a.Changed.IsZero() {
				a.Changed = now()
			}
			return s.seed(ctx, a)
		},
		StoredHash: s.storedHash, Logs: s.readLog, Mail: s.sentMail,
	}
}

// seed adds a customer whose address is proven. Hashes of bcrypt are left in
// PocketBase's column, others imported.
func (s *shop) seed(ctx context.Context, a shopspec.Account) (string, error) {
	if a.Encoded == "" {
		h := s.config.keeper.Hasher
		var err error
		if h == nil {
			h, err = hash.New(hash.Config{})
		}
		if err == nil {
			a.Encoded, err = h.Hash(ctx, a.Password)
		}
		if err != nil {
			return "", err
		}
	}
	record, err := newCustomer(s.app, a.Email, a.Name)
	if err != nil {
		return "", err
	}
	record.SetVerified(true)
	record.Set("staff", a.Staff)
	record.Set("card", "4242")
	record.Set("addressSince", nil)
	before := strings.HasPrefix(a.Encoded, "$2")
	if before {
		record.SetRaw("password", &core.PasswordFieldValue{Hash: a.Encoded})
	}
	if err := s.app.Save(record); err != nil || before {
		return record.Id, err
	}
	report, err := s.keeper.Import(ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: record.Id, Group: group(record), Encoded: a.Encoded, Created: a.Created, Changed: a.Changed}, nil)
	})
	for _, p := range report.Problems {
		err = p.Err
		if errors.Is(err, hash.ErrFormat) {
			err = errors.Join(shopspec.ErrUnsupported, err)
		}
	}
	return record.Id, err
}

// storedHash is what is stored as a password, opened.
func (s *shop) storedHash(ctx context.Context, email string) (encoded string, err error) {
	record, err := s.app.FindAuthRecordByEmail(customers, email)
	if err != nil {
		return "", err
	}
	return encoded, s.keeper.Export(ctx, rotate.Query{Account: record.Id}, func(_, text string) error {
		encoded = text
		return nil
	})
}

// sentMail is what was sent to an address, by the requests so far.
func (s *shop) sentMail(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	done := make(chan struct{})
	s.jobs.later(func(context.Context) error { close(done); return nil })
	select {
	case <-done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	_, err = s.keeper.Deliver(ctx)
	for _, l := range s.outbox.to(address) {
		list = append(list, shopspec.Mail{At: l.At, Subject: l.Subject, Text: l.Text})
	}
	return list, err
}

// readLog is all that PocketBase has logged.
func (s *shop) readLog(ctx context.Context) (string, error) {
	if batch, ok := s.app.Logger().Handler().(*logger.BatchHandler); ok {
		if err := batch.WriteAll(ctx); err != nil {
			return "", err
		}
	}
	var lines []*core.Log
	if err := s.app.LogQuery().All(&lines); err != nil {
		return "", err
	}
	var text strings.Builder
	for _, line := range lines {
		data, err := json.Marshal(line.Data)
		if err != nil {
			return "", err
		}
		text.WriteString(line.Message + " " + string(data) + "\n")
	}
	return text.String(), nil
}
