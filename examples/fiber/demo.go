package main

import (
	"context"

	"golang.org/x/crypto/bcrypt"
)

const demoText = `Sign in as
  ada@example.com   teapots are round 1   a customer, stored as bcrypt till then
  kim@example.com   staff meets at nine 4  staff, who sets up a second factor first
and read the mails at /mail. Everybody may look around and check out.
`

// seed gives an empty shop customers of the time before Tillkey.
func (s *shop) seed(ctx context.Context) error {
	var n int
	if err := s.database.QueryRowContext(ctx, "SELECT COUNT(*) FROM customers").Scan(&n); err != nil || n > 0 {
		return err
	}
	for _, c := range []struct {
		email, name, password string
		staff                 bool
	}{
		{"ada@example.com", "Ada", "teapots are round 1", false},
		{"bo@example.com", "Bo", "bo likes ladles 22", false},
		{"kim@example.com", "Kim", "staff meets at nine 4", true},
	} {
		hash, err := bcrypt.GenerateFromPassword([]byte(c.password), bcrypt.DefaultCost)
		if err != nil {
			return err
		}
		now := s.now().UnixMicro()
		_, err = s.database.ExecContext(ctx, `INSERT INTO customers (email, name, staff, card, password_hash, created_at, confirmed_at)
			VALUES (?, ?, ?, 'Visa 4242', ?, ?, ?)`, c.email, c.name, c.staff, string(hash), now, now)
		if err != nil {
			return err
		}
	}
	return nil
}
