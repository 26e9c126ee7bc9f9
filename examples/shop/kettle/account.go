package kettle

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Account is an account of the demonstration, with its password.
type Account struct {
	Email, Name, Password string
	// What is what there is to see, "" of those that fill the lists.
	What  string
	Staff bool
}

// Accounts are the accounts that Open made, none if the database had some.
func (s *Shop) Accounts() (list []Account) {
	for _, a := range s.seeded {
		list = append(list, Account{a.Email, a.Name, a.Password, a.What, a.Staff})
	}
	return list
}

// NewAccount is an account to be added with what is stored as its password.
type NewAccount struct {
	Email, Name string
	// Encoded is a stored hash. If it is "", Password is hashed as one that is
	// chosen now; no policy is asked.
	Encoded, Password string
	Staff             bool
	// Created and Changed are when account and password were made; the zero time
	// means now.
	Created, Changed time.Time
}

// Add puts an account into the database, as an import does, that can sign in at
// once, and returns its id. It is for tests, which want accounts in states that
// no page leads to. Errors are hash.ErrFormat and the like for a hash that cannot
// be read, and those of the database, also where the address is taken.
func (s *Shop) Add(ctx context.Context, a NewAccount) (id string, err error) {
	now := s.now()
	if a.Created.IsZero() {
		a.Created = now
	}
	if a.Changed.IsZero() {
		a.Changed = now
	}
	if a.Encoded == "" {
		if a.Encoded, err = s.hasher.Hash(ctx, a.Password); err != nil {
			return "", err
		}
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer tx.Rollback() // does nothing after a commit
	c, err := insertCustomer(ctx, tx, customer{Email: foldEmail(a.Email), Name: plain(a.Name), Staff: a.Staff}, a.Created, "", sql.NullInt64{})
	if err != nil {
		return "", err
	}
	if err := s.importHash(ctx, tx, c, a.Encoded, a.Created, a.Changed); err != nil {
		return "", err
	}
	return c.Account(), tx.Commit()
}

// StoredHash returns what is stored as the password of an address, without its
// seal. rotate.ErrNotFound: there is no such account, or no password.
func (s *Shop) StoredHash(ctx context.Context, email string) (encoded string, err error) {
	account, err := s.customers.Find(ctx, email)
	if err != nil {
		return "", err
	}
	if account == "" {
		return "", rotate.ErrNotFound
	}
	if _, err := s.keeper.Lookup(ctx, account); err != nil { // adopts one that was not seen yet
		return "", err
	}
	err = s.keeper.Export(ctx, rotate.Query{Account: account}, func(_, text string) error {
		encoded = text
		return nil
	})
	if err == nil && encoded == "" {
		err = rotate.ErrNotFound
	}
	return encoded, err
}

// insertCustomer writes the shop's own row of somebody whose address is proven.
// column and set are the hash of the time before Tillkey, and of when it is.
func insertCustomer(ctx context.Context, tx *sql.Tx, c customer, created time.Time, column string, set sql.NullInt64) (customer, error) {
	err := tx.QueryRowContext(ctx, `INSERT INTO customers (email, name, staff, created_at, confirmed_at, password_hash, password_set_at)
		VALUES ($1, $2, $3, $4, $4, $5, $6) RETURNING id`, c.Email, c.Name, c.Staff, created.UnixMicro(), column, set).Scan(&c.ID)
	return c, err
}

// importHash imports the stored hash of one account.
func (s *Shop) importHash(ctx context.Context, tx *sql.Tx, c customer, encoded string, created, changed time.Time) error {
	report, err := s.within(tx).Import(ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: c.Account(), Group: c.Group(), Encoded: encoded, Created: created, Changed: changed}, nil)
	})
	for _, p := range report.Problems {
		err = errors.Join(err, p.Err)
	}
	return err
}
