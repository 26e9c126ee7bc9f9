package sqltest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestRefuses lists what no law of the contract decides and this Store reports,
// as memstore does.
func TestRefuses(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, _ := on.fresh(t)
		ctx := t.Context()
		known := rotate.Event{ID: "known", Account: "b"}
		require.NoError(t, s.Insert(ctx, rotate.Credential{Account: "a"}, []rotate.Event{known}))
		for name, call := range map[string]func() error{
			"an event without an id": func() error {
				return s.Insert(ctx, rotate.Credential{Account: "b"}, []rotate.Event{{}})
			},
			"an event that is there": func() error {
				return s.Erase(ctx, "a", []rotate.Event{known})
			},
			"one event twice": func() error {
				return s.UpdateKeys(ctx, func(k []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
					return k, []rotate.Event{{ID: "new"}, {ID: "new"}}, nil
				})
			},
			"an event that names the erased account": func() error {
				return s.Erase(ctx, "a", []rotate.Event{{ID: "new", Account: "a"}})
			},
			"an event that moves to the erased account": func() error {
				return s.Erase(ctx, "a", []rotate.Event{{ID: "new", Account: "b", To: "a"}})
			},
			"one key twice": func() error {
				return s.UpdateKeys(ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
					return []rotate.KeyState{{ID: "k"}, {ID: "k"}}, []rotate.Event{{ID: "new"}}, nil
				})
			},
			"another account": func() error {
				return s.Rename(ctx, "a", "c", func(c *rotate.Credential) ([]rotate.Event, error) {
					c.Account = "b"
					return []rotate.Event{{ID: "new"}}, nil
				})
			},
			"a time that no database keeps": func() error {
				return s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
					c.Changed = time.Unix(1<<55, 0)
					return []rotate.Event{{ID: "new"}}, nil
				})
			},
			"too many tickets": func() error {
				return s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
					c.Spent = slices.Repeat([]rotate.Spent{{Nonce: strings.Repeat("x", 1<<14)}}, 64)
					return []rotate.Event{{ID: "new"}}, nil
				})
			},
			"a guess that no database keeps": func() error {
				return s.Guess(ctx, [32]byte{}, time.Time{}, time.Unix(1<<55, 0), func(*rotate.Counter) error { return nil })
			},
			"a query that no database answers": func() error {
				_, err := s.Count(ctx, rotate.Query{ChangedBefore: time.Unix(1<<55, 0)})
				return err
			},
		} {
			require.ErrorContains(t, call(), "sqlstore: ", name)
			_, err := s.Load(ctx, "a")
			require.NoError(t, err, name)
			for _, account := range []string{"b", "c"} {
				_, err = s.Load(ctx, account)
				require.ErrorIs(t, err, rotate.ErrNotFound, name)
			}
			events, err := s.Events(ctx, "", "", 10)
			require.NoError(t, err)
			require.Equal(t, []rotate.Event{known}, events, name)
		}
		n, err := s.Prune(ctx, time.Time{}, -1)
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

// TestChangedBeforeIsExact asks between two microseconds.
func TestChangedBeforeIsExact(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, _ := on.fresh(t)
		at := time.Date(2030, 1, 2, 3, 4, 5, 6000, time.UTC)
		c := rotate.Credential{Account: "a", Changed: at}
		require.NoError(t, s.Insert(t.Context(), c, nil))
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "unknown"}, nil))
		for _, off := range []time.Duration{-1000, -1, 0, 1, 999, 1000} {
			q := rotate.Query{Account: "a", ChangedBefore: at.Add(off)}
			n, err := s.Count(t.Context(), q)
			require.NoError(t, err)
			require.Equal(t, q.Matches(&c), n == 1, "%v", off)
		}
		for _, before := range []time.Time{time.Time{}.Add(-time.Hour), time.Time{}.Add(time.Nanosecond)} {
			q := rotate.Query{Account: "unknown", ChangedBefore: before}
			n, err := s.Count(t.Context(), q)
			require.NoError(t, err)
			require.Equal(t, q.Matches(&rotate.Credential{Account: "unknown"}), n == 1, "%v", before)
		}
	})
}
