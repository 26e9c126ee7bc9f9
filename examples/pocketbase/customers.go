package main

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/tillkey/tillkey/rotate"
)

const (
	groupCustomers = "customers"
	groupStaff     = "staff"
	brand          = "Pocket Teapot"
)

// maxPassword is what PocketBase's sign-in takes, in bytes.
const maxPassword = 255

// profile is what a group has in common.
func profile(group string) (rotate.Profile, error) {
	p, err := rotate.ShopProfile(group)
	p.Brand = []string{"Pocket", "Teapot"}
	p.Policy.MaxBytes = maxPassword
	return p, err
}

// leaked are passwords that every guesser knows. A real shop has a corpus.
func leaked() []string { return []string{"correct horse battery staple"} }

// table is what Tillkey knows of the shop.
func (s *shop) table() rotate.Table {
	return rotate.Table{
		// Who has not proven the address looks like nobody.
		ByName: func(_ context.Context, name string) (rotate.Customer, error) {
			record, err := s.app.FindAuthRecordByEmail(customers, strings.TrimSpace(name))
			if err == nil && !record.Verified() {
				err = sql.ErrNoRows
			}
			return customer(record, err)
		},
		ByAccount: func(_ context.Context, account string) (rotate.Customer, error) {
			record, err := s.app.FindRecordById(customers, account)
			return customer(record, err)
		},
	}
}

// customer is a row as Tillkey sees it. PocketBase knows not when a password was
// chosen.
func customer(record *core.Record, err error) (rotate.Customer, error) {
	if errors.Is(err, sql.ErrNoRows) {
		err = rotate.ErrNotFound
	}
	if err != nil {
		return rotate.Customer{}, err
	}
	c := rotate.Customer{
		Account: record.Id, About: []string{record.Email(), record.GetString("name")}, Address: record.Email(),
		Since:   record.GetDateTime("addressSince").Time(),
		Foreign: rotate.Foreign{Encoded: record.GetString("password:hash"), Group: group(record), Created: record.GetDateTime("created").Time()},
	}
	if c.Foreign.Encoded == kept {
		c.Foreign.Encoded = ""
	}
	return c, nil
}

func group(record *core.Record) string {
	if record.GetBool("staff") {
		return groupStaff
	}
	return groupCustomers
}

func (s *shop) bindCustomers() {
	s.app.OnRecordCreate(customers).BindFunc(keepColumns)
	s.app.OnRecordUpdate(customers).BindFunc(keepColumns)
	s.app.OnRecordUpdate(customers).BindFunc(s.changed)
	s.app.OnRecordDelete(customers).BindFunc(s.erase)
}

// checkContact tells whether a sign-up names somebody, and one bare address.
func checkContact(name, email string) bool {
	a, err := mail.ParseAddress(email)
	return err == nil && a.Address == email && len(email) <= 254 && name != "" && len(name) <= 100
}

// register writes customer and credential in one transaction. A claim of the
// address that nobody has confirmed gives way.
func (s *shop) register(ctx context.Context, email, name string, draft *rotate.Draft) error {
	var record *core.Record
	err := s.app.RunInTransaction(func(tx core.App) error {
		old, err := tx.FindAuthRecordByEmail(customers, email)
		switch {
		case err == nil && old.Verified():
			return nil
		case err == nil:
			err = tx.DeleteWithContext(ctx, old)
		case errors.Is(err, sql.ErrNoRows):
			err = nil
		}
		if err == nil {
			record, err = newCustomer(tx, email, name)
		}
		if err == nil {
			err = tx.SaveWithContext(ctx, record)
		}
		if err == nil {
			_, err = s.within(tx).Create(ctx, draft.For(record.Id))
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case record == nil:
		return s.send(email, "You have an account already", "Somebody, perhaps you, tried to sign up with your address. Nothing was changed.")
	}
	return mails.SendRecordVerification(s.app, record)
}

// newCustomer is a customer whose password is not PocketBase's.
func newCustomer(app core.App, email, name string) (*core.Record, error) {
	collection, err := app.FindCachedCollectionByNameOrId(customers)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(collection)
	record.SetEmail(email)
	record.Set("name", name)
	record.Set("addressSince", types.NowDateTime())
	record.SetRaw("password", &core.PasswordFieldValue{Hash: kept})
	return record, nil
}

// verified takes the address of a customer as proven.
func (s *shop) verified(record *core.Record) error {
	if record.Verified() {
		return nil
	}
	record.SetVerified(true)
	return s.app.Save(record)
}

// changed follows what the dashboard changes: a new address proves nothing about
// a leak before it, and the old one is told; who becomes staff gets the rules of
// the staff.
func (s *shop) changed(e *core.RecordEvent) error {
	before, now := e.Record.Original(), group(e.Record)
	old, moved := before.Email(), before.Email() != e.Record.Email()
	if moved {
		e.Record.Set("addressSince", types.NowDateTime())
	}
	next := e.Next
	if now != group(before) {
		next = func() error { return s.together(e, s.regroup(e, now)) }
	}
	if err := next(); err != nil || !moved {
		return err
	}
	s.jobs.later(func(context.Context) error {
		return s.send(old, "Your address was changed", "Mail about your account goes to another address from now on.")
	})
	return nil
}

func (s *shop) regroup(e *core.RecordEvent, group string) func(*rotate.Keeper) error {
	return func(k *rotate.Keeper) error {
		if _, err := k.Lookup(e.Context, e.Record.Id); err != nil { // who is not known yet is adopted
			return err
		}
		return k.Regroup(e.Context, e.Record.Id, group, "dashboard")
	}
}

// erase takes the credential along when a customer is deleted.
func (s *shop) erase(e *core.RecordEvent) error {
	return s.together(e, func(k *rotate.Keeper) error {
		if err := k.Erase(e.Context, e.Record.Id, ""); !errors.Is(err, rotate.ErrNotFound) {
			return err
		}
		return nil
	})
}

// together writes a customer and then the credential, in one transaction.
func (s *shop) together(e *core.RecordEvent, do func(*rotate.Keeper) error) error {
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := e.Next(); err != nil {
			return err
		}
		return do(s.within(tx))
	})
}
