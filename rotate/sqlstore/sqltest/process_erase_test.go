package sqltest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// oneAddress is where all mail goes.
type oneAddress string

func (a oneAddress) Address(context.Context, string) (string, time.Time, error) {
	return string(a), time.Time{}, nil
}

// TestEraseLeavesNoTrace lives through all that writes something about an
// account, under two ids, and looks into every column of every table: before the
// end it is named in each table that can name it, and afterwards in none. The
// names and addresses it signs in with are in no table at any time.
func TestEraseLeavesNoTrace(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		ctx := t.Context()
		f := newShop(t, d)
		first, second, name := rand.Text(), rand.Text(), rand.Text()+"@example.com"
		k := f.job.keeper(t, f.s, func(c *rotate.Config) { c.Addresses = oneAddress(name) })
		password := "K1 " + rand.Text()
		tables := func(text string) map[string]int {
			found := map[string]int{}
			for _, row := range f.rows() {
				if table, _, _ := strings.Cut(row, ": "); strings.Contains(row, text) {
					found[strings.TrimPrefix(table, "tillkey_")]++
				}
			}
			return found
		}
		attempt := func(account, password string) rotate.Attempt {
			return rotate.Attempt{Name: name, Account: account, Password: password, Browser: browser}
		}

		v, err := k.SignUp(ctx, rotate.NewAccount{Account: first, Password: password, Browser: browser})
		require.NoError(t, err)
		s := v.Session
		e, err := k.Enroll(ctx, s, rotate.Proofs{Password: password, Browser: browser})
		require.NoError(t, err)
		v, codes, err := k.Confirm(ctx, s, rotate.Proofs{Code: e.Secret.Code(f.job.Now), Browser: browser})
		require.NoError(t, err)
		s = v.Session
		_, err = k.Login(ctx, attempt(first, "not it"))
		require.ErrorIs(t, err, rotate.ErrDenied)
		_, err = k.Force(ctx, rotate.Order{Account: first, Reason: rotate.PolicyRaised, Grace: 240 * time.Hour, Actor: "staff-1", Expect: 1})
		require.NoError(t, err)
		_, err = k.Sweep(ctx, 0)
		require.NoError(t, err)
		fresh := "K2 " + rand.Text()
		v, err = k.Change(ctx, s, rotate.Proofs{Password: password, NewPassword: fresh, Browser: browser})
		require.NoError(t, err)
		s = v.Session
		for range 5 {
			_, err = k.StepUp(ctx, s, rotate.Proofs{Code: "000000", Browser: browser})
			require.Error(t, err)
		}
		require.NoError(t, k.Move(ctx, first, second, "staff-1"))
		require.Empty(t, tables(first), "it moved, and its old id stayed")
		v, err = k.Login(ctx, attempt(second, fresh))
		require.NoError(t, err)
		require.Equal(t, rotate.NeedCode, v.Next)
		_, err = k.Continue(ctx, v.Ticket, rotate.Proofs{Recovery: codes[0].Reveal(), Browser: browser})
		require.NoError(t, err)
		_, err = k.Issue(ctx, rotate.Request{Account: second, Vouched: "staff-1"})
		require.NoError(t, err)
		_, err = k.Deliver(ctx)
		require.NoError(t, err)
		_, err = k.Force(ctx, rotate.Order{Account: second, Reason: rotate.Compromise, Actor: "staff-1", Expect: 1})
		require.NoError(t, err)

		found := tables(second)
		for table, n := range map[string]int{"credentials": 1, "seals": 1, "orders": 2, "events": 12} {
			require.GreaterOrEqual(t, found[table], n, "rows of %s that name the account", table)
		}
		require.Len(t, found, 4, "a table that this test does not know names the account")
		require.Empty(t, tables(name))
		require.NoError(t, k.Erase(ctx, second, "staff-1"))
		for _, text := range []string{first, second, name} {
			require.Empty(t, tables(text), "something still names it")
		}
		require.Equal(t, 1, tables("erased")["events"])
	})
}
