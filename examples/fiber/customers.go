package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/tillkey/tillkey/rotate"
)

// customers is the shop's own table, from the time before Tillkey on.
type customers struct {
	db  *sql.DB
	now func() time.Time
}

const customerSchema = `CREATE TABLE IF NOT EXISTS customers (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	email         TEXT NOT NULL,
	name          TEXT NOT NULL,
	staff         BOOLEAN NOT NULL DEFAULT FALSE,
	card          TEXT NOT NULL DEFAULT '',
	notes         TEXT NOT NULL DEFAULT '',
	password_hash TEXT NOT NULL DEFAULT '', -- of the time before; Tillkey adopts it
	created_at    INTEGER NOT NULL,
	confirmed_at  INTEGER,                  -- NULL until the address is proven
	claim_sum     BLOB
);
CREATE UNIQUE INDEX IF NOT EXISTS customers_email ON customers (email) WHERE confirmed_at IS NOT NULL`

// customer is one row.
type customer struct {
	account, email, name, card, notes, hash string
	staff                                   bool
	created                                 time.Time
	confirmed                               sql.NullInt64
}

func (t customers) read(ctx context.Context, where string, arg any) (c customer, err error) {
	var created int64
	err = t.db.QueryRowContext(ctx, "SELECT id, email, name, card, notes, password_hash, staff, created_at, confirmed_at FROM customers WHERE "+where, arg).
		Scan(&c.account, &c.email, &c.name, &c.card, &c.notes, &c.hash, &c.staff, &created, &c.confirmed)
	if errors.Is(err, sql.ErrNoRows) {
		return c, rotate.ErrNotFound
	}
	c.created = time.UnixMicro(created)
	return c, err
}

// byName finds who has proven an address; to all else, who has not is nobody.
func (t customers) byName(ctx context.Context, email string) (customer, error) {
	return t.read(ctx, "confirmed_at IS NOT NULL AND email = ?", foldEmail(email))
}

func (t customers) byAccount(ctx context.Context, account string) (customer, error) {
	return t.read(ctx, "id = ?", account)
}

// table is what Tillkey knows of the shop.
func (t customers) table() rotate.Table {
	return rotate.Table{
		ByName: func(ctx context.Context, name string) (rotate.Customer, error) { return known(t.byName(ctx, name)) },
		ByAccount: func(ctx context.Context, account string) (rotate.Customer, error) {
			return known(t.byAccount(ctx, account))
		},
	}
}

func known(c customer, err error) (rotate.Customer, error) {
	r := rotate.Customer{
		Account: c.account, About: []string{c.email, c.name},
		Foreign: rotate.Foreign{Encoded: c.hash, Group: "customers", Created: c.created, Changed: c.created},
	}
	if c.confirmed.Valid {
		r.Address, r.Since = c.email, time.UnixMicro(c.confirmed.Int64)
	}
	if c.staff {
		r.Foreign.Group = "staff"
	}
	return r, err
}

// isStaff is nil for staff; to everybody else there is no such page.
func (t customers) isStaff(ctx context.Context, account string) error {
	c, err := t.byAccount(ctx, account)
	if err == nil && !c.staff || errors.Is(err, rotate.ErrNotFound) {
		return fiber.ErrNotFound
	}
	return err
}

// claimFor is how long a confirmation mail is good.
const claimFor = 24 * time.Hour

// register writes customer and credential in one transaction, and mails what to
// do next. Nobody can sign in before the address is proven.
func (s *shop) register(ctx context.Context, email, name string, draft *rotate.Draft) error {
	_, err := s.customers.byName(ctx, email)
	if err == nil {
		s.mail.send(letter{to: email, subject: "You have an account already",
			body: "Somebody, perhaps you, tried to sign up with your address. Nothing was changed. Open the shop as you always do."})
	}
	if !errors.Is(err, rotate.ErrNotFound) {
		return err
	}
	tx, err := s.database.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	token := rand.Text()
	claim := sha256.Sum256([]byte(token))
	result, err := tx.ExecContext(ctx, "INSERT INTO customers (email, name, created_at, claim_sum) VALUES (?, ?, ?, ?)",
		email, name, s.now().UnixMicro(), claim[:])
	if err != nil {
		return err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return err
	}
	if _, err := s.keeper.Within(s.store.On(tx)).Create(ctx, draft.For(strconv.FormatInt(id, 10))); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.mail.send(letter{to: email, subject: "Welcome to " + brand,
		body: "Open the link and give the password you have just chosen. Without this link the account cannot be used.",
		link: "/confirm?token=" + token})
	return nil
}

// claimed is the account of a confirmation mail. rotate.ErrTicket: it is too
// old, was used, or somebody else has proven the address.
func (t customers) claimed(ctx context.Context, token string) (string, error) {
	claim := sha256.Sum256([]byte(token))
	c, err := t.read(ctx, "confirmed_at IS NULL AND claim_sum = ?", claim[:])
	if err == nil && c.created.Add(claimFor).After(t.now()) {
		if _, err = t.byName(ctx, c.email); errors.Is(err, rotate.ErrNotFound) {
			return c.account, nil
		}
	}
	if err == nil || errors.Is(err, rotate.ErrNotFound) {
		err = rotate.ErrTicket
	}
	return "", err
}

func (t customers) confirm(ctx context.Context, account string) error {
	_, err := t.db.ExecContext(ctx, "UPDATE customers SET confirmed_at = ?, claim_sum = NULL WHERE id = ?", t.now().UnixMicro(), account)
	return err
}

// saveNotes keeps what a customer tells the shop about deliveries.
func (t customers) saveNotes(ctx context.Context, account, notes string) error {
	_, err := t.db.ExecContext(ctx, "UPDATE customers SET notes = ? WHERE id = ?", notes, account)
	return err
}

// forgetHash empties the old column, once its hash was taken over.
func (t customers) forgetHash(ctx context.Context, account string) error {
	_, err := t.db.ExecContext(ctx, "UPDATE customers SET password_hash = '' WHERE id = ?", account)
	return err
}

// foldEmail makes one key of the ways to type an address. Where there is nothing
// to fold, the answer is the same memory: clone what is to be kept.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

const (
	maxEmail = 254 // RFC 5321, 4.5.3.1
	maxText  = 200
)

// checkCustomer tells whether a form holds one bare address and a name.
func checkCustomer(email, name string) bool {
	a, err := mail.ParseAddress(email)
	return err == nil && len(email) <= maxEmail && a.Address == email && name != "" && len(name) <= maxText
}
