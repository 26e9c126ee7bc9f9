package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
)

// What a suite reaches behind the pages with. The shop calls none of it: tests
// do, and hooks_testclock.go, which is compiled under a build tag alone.

// seedAccount adds an account that can sign in at once.
func (s *shop) seedAccount(ctx context.Context, a shopspec.Account) (id string, err error) {
	encoded := a.Encoded
	if encoded == "" {
		encoded, err = s.hasher.Hash(ctx, a.Password)
	} else if _, unknown := hash.Inspect(encoded); unknown != nil {
		err = shopspec.ErrUnsupported
	}
	if err != nil {
		return "", err
	}
	now, group := s.now(), "customers"
	for _, at := range []*time.Time{&a.Created, &a.Changed} {
		if at.IsZero() {
			*at = now
		}
	}
	if a.Staff {
		group = "staff"
	}
	result, err := s.database.ExecContext(ctx, "INSERT INTO customers (email, name, staff, card, created_at, confirmed_at) VALUES (?, ?, ?, 'Visa 4242', ?, ?)",
		a.Email, a.Name, a.Staff, a.Created.UnixMicro(), a.Created.UnixMicro())
	if err != nil {
		return "", err
	}
	row, err := result.LastInsertId()
	if err != nil {
		return "", err
	}
	id = fmt.Sprint(row)
	r, err := s.keeper.Import(ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: id, Group: group, Encoded: encoded, Created: a.Created, Changed: a.Changed}, nil)
	})
	if err == nil && r.Inserted != 1 {
		err = errors.New("the account was not imported")
	}
	return id, err
}

// storedHash is what is stored as a password, opened.
func (s *shop) storedHash(ctx context.Context, email string) (encoded string, err error) {
	c, err := s.customers.byName(ctx, email)
	if err != nil {
		return "", err
	}
	err = s.keeper.Export(ctx, rotate.Query{Account: c.account}, func(_, text string) error {
		encoded = text
		return nil
	})
	return encoded, err
}

// sentMail is what was sent to an address.
func (s *shop) sentMail(ctx context.Context, address string) (list []shopspec.Mail, err error) {
	s.mail.busy.Wait()
	if _, err := s.keeper.Deliver(ctx); err != nil {
		return nil, err
	}
	for _, l := range s.mail.to(address) {
		list = append(list, shopspec.Mail{At: l.at, Subject: l.subject, Text: l.body + "\n" + l.link})
	}
	return list, nil
}
