package kettle

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// customers is the shop's own table. It is what Tillkey knows of the shop:
// rotate.Customers and rotate.Addresses.
type customers struct {
	db  *database
	now func() time.Time
}

var (
	_ rotate.Customers = customers{}
	_ rotate.Addresses = customers{}
)

// customer is one row.
type customer struct {
	ID          int64
	Email, Name string
	Staff       bool
	Confirmed   time.Time
}

// Account is the customer's id as Tillkey knows it.
func (c customer) Account() string { return strconv.FormatInt(c.ID, 10) }

// Group is the profile of the customer.
func (c customer) Group() string {
	if c.Staff {
		return groupStaff
	}
	return groupCustomers
}

// Find implements rotate.Customers. Who has not proven the address cannot sign
// in, and looks like nobody.
func (t customers) Find(ctx context.Context, name string) (account string, err error) {
	err = t.db.QueryRowContext(ctx, "SELECT id FROM customers WHERE email = $1 AND confirmed_at IS NOT NULL", foldEmail(name)).Scan(&account)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return account, err
}

// About implements rotate.Customers.
func (t customers) About(ctx context.Context, account string) ([]string, error) {
	c, err := t.load(ctx, account)
	if errors.Is(err, rotate.ErrNotFound) {
		return nil, nil // a sign-up: the form has the words
	}
	return []string{c.Email, c.Name}, err
}

// Foreign implements rotate.Customers: the bcrypt hashes of the time before.
func (t customers) Foreign(ctx context.Context, account string) (rotate.Foreign, error) {
	c, err := t.load(ctx, account)
	if err != nil {
		return rotate.Foreign{}, err
	}
	f := rotate.Foreign{Group: c.Group()}
	var created int64
	var changed sql.NullInt64
	row := t.db.QueryRowContext(ctx, "SELECT password_hash, created_at, password_set_at FROM customers WHERE id = $1", account)
	if err := row.Scan(&f.Encoded, &created, &changed); err != nil {
		return rotate.Foreign{}, err
	}
	f.Created = time.UnixMicro(created)
	if changed.Valid {
		f.Changed = time.UnixMicro(changed.Int64)
	}
	return f, nil
}

// Address implements rotate.Addresses.
func (t customers) Address(ctx context.Context, account string) (string, time.Time, error) {
	c, err := t.load(ctx, account)
	if errors.Is(err, rotate.ErrNotFound) {
		return "", time.Time{}, nil
	}
	return c.Email, c.Confirmed, err
}

// forgetHash empties the shop's old column, once its hash was taken over.
func (t customers) forgetHash(ctx context.Context, account string) error {
	_, err := t.db.ExecContext(ctx, "UPDATE customers SET password_hash = '' WHERE id = $1", account)
	return err
}

const customerColumns = "SELECT id, email, name, staff, confirmed_at FROM customers WHERE confirmed_at IS NOT NULL "

// load reads one customer. rotate.ErrNotFound: there is none.
func (t customers) load(ctx context.Context, account string) (customer, error) {
	if _, err := strconv.ParseInt(account, 10, 64); err != nil {
		return customer{}, rotate.ErrNotFound
	}
	list, err := t.query(ctx, customerColumns+"AND id = $1", account)
	if err == nil && len(list) == 0 {
		err = rotate.ErrNotFound
	}
	if err != nil {
		return customer{}, err
	}
	return list[0], nil
}

// page reads up to limit customers with greater ids, in their order.
func (t customers) page(ctx context.Context, after int64, limit int) ([]customer, error) {
	return t.query(ctx, customerColumns+"AND id > $1 ORDER BY id LIMIT $2", after, limit)
}

func (t customers) query(ctx context.Context, query string, args ...any) (list []customer, err error) {
	rows, err := t.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c customer
		var confirmed int64
		if err := rows.Scan(&c.ID, &c.Email, &c.Name, &c.Staff, &confirmed); err != nil {
			return nil, err
		}
		c.Confirmed = time.UnixMicro(confirmed)
		list = append(list, c)
	}
	return list, rows.Err()
}

// foldEmail makes one key of the ways to type an address.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(plain(email))) }

const (
	maxEmail = 254 // RFC 5321, 4.5.3.1
	maxName  = 100
)

// checkEmail tells whether a text is one bare address.
func checkEmail(email string) bool {
	a, err := mail.ParseAddress(email)
	return err == nil && len(email) <= maxEmail && a.Address == email
}
