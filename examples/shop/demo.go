package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"golang.org/x/crypto/bcrypt"
)

// demoAccount is an account of the demonstration.
type demoAccount struct {
	Email, Name, Password, What string
	Staff                       bool
	// Foreign accounts are from the time before Tillkey: bcrypt in the shop's
	// own table.
	Foreign bool
	// Overdue accounts must change the password at the next sign-in.
	Overdue bool
}

// demoAccounts are the accounts a new database gets. The password of the staff
// is drawn anew each time: it opens every account. There is no seed of a second
// factor among them, since staff set one up at the first sign-in.
func demoAccounts() []demoAccount {
	return []demoAccount{
		{Email: "ada@example.com", Name: "Ada", Password: "nine violet umbrellas", What: "a customer like any other"},
		{Email: "ben@example.com", Name: "Ben", Password: "sunflower 1998", Foreign: true, What: "not seen since Tillkey came: bcrypt, upgraded when he signs in"},
		{Email: "cleo@example.com", Name: "Cleo", Password: "slow green tramway", Overdue: true, What: "must choose a new password first"},
		{Email: "dora@example.com", Name: "Dora", Password: "staff " + rand.Text(), Staff: true, What: "staff: sets up a second factor, then see Admin"},
	}
}

// bcryptCost is what most shops use.
const bcryptCost = 10

// seed fills a database without customers, and returns what it made.
func (s *shop) seed(ctx context.Context) ([]demoAccount, error) {
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM customers").Scan(&n); err != nil || n > 0 {
		return nil, err
	}
	accounts := demoAccounts()
	for _, a := range accounts {
		if err := s.seedAccount(ctx, a); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Email, err)
		}
	}
	return accounts, nil
}

func (s *shop) seedAccount(ctx context.Context, a demoAccount) error {
	old := s.now().AddDate(-7, 0, 0).UnixMicro()
	c := customer{Email: a.Email, Name: a.Name, Staff: a.Staff}
	var hash []byte
	if a.Foreign {
		var err error
		if hash, err = bcrypt.GenerateFromPassword([]byte(a.Password), bcryptCost); err != nil {
			return err
		}
	}
	result, err := s.db.ExecContext(ctx, `INSERT INTO customers (email, name, staff, created_at, confirmed_at, password_hash, password_set_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, c.Email, c.Name, c.Staff, old, old, string(hash), old)
	if err != nil {
		return err
	}
	if c.ID, err = result.LastInsertId(); err != nil || a.Foreign {
		return err
	}
	_, err = s.keeper.SignUp(ctx, rotate.NewAccount{
		Account: c.Account(), Group: c.Group(), Password: a.Password, About: []string{a.Email, a.Name}, Browser: rand.Text(),
	})
	if err != nil || !a.Overdue {
		return err
	}
	_, err = s.keeper.Force(ctx, rotate.Order{
		Account: c.Account(), Reason: rotate.PolicyRaised, Actor: "demonstration", Note: "so that there is something due", Expect: 1,
	})
	return err
}

// welcome prints what to try. It is no log: a password stands in it.
func (s *shop) welcome(w io.Writer, addr string) {
	scheme := "http"
	if s.config.cert != "" {
		scheme = "https"
	}
	fmt.Fprintf(w, "The %s is open at %s://%s/\n\n", brand, scheme, addr)
	if s.config.temporary {
		fmt.Fprintf(w, "Its data is in %s and is deleted when the shop stops;\nkeep it with -db FILE.\n", s.config.db)
	} else {
		fmt.Fprintf(w, "Its data is in %s,\nthe keys that seal it are in %s.\n", s.config.db, s.config.keys)
	}
	if len(s.seeded) == 0 {
		fmt.Fprintf(w, "\nThe accounts were shown at the first start. “Forgotten password” and the outbox open every one.\n")
		return
	}
	fmt.Fprintf(w, "\nTry to sign in as:\n")
	for _, a := range s.seeded {
		fmt.Fprintf(w, "  %-17s %-33q %s\n", a.Email, a.Password, a.What)
	}
	fmt.Fprintf(w, "\nMails are at %s://%s/outbox. Started %s. Stop with Ctrl-C.\n", scheme, addr, s.now().Format(time.TimeOnly))
}
