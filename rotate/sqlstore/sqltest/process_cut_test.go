package sqltest

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// call is one call of a Store that writes. ready brings a new account up to it.
type call struct {
	name  string
	ready func(t *testing.T, s *sqlstore.Store, account string)
	do    func(ctx context.Context, s *sqlstore.Store, account string) error
}

// newEvent is an event of an account.
func newEvent(account string) rotate.Event {
	return rotate.Event{ID: rand.Text(), At: noon(), Kind: rotate.PasswordChanged, Account: account}
}

// noon is when these tests begin.
func noon() time.Time { return time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC) }

// calls are all calls that write.
func calls(seal sealer) []call {
	row := func(account string) rotate.Credential {
		return rotate.Credential{Account: account, Group: "customers", Password: seal.seal(account, "hash")}
	}
	insert := func(t *testing.T, s *sqlstore.Store, account string) {
		require.NoError(t, s.Insert(t.Context(), row(account), []rotate.Event{newEvent(account)}))
	}
	rich := func(t *testing.T, s *sqlstore.Store, account string) {
		insert(t, s, account)
		require.NoError(t, s.Place(t.Context(), func(seq int64) (rotate.Order, []rotate.Event, error) {
			return rotate.Order{ID: rotate.ID(rand.Text()), Seq: seq, Account: account, Reason: rotate.PolicyRaised}, nil, nil
		}))
	}
	nothing := func(*testing.T, *sqlstore.Store, string) {}
	change := func(c *rotate.Credential) ([]rotate.Event, error) {
		c.PasswordGuesses.Total++
		c.Password = seal.seal(c.Account, "another hash")
		return []rotate.Event{newEvent(c.Account), newEvent(c.Account)}, nil
	}
	return []call{
		{"Insert", nothing, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.Insert(ctx, row(account), []rotate.Event{newEvent(account), newEvent(account)})
		}},
		{"Update", insert, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.Update(ctx, account, change)
		}},
		{"Batch", func(t *testing.T, s *sqlstore.Store, account string) {
			insert(t, s, account+"/1")
			insert(t, s, account+"/2")
			insert(t, s, account+"/3")
		}, func(ctx context.Context, s *sqlstore.Store, account string) error {
			_, _, err := s.Batch(ctx, rotate.Query{After: account, Limit: 3}, change)
			return err
		}},
		{"Rename", rich, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.Rename(ctx, account, account+" moved", change)
		}},
		{"Erase", rich, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.Erase(ctx, account, []rotate.Event{newEvent("")})
		}},
		{"Place", nothing, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
				return rotate.Order{ID: rotate.ID(rand.Text()), Seq: seq, Reason: rotate.PolicyRaised}, []rotate.Event{newEvent("")}, nil
			})
		}},
		{"Guess", nothing, func(ctx context.Context, s *sqlstore.Store, account string) error {
			var key [32]byte
			copy(key[:], account)
			return s.Guess(ctx, key, noon(), noon().Add(time.Hour), func(c *rotate.Counter) error {
				c.Total++
				return nil
			})
		}},
		{"Prune", func(t *testing.T, s *sqlstore.Store, account string) {
			for i := range 3 {
				require.NoError(t, s.Guess(t.Context(), [32]byte{byte(i)}, noon(), noon().Add(time.Duration(i)), func(*rotate.Counter) error { return nil }))
			}
		}, func(ctx context.Context, s *sqlstore.Store, _ string) error {
			_, err := s.Prune(ctx, noon().Add(time.Microsecond), 0)
			return err
		}},
		{"Lease", insert, func(ctx context.Context, s *sqlstore.Store, _ string) error {
			_, err := s.Lease(ctx, 10_000, noon(), noon().Add(time.Minute))
			return err
		}},
		{"Delivered", func(t *testing.T, s *sqlstore.Store, account string) {
			c := row(account)
			require.NoError(t, s.Insert(t.Context(), c, []rotate.Event{{ID: account + "!"}}))
		}, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.Delivered(ctx, []string{account + "!"})
		}},
		{"UpdateKeys", nothing, func(ctx context.Context, s *sqlstore.Store, account string) error {
			return s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				return append(keys[:min(len(keys), 2)], rotate.KeyState{ID: account[:9], Canary: "canary"}), []rotate.Event{newEvent("")}, nil
			})
		}},
	}
}

// fault is something that befalls a call at one of its statements.
type fault struct {
	name string
	// before tells that it also comes before a statement. The end of a context
	// there is the same as after the last one.
	before bool
	// strike is called at that statement.
	strike func(cancel context.CancelFunc) error
}

func faults() []fault {
	return []fault{
		{"cut", true, func(context.CancelFunc) error { return errCut }},
		{"cancelled", false, func(cancel context.CancelFunc) error {
			cancel()
			return nil
		}},
		// A driver may tell so of a statement that took effect all the same.
		{"late", false, func(context.CancelFunc) error { return context.DeadlineExceeded }},
	}
}

// TestCallsAreAllOrNothingWhereverTheyAreStruck cuts the connection, or ends the
// context or the time of a statement, before and after each statement of each call
// that writes. What is in the tables afterwards is what was there before, or all
// that the call does; nil says the latter, an error the former, but for an answer
// to COMMIT that got lost. No connection is left in use, and the next call finds
// everything free.
func TestCallsAreAllOrNothingWhereverTheyAreStruck(t *testing.T) {
	for _, c := range calls(newSealer(t)) {
		t.Run(c.name, func(t *testing.T) { eachDatabase(t, c.strike) })
	}
}

// strike strikes one call at each of its statements.
func (c call) strike(t *testing.T, d database) {
	tap := &tap{}
	s, db := d.open(t, tap)
	for _, f := range faults() {
		for _, after := range []bool{false, true} {
			for n, reached := 1, after || f.before; reached; n++ {
				account := rand.Text()
				c.ready(t, s, account)
				before := d.dump(t, db)
				ctx, cancel := context.WithCancel(t.Context())
				struck := tap.nth(n, after, func() error { return f.strike(cancel) })
				err := c.do(ctx, s, account)
				tap.set(nil)
				cancel()
				require.Zero(t, db.Stats().InUse)
				changed := !slices.Equal(before, d.dump(t, db))
				at := fmt.Sprintf("%s, statement %d, after it %t: %s", f.name, n, after, *struck)
				reached = *struck != ""
				switch {
				case err == nil:
					require.True(t, changed, "%s: success without an effect", at)
				case f.name != "cancelled" && after && strings.HasPrefix(*struck, "COMMIT"):
					require.True(t, changed, at)
					require.ErrorIs(t, err, rotate.ErrUncertain, at)
				default:
					require.False(t, changed, "%s: %v, and yet something changed", at, err)
					if f.name == "cancelled" {
						require.ErrorIs(t, err, context.Canceled, at)
					}
					require.NoError(t, c.do(t.Context(), s, account), "%s: once more", at)
				}
				if !reached {
					require.NoError(t, err, at)
					require.Greater(t, n, 3, "%s: nothing was struck", at)
				}
			}
		}
	}
}
