package rotate

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Customer is what a shop's own table knows of a customer.
type Customer struct {
	// Account is the shop's immutable id.
	Account string
	// About are words the password must not be made of, such as names and the
	// e-mail address.
	About []string
	// Address is where mail goes, Since how long it has been on file: the zero
	// time means always. "" if nothing can be mailed.
	Address string
	Since   time.Time
	// Foreign is the hash the shop has kept so far.
	Foreign Foreign
}

// Table is [Customers] and [Addresses] of a shop that reads a customer by one
// query: give it to [Config].Customers. Both functions return ErrNotFound where
// there is no such customer, and are safe for concurrent use.
type Table struct {
	// ByName finds a customer by the typed name or e-mail address; nil if the
	// shop passes accounts.
	ByName func(ctx context.Context, name string) (Customer, error)
	// ByAccount reads a customer by the shop's id. Required.
	ByAccount func(ctx context.Context, account string) (Customer, error)
}

var (
	_ Customers = Table{}
	_ Addresses = Table{}
)

// Find implements [Customers].
func (t Table) Find(ctx context.Context, name string) (account string, err error) {
	if t.ByName == nil {
		return "", fmt.Errorf("%w: Table.ByName is nil, so an Attempt needs an Account", ErrConfig)
	}
	c, err := t.ByName(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return c.Account, err
}

// About implements [Customers]. A customer who is not in the table yet signs up,
// and brings the words along.
func (t Table) About(ctx context.Context, account string) ([]string, error) {
	c, err := t.read(ctx, account)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return c.About, err
}

// Foreign implements [Customers].
func (t Table) Foreign(ctx context.Context, account string) (Foreign, error) {
	c, err := t.read(ctx, account)
	return c.Foreign, err
}

// Address implements [Addresses].
func (t Table) Address(ctx context.Context, account string) (address string, since time.Time, err error) {
	c, err := t.read(ctx, account)
	if errors.Is(err, ErrNotFound) {
		return "", time.Time{}, nil
	}
	return c.Address, c.Since, err
}

func (t Table) read(ctx context.Context, account string) (Customer, error) {
	if t.ByAccount == nil {
		return Customer{}, fmt.Errorf("%w: Table.ByAccount is nil", ErrConfig)
	}
	return t.ByAccount(ctx, account)
}
