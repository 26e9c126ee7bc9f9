package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/mail"
	"strings"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/tillkey/tillkey/rotate"
)

// customerColumns reads a customer as Tillkey wants to know one. Who has not
// proven the address yet looks like nobody.
const customerColumns = `SELECT id, email, name, staff, created_at, confirmed_at, password_hash, password_set_at
	FROM customers WHERE confirmed_at IS NOT NULL AND `

func (s *shop) byEmail(ctx context.Context, email string) (rotate.Customer, error) {
	return customer(s.db.QueryRowContext(ctx, customerColumns+"email = ?", fold(email)))
}

func (s *shop) byID(ctx context.Context, id string) (rotate.Customer, error) {
	return customer(s.db.QueryRowContext(ctx, customerColumns+"id = ?", id))
}

// customer reads one row. rotate.ErrNotFound: there is none.
func customer(row *sql.Row) (c rotate.Customer, err error) {
	var name string
	var staff bool
	var created, confirmed int64
	var changed sql.NullInt64
	err = row.Scan(&c.Account, &c.Address, &name, &staff, &created, &confirmed, &c.Foreign.Encoded, &changed)
	if errors.Is(err, sql.ErrNoRows) {
		err = rotate.ErrNotFound
	}
	if err != nil {
		return rotate.Customer{}, err
	}
	c.About = []string{c.Address, name}
	c.Since, c.Foreign.Created = time.UnixMicro(confirmed), time.UnixMicro(created)
	if changed.Valid {
		c.Foreign.Changed = time.UnixMicro(changed.Int64)
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

// readNewcomer reads the form of a sign-up. It is not complete without a name and
// one bare address.
func readNewcomer(c *echo.Context) (who newcomer, complete bool) {
	who = newcomer{fold(c.FormValue("email")), strings.TrimSpace(c.FormValue("name"))}
	a, err := mail.ParseAddress(who.email)
	bare := err == nil && a.Address == who.email && len(who.email) <= maxEmail
	return who, bare && who.name != "" && len(who.name) <= maxName
}

// fold makes one key of the ways to type an address.
func fold(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// register writes customer and credential in one transaction, and mails what to
// do next. The account cannot be used until the address is proven.
func (s *shop) register(ctx context.Context, who newcomer, draft *rotate.Draft) error {
	_, err := s.byEmail(ctx, who.email)
	if err == nil {
		s.mail.send(letter{To: who.email, Subject: "You have an account already",
			Text: "Somebody, perhaps you, tried to sign up with your address. Nothing was changed."})
		return nil
	}
	if !errors.Is(err, rotate.ErrNotFound) {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	id, token := rand.Text(), rand.Text()
	_, err = tx.ExecContext(ctx, "INSERT INTO customers (id, email, name, created_at, token_sum) VALUES (?, ?, ?, ?, ?)",
		id, who.email, who.name, s.now().UnixMicro(), sum(token))
	if err != nil {
		return err
	}
	if _, err := s.keeper.Within(s.store.On(tx)).Create(ctx, draft.For(id)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.mail.send(letter{To: who.email, Subject: "Welcome to " + brand,
		Text: "Open the link, and sign in with the password you have just chosen. Without it the account cannot be used.",
		Link: "/login?ticket=" + token})
	return nil
}

func sum(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// confirmFor is how long the mail after a sign-up is good.
const confirmFor = 24 * time.Hour

// unconfirmed is the account that a token names, "" without one. The error is
// rotate.ErrTicket if the token was used, is too old, or somebody else has proven
// the address. It takes the password, too, to get in: neither who reads the mail
// nor who signed up with a stranger's address does it alone.
func (s *shop) unconfirmed(ctx context.Context, token string) (id string, err error) {
	if token == "" {
		return "", nil
	}
	err = s.db.QueryRowContext(ctx, `SELECT id FROM customers
		WHERE token_sum = ? AND confirmed_at IS NULL AND created_at > ? AND NOT EXISTS
		(SELECT 1 FROM customers other WHERE other.email = customers.email AND other.confirmed_at IS NOT NULL)`,
		sum(token), s.now().Add(-confirmFor).UnixMicro()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = rotate.ErrTicket
	}
	return id, err
}

// confirm writes down that the address is proven.
func (s *shop) confirm(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE customers SET confirmed_at = ?, token_sum = NULL WHERE id = ?", s.now().UnixMicro(), id)
	return err
}

// forgetUnconfirmed deletes sign-ups whose address nobody proved in time, with
// their credentials.
func (s *shop) forgetUnconfirmed(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	rows, err := tx.QueryContext(ctx, "DELETE FROM customers WHERE confirmed_at IS NULL AND created_at < ? RETURNING id",
		s.now().Add(-confirmFor).UnixMicro())
	if err != nil {
		return err
	}
	old, err := texts(rows)
	if err != nil {
		return err
	}
	for _, id := range old {
		if err := s.keeper.Within(s.store.On(tx)).Erase(ctx, id, "sign-up"); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// texts reads the first column of all rows.
func texts(rows *sql.Rows) (list []string, err error) {
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// forgetHash empties the shop's old column, once its hash was taken over.
func (s *shop) forgetHash(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE customers SET password_hash = '' WHERE id = ?", id)
	return err
}

// emailOf is the address of a customer, "" where it cannot be read: it is for
// show.
func (s *shop) emailOf(ctx context.Context, id string) string {
	c, err := s.byID(ctx, id)
	if err != nil {
		return ""
	}
	return c.Address
}

// card is how the customer knows the card on file; "" if there is none.
func (s *shop) card(ctx context.Context, id string) (card string, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT card FROM customers WHERE id = ?", id).Scan(&card)
	return card, err
}

func (s *shop) setCard(ctx context.Context, id, card string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE customers SET card = ? WHERE id = ?", card, id)
	return err
}
