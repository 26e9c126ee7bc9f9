package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// customerColumns reads a customer as Tillkey wants to know one. Who has not
// proven the address yet looks like nobody.
const customerColumns = `SELECT id, email, name, staff, created_at, confirmed_at, password_hash, password_set_at
	FROM customers WHERE confirmed_at IS NOT NULL AND `

func (s *shop) byEmail(ctx context.Context, email string) (rotate.Customer, error) {
	return customer(s.pool.QueryRow(ctx, customerColumns+"email = $1", fold(email)))
}

func (s *shop) byAccount(ctx context.Context, id string) (rotate.Customer, error) {
	return customer(s.pool.QueryRow(ctx, customerColumns+"id = $1", id))
}

// customer reads one row. rotate.ErrNotFound: there is none.
func customer(row pgx.Row) (c rotate.Customer, err error) {
	var name string
	var staff bool
	var changed *time.Time
	err = row.Scan(&c.Account, &c.Address, &name, &staff, &c.Foreign.Created, &c.Since, &c.Foreign.Encoded, &changed)
	if errors.Is(err, pgx.ErrNoRows) {
		err = rotate.ErrNotFound
	}
	if err != nil {
		return rotate.Customer{}, err
	}
	c.About = []string{c.Address, name}
	if changed != nil {
		c.Foreign.Changed = *changed
	}
	if staff {
		c.Foreign.Group = "staff"
	}
	return c, nil
}

// newcomer is somebody who wants to become a customer.
type newcomer struct{ email, name string }

const (
	maxEmail = 254 // RFC 5321, 4.5.3.1
	maxName  = 100
)

// complete tells whether there is a name and one bare address.
func (n newcomer) complete() bool {
	a, err := mail.ParseAddress(n.email)
	bare := err == nil && a.Address == n.email && len(n.email) <= maxEmail
	return bare && n.name != "" && len(n.name) <= maxName
}

func readNewcomer(r *http.Request) newcomer {
	return newcomer{fold(r.FormValue("email")), strings.TrimSpace(r.FormValue("name"))}
}

// fold makes one key of the ways to type an address.
func fold(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// inTransaction runs fn in a transaction of pgx. Tillkey writes in the same one,
// through the connection of database/sql that lies above.
func (s *shop) inTransaction(ctx context.Context, fn func(pgx.Tx, sqlstore.Conn) error) error {
	above, err := s.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer above.Close()
	var below *pgx.Conn
	if err := above.Raw(func(c any) error { below = c.(*stdlib.Conn).Conn(); return nil }); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, below, func(tx pgx.Tx) error { return fn(tx, above) })
}

// register writes customer and credential in one transaction, and mails what to
// do next. The account cannot be used until the address is proven.
func (s *shop) register(ctx context.Context, who newcomer, draft *rotate.Draft) error {
	_, err := s.byEmail(ctx, who.email)
	if err == nil {
		s.mail.send(letter{To: who.email, Subject: "You have an account already", Text: "Somebody, perhaps you, tried to sign up with your address. Nothing was changed."})
		return nil
	}
	if !errors.Is(err, rotate.ErrNotFound) {
		return err
	}
	id, token := rand.Text(), rand.Text()
	err = s.inTransaction(ctx, func(tx pgx.Tx, conn sqlstore.Conn) error {
		_, err := tx.Exec(ctx, "INSERT INTO customers (id, email, name, created_at, token_sum) VALUES ($1, $2, $3, $4, $5)",
			id, who.email, who.name, s.Now(), sum(token))
		if err == nil {
			_, err = s.keeper.Within(s.store.On(conn)).Create(ctx, draft.For(id))
		}
		return err
	})
	if err == nil {
		s.mail.send(letter{To: who.email, Subject: "Welcome to the " + brand, Link: "/login?ticket=" + token,
			Text: "Open the link, and sign in with the password you have just chosen. Without it the account cannot be used."})
	}
	return err
}

func sum(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// confirmFor is how long the mail after a sign-up is good.
const confirmFor = 24 * time.Hour

// unconfirmed is the account that a token names, "" without one. The error is
// rotate.ErrTicket if the token was used, is too old, or somebody else has proven
// the address.
func (s *shop) unconfirmed(ctx context.Context, token string) (id string, err error) {
	if token == "" {
		return "", nil
	}
	err = s.pool.QueryRow(ctx, `SELECT id FROM customers
		WHERE token_sum = $1 AND confirmed_at IS NULL AND created_at > $2 AND NOT EXISTS
		(SELECT 1 FROM customers other WHERE other.email = customers.email AND other.confirmed_at IS NOT NULL)`,
		sum(token), s.Now().Add(-confirmFor)).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = rotate.ErrTicket
	}
	return id, err
}

// confirm writes down that the address is proven.
func (s *shop) confirm(ctx context.Context, id string) error {
	_, err := s.pool.Exec(ctx, "UPDATE customers SET confirmed_at = $1, token_sum = NULL WHERE id = $2", s.Now(), id)
	return err
}

// forgetUnconfirmed deletes sign-ups whose address nobody proved in time.
func (s *shop) forgetUnconfirmed(ctx context.Context) error {
	rows, err := s.pool.Query(ctx, "DELETE FROM customers WHERE confirmed_at IS NULL AND created_at < $1 RETURNING id", s.Now().Add(-confirmFor))
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, id := range old {
		if eraseErr := s.keeper.Erase(ctx, id, "sign-up"); eraseErr != nil && !errors.Is(eraseErr, rotate.ErrNotFound) {
			err = errors.Join(err, eraseErr)
		}
	}
	return err
}

// forgetHash empties the shop's old column, once its hash was taken over.
func (s *shop) forgetHash(ctx context.Context, id string) error {
	_, err := s.pool.Exec(ctx, "UPDATE customers SET password_hash = '' WHERE id = $1", id)
	return err
}

// card is how the customer knows the card on file; "" if there is none.
func (s *shop) card(ctx context.Context, id string) (card string, err error) {
	err = s.pool.QueryRow(ctx, "SELECT card FROM customers WHERE id = $1", id).Scan(&card)
	return card, err
}

func (s *shop) setCard(ctx context.Context, id, card string) error {
	_, err := s.pool.Exec(ctx, "UPDATE customers SET card = $1 WHERE id = $2", card, id)
	return err
}
