package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// person is an account of the demonstration, or of a test.
type person struct {
	email, name, password string
	about                 string
	// encoded is the stored hash of the time before.
	encoded          string
	staff            bool
	created, changed time.Time
}

// seedDemo fills a database without customers, as the shop was before Tillkey
// came, and returns whom it made. The password of the staff is drawn anew.
func (s *shop) seedDemo(ctx context.Context) ([]person, error) {
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM customers").Scan(&n); err != nil || n > 0 {
		return nil, err
	}
	now := s.now()
	people := []person{
		{email: "ada@example.com", name: "Ada", password: "nine violet umbrellas", changed: now.AddDate(-1, 0, 0), about: "a customer with a card on file"},
		{email: "ben@example.com", name: "Ben", password: "sunflower 1998", changed: now.AddDate(-7, 0, 0), about: "has not changed his password for seven years"},
		{email: "hana@example.com", name: "Hana", password: "correct horse battery staple", about: "her password has leaked: it opens nothing, the mail does"},
		{email: "dora@example.com", name: "Dora", password: "staff " + rand.Text(), staff: true, changed: now, about: "staff: sets up a second factor, then see Admin"},
	}
	for _, p := range people {
		encoded, err := bcrypt.GenerateFromPassword([]byte(p.password), bcrypt.DefaultCost)
		if err != nil {
			return nil, err
		}
		p.encoded = string(encoded)
		id, err := s.plant(ctx, p)
		if err == nil && p.name == "Ada" {
			err = s.setCard(ctx, id, "Visa ending in 4242")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.email, err)
		}
	}
	return people, nil
}

// plant adds a row of the time before to the customers table.
func (s *shop) plant(ctx context.Context, p person) (id string, err error) {
	id = rand.Text()
	changed := sql.NullInt64{Int64: p.changed.UnixMicro(), Valid: !p.changed.IsZero()}
	created := cmp.Or(p.created, p.changed, s.now()).UnixMicro()
	_, err = s.db.ExecContext(ctx, `INSERT INTO customers (id, email, name, staff, created_at, confirmed_at, password_hash, password_set_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, fold(p.email), p.name, p.staff, created, created, p.encoded, changed)
	return id, err
}
