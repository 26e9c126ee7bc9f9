package tilltest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Customer is one row of a shop's customers table.
type Customer struct {
	// Account is the shop's immutable id.
	Account string
	// Address is the e-mail address the customer signs in with, in any case.
	Address string
	// Since is when the address was put on file; the zero time means always.
	Since time.Time
	// About are words the password must not be made of, beside the address.
	About []string
	// Foreign is the hash the shop has kept so far, if any.
	Foreign rotate.Foreign
}

// Customers is a shop's customers table in memory. It is the Customers and the
// Addresses of a Keeper, and safe for concurrent use. The zero value is an
// empty table.
type Customers struct {
	mu   sync.Mutex
	rows map[string]Customer
}

var (
	_ rotate.Customers = (*Customers)(nil)
	_ rotate.Addresses = (*Customers)(nil)
)

// Add puts a customer into the table, in place of the one with the same
// account. To change an address, add the customer again with another one.
func (c *Customers) Add(row Customer) {
	row.About = slices.Clone(row.About)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rows == nil {
		c.rows = make(map[string]Customer)
	}
	c.rows[row.Account] = row
}

// Remove takes a customer out of the table. An account that is not in it is
// ignored.
func (c *Customers) Remove(account string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.rows, account)
}

// Find implements [rotate.Customers]. Of several customers with one address it
// takes the one whose account comes first.
func (c *Customers) Find(_ context.Context, name string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := ""
	for account, row := range c.rows {
		if row.Address != "" && strings.EqualFold(row.Address, strings.TrimSpace(name)) && (found == "" || account < found) {
			found = account
		}
	}
	return found, nil
}

// About implements [rotate.Customers].
func (c *Customers) About(_ context.Context, account string) ([]string, error) {
	row, ok := c.row(account)
	if !ok {
		return nil, nil
	}
	return append(slices.Clone(row.About), row.Address), nil
}

// Foreign implements [rotate.Customers]. [rotate.ErrNotFound]: the account is
// not in the table, and no credential is made for it.
func (c *Customers) Foreign(_ context.Context, account string) (rotate.Foreign, error) {
	row, ok := c.row(account)
	if !ok {
		return rotate.Foreign{}, rotate.ErrNotFound
	}
	return row.Foreign, nil
}

// Address implements [rotate.Addresses].
func (c *Customers) Address(_ context.Context, account string) (string, time.Time, error) {
	row, _ := c.row(account)
	return row.Address, row.Since, nil
}

func (c *Customers) row(account string) (Customer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	row, ok := c.rows[account]
	return row, ok
}
