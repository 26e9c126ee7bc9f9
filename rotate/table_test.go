package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

var errTableAway = errors.New("the table is away")

// tableOf is a Table of one customer, and one that fails for the name "away".
func tableOf(c rotate.Customer, name string) rotate.Table {
	find := func(want string) func(context.Context, string) (rotate.Customer, error) {
		return func(_ context.Context, got string) (rotate.Customer, error) {
			switch got {
			case want:
				return c, nil
			case "away":
				return rotate.Customer{}, errTableAway
			}
			return rotate.Customer{}, fmt.Errorf("customer: %w", rotate.ErrNotFound)
		}
	}
	return rotate.Table{ByName: find(name), ByAccount: find(c.Account)}
}

// TestTableKeepsTheContract: each method of Customers and Addresses says what
// its comment says for somebody, for nobody, and where nobody knows.
func TestTableKeepsTheContract(t *testing.T) {
	ctx := t.Context()
	since := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	ada := rotate.Customer{Account: "17", About: []string{"Ada"}, Address: "ada@example.com", Since: since, Foreign: rotate.Foreign{Encoded: "x", Group: "staff"}}
	table := tableOf(ada, "ada@example.com")

	account, err := table.Find(ctx, "ada@example.com")
	require.NoError(t, err)
	require.Equal(t, "17", account)
	about, err := table.About(ctx, "17")
	require.NoError(t, err)
	require.Equal(t, []string{"Ada"}, about)
	foreign, err := table.Foreign(ctx, "17")
	require.NoError(t, err)
	require.Equal(t, ada.Foreign, foreign)
	address, at, err := table.Address(ctx, "17")
	require.NoError(t, err)
	require.Equal(t, "ada@example.com", address)
	require.Equal(t, since, at)

	account, err = table.Find(ctx, "nobody")
	require.NoError(t, err)
	require.Empty(t, account)
	about, err = table.About(ctx, "18")
	require.NoError(t, err)
	require.Empty(t, about)
	_, err = table.Foreign(ctx, "18")
	require.ErrorIs(t, err, rotate.ErrNotFound)
	address, _, err = table.Address(ctx, "18")
	require.NoError(t, err)
	require.Empty(t, address)

	for _, table := range []struct {
		rotate.Table
		err error
	}{{table, errTableAway}, {rotate.Table{}, rotate.ErrConfig}} {
		_, err = table.Find(ctx, "away")
		require.ErrorIs(t, err, table.err)
		_, err = table.About(ctx, "away")
		require.ErrorIs(t, err, table.err)
		_, err = table.Foreign(ctx, "away")
		require.ErrorIs(t, err, table.err)
		_, _, err = table.Address(ctx, "away")
		require.ErrorIs(t, err, table.err)
	}
}

// TestTableAdopts: a Keeper takes over the hash of a Table, and mails to its
// address.
func TestTableAdopts(t *testing.T) {
	ctx := t.Context()
	old, err := bcrypt.GenerateFromPassword([]byte("plum kettle orbit 92 fjord"), bcrypt.MinCost)
	require.NoError(t, err)
	browser := strings.Repeat("b", 16)
	c := rotate.Customer{Account: "17", Address: "ada@example.com", Foreign: rotate.Foreign{Encoded: string(old)}}
	ring, err := keyring.New("table", keyring.NewKey())
	require.NoError(t, err)
	store := memstore.New()
	k, err := rotate.New(rotate.Config{Store: store, Ring: ring, Customers: tableOf(c, "ada")})
	require.NoError(t, err)

	_, err = k.Login(ctx, rotate.Attempt{Name: "ada", Password: "wrong", Browser: browser})
	require.ErrorIs(t, err, rotate.ErrDenied)
	d, err := k.Login(ctx, rotate.Attempt{Name: "ada", Password: "plum kettle orbit 92 fjord", Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	require.Equal(t, "17", d.Session.Account)
	_, err = k.Login(ctx, rotate.Attempt{Name: "bob", Password: "plum kettle orbit 92 fjord", Browser: browser})
	require.ErrorIs(t, err, rotate.ErrDenied)
}

func ExampleTable() {
	type row struct {
		ID          int
		Email, Hash string
	}
	rows := []row{{17, "ada@example.com", "$2y$10$abcdefghijklmnopqrstuuKpJ1nK4tNzXWQXVmYQhVQqJ7l0yQ0a2"}}
	// One query of the shop, by one column or the other.
	read := func(match func(row) bool) (rotate.Customer, error) {
		for _, r := range rows {
			if match(r) {
				return rotate.Customer{
					Account: strconv.Itoa(r.ID), Address: r.Email, About: []string{r.Email}, Foreign: rotate.Foreign{Encoded: r.Hash},
				}, nil
			}
		}
		return rotate.Customer{}, rotate.ErrNotFound
	}
	table := rotate.Table{
		ByName: func(_ context.Context, name string) (rotate.Customer, error) {
			return read(func(r row) bool { return r.Email == name })
		},
		ByAccount: func(_ context.Context, account string) (rotate.Customer, error) {
			return read(func(r row) bool { return strconv.Itoa(r.ID) == account })
		},
	}
	account, err := table.Find(context.Background(), "ada@example.com")
	fmt.Println(account, err)
	// Output: 17 <nil>
}
