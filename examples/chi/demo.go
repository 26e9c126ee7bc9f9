package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
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
// came, and returns whom it made. The password of the staff is drawn anew. Of
// instances that start at once, one does it.
func (s *shop) seedDemo(ctx context.Context) (made []person, err error) {
	now := s.Now()
	people := []person{
		{email: "ada@example.com", name: "Ada", password: "nine violet umbrellas", changed: now.AddDate(-1, 0, 0), about: "a customer with a card on file"},
		{email: "ben@example.com", name: "Ben", password: "sunflower 1998", changed: now.AddDate(-7, 0, 0), about: "has not changed his password for seven years"},
		{email: "hana@example.com", name: "Hana", password: "correct horse battery staple", about: "her password has leaked: it opens nothing, the mail does"},
		{email: "dora@example.com", name: "Dora", password: "staff " + rand.Text(), staff: true, changed: now, about: "staff: sets up a second factor, then see Admin"},
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var n int
		if _, err := tx.Exec(ctx, "LOCK TABLE customers IN EXCLUSIVE MODE"); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM customers").Scan(&n); err != nil || n > 0 {
			return err
		}
		for _, p := range people {
			encoded, err := bcrypt.GenerateFromPassword([]byte(p.password), bcrypt.DefaultCost)
			if err != nil {
				return err
			}
			p.encoded = string(encoded)
			if _, err := s.plant(ctx, tx, p); err != nil {
				return fmt.Errorf("%s: %w", p.email, err)
			}
		}
		made = people
		_, err := tx.Exec(ctx, "UPDATE customers SET card = 'Visa ending in 4242' WHERE name = 'Ada'")
		return err
	})
	return made, err
}

// plant adds a row of the time before to the customers table.
func (s *shop) plant(ctx context.Context, tx pgx.Tx, p person) (id string, err error) {
	id = rand.Text()
	var changed *time.Time
	if !p.changed.IsZero() {
		changed = &p.changed
	}
	created := cmp.Or(p.created, p.changed, s.Now())
	_, err = tx.Exec(ctx, `INSERT INTO customers (id, email, name, staff, created_at, confirmed_at, password_hash, password_set_at)
		VALUES ($1, $2, $3, $4, $5, $5, $6, $7)`, id, fold(p.email), p.name, p.staff, created, p.encoded, changed)
	return id, err
}
