package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// customer is a row of the shop's own table, which was there before Tillkey.
type customer struct {
	ID    uint
	Email string `gorm:"index:,unique,where:confirmed_at IS NOT NULL"` // in lower case
	Staff bool
	// PasswordHash is of the time before, by bcrypt. It is emptied once Tillkey
	// has taken it over.
	PasswordHash  string
	PasswordSetAt *time.Time
	CreatedAt     time.Time
	// ConfirmedAt is when the address was proven; nil: nobody can sign in yet.
	ConfirmedAt *time.Time
	ConfirmSum  []byte // SHA-256 of the mailed token
}

func (c customer) account() string { return strconv.FormatUint(uint64(c.ID), 10) }

// byEmail and byAccount are the table as Tillkey sees it.
func (s *shop) byEmail(ctx context.Context, name string) (rotate.Customer, error) {
	return s.find(ctx, "email = ?", foldEmail(name))
}

func (s *shop) byAccount(ctx context.Context, account string) (rotate.Customer, error) {
	id, err := strconv.ParseUint(account, 10, 31)
	if err != nil {
		return rotate.Customer{}, rotate.ErrNotFound
	}
	return s.find(ctx, "id = ?", id)
}

func (s *shop) find(ctx context.Context, where string, key any) (rotate.Customer, error) {
	c, err := s.row(ctx, where, key)
	if err != nil {
		return rotate.Customer{}, err
	}
	found := rotate.Customer{Account: c.account(), About: []string{c.Email}, Address: c.Email, Since: *c.ConfirmedAt}
	found.Foreign = rotate.Foreign{Encoded: c.PasswordHash, Created: c.CreatedAt}
	if c.Staff {
		found.Foreign.Group = "staff"
	}
	if c.PasswordSetAt != nil {
		found.Foreign.Changed = *c.PasswordSetAt
	}
	return found, nil
}

// row reads a customer who has proven the address.
func (s *shop) row(ctx context.Context, where string, key any) (c customer, err error) {
	err = s.db.WithContext(ctx).Where("confirmed_at IS NOT NULL").Where(where, key).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = rotate.ErrNotFound
	}
	return c, err
}

// forgetHash empties the old column in the transaction in which Tillkey stores
// another hash, so the code of the time before never lets an old password in.
func (s *shop) forgetHash(ctx context.Context, tx sqlstore.Conn, events []rotate.Event) error {
	for _, e := range events {
		switch e.Kind {
		case rotate.HashUpgraded, rotate.PasswordChanged, rotate.PasswordReset:
			if _, err := tx.ExecContext(ctx, "UPDATE customers SET password_hash = '' WHERE id = $1", e.Account); err != nil {
				return err
			}
		}
	}
	return nil
}

// confirmFor is how long a mailed token is good.
const confirmFor = 24 * time.Hour

// register writes customer and credential in one transaction, or tells the owner
// of an address that it is taken.
func (s *shop) register(ctx context.Context, email string, draft *rotate.Draft) error {
	email = foldEmail(email)
	_, err := s.row(ctx, "email = ?", email)
	if err == nil {
		s.mail.send(email, "You have an account already", "nothing was changed")
		return nil
	}
	if !errors.Is(err, rotate.ErrNotFound) {
		return err
	}
	token := rand.Text()
	sum := sha256.Sum256([]byte(token))
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		c := customer{Email: email, CreatedAt: s.Now(), ConfirmSum: sum[:]}
		if err := tx.Create(&c).Error; err != nil {
			return err
		}
		within := s.keeper.Within(s.store.On(tx.Statement.ConnPool.(sqlstore.Conn)))
		_, err := within.Create(ctx, draft.For(c.account()))
		return err
	})
	if err == nil {
		s.mail.send(email, "Welcome", "confirm "+token)
	}
	return err
}

// unconfirmed is the account that a mailed token proves the address of.
func (s *shop) unconfirmed(ctx context.Context, token string) (account string, err error) {
	sum := sha256.Sum256([]byte(token))
	var c customer
	err = s.db.WithContext(ctx).Where("confirm_sum = ? AND confirmed_at IS NULL AND created_at > ?", sum[:], s.Now().Add(-confirmFor)).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = rotate.ErrTicket
	}
	return c.account(), err
}

func (s *shop) confirmAddress(ctx context.Context, account string) error {
	err := s.db.WithContext(ctx).Model(&customer{}).Where("id = ?", account).
		Updates(map[string]any{"confirmed_at": s.Now(), "confirm_sum": nil}).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		err = rotate.ErrTicket // another claim of this address was proven first
	}
	return err
}

func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
