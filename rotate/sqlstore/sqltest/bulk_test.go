package sqltest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/totp"
)

// awkward are texts that quoting gets wrong.
func awkward() []string {
	return []string{"", "plain", `"`, `\`, `\\"`, "{a,b}", "NULL", "null", "a,b", " a ", "'", "?", "$1", "tillkey_", "ä😀", "\n\t", `\x00`, "%s"}
}

// TestBatchWritesWhatUpdateWrites changes random columns of many rows at once on
// each server, and one row after the other on SQLite, whose rows are the measure.
func TestBatchWritesWhatUpdateWrites(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		const rows, rounds = 60, 25
		random := rand.New(rand.NewPCG(3, 4))
		pick := func() string { return awkward()[random.IntN(len(awkward()))] }
		keys := []sealer{newSealer(t), newSealer(t), newSealer(t)}
		tested, _ := on.fresh(t)
		measure, _ := sqliteServer().fresh(t)
		stores := []*sqlstore.Store{tested, measure}
		for i := range rows {
			c := rotate.Credential{Account: fmt.Sprintf("%03d %s", i, pick()), Group: pick()}
			for _, s := range stores {
				require.NoError(t, s.Insert(t.Context(), c, nil))
			}
		}
		for round := range rounds {
			at := func() time.Time { return time.UnixMicro(random.Int64N(1 << 50)).UTC() }
			edits := []func(c *rotate.Credential){
				func(c *rotate.Credential) { c.Group, c.Format, c.PolicyName = pick(), pick(), pick() },
				func(c *rotate.Credential) { c.Changed, c.SignedIn = at(), time.Time{} },
				func(c *rotate.Credential) { c.Recheck, c.Adopted = !c.Recheck, !c.Adopted },
				func(c *rotate.Credential) { c.Epoch, c.ClearedSeq = random.Int64(), -random.Int64() },
				func(c *rotate.Credential) { c.Forced = &rotate.Forced{Reason: rotate.Reason(pick()), Since: at()} },
				func(c *rotate.Credential) { c.Forced, c.Factor, c.Pending = nil, nil, nil },
				func(c *rotate.Credential) { c.Password = keys[random.IntN(3)].seal(c.Account, "x") },
				func(c *rotate.Credential) { c.Password = "" },
				func(c *rotate.Credential) {
					c.Factor = &rotate.Factor{ID: pick(), Seed: keys[random.IntN(3)].seal(c.Account, "x"), Step: totp.Step(random.Int64()), Since: at()}
				},
				func(c *rotate.Credential) {
					c.Retired = append(c.Retired, rotate.Retired{Password: keys[random.IntN(3)].seal(c.Account, "x"), At: at(), Burned: true})
				},
				func(c *rotate.Credential) {
					c.Retired, c.Recovery = nil, []totp.Sum{{byte(random.IntN(256))}, {31: '\\'}, {'"', ','}}
				},
				func(c *rotate.Credential) { c.Spent, c.Recovery = []rotate.Spent{{Nonce: pick(), Until: at()}}, nil },
				func(c *rotate.Credential) {
					c.Reminded = rotate.Reminded{By: at(), Before: time.Duration(random.Int64())}
				},
				func(*rotate.Credential) {},
			}
			// What an fn does to a row is drawn once, for both stores.
			after := make(map[string]rotate.Credential)
			events := make(map[string][]rotate.Event)
			which := []int{random.IntN(len(edits)), random.IntN(len(edits))}
			fn := func(c *rotate.Credential) ([]rotate.Event, error) {
				if _, drawn := after[c.Account]; !drawn {
					row := c.Clone()
					for _, i := range which {
						edits[i](&row)
					}
					after[c.Account] = row
					for i := range random.IntN(3) {
						events[c.Account] = append(events[c.Account], rotate.Event{ID: fmt.Sprint(round, " ", c.Account, i), Account: c.Account, Actor: pick(), By: at()})
					}
				}
				row := after[c.Account]
				*c = row.Clone()
				if len(events[c.Account]) == 2 {
					return events[c.Account], rotate.ErrUnchanged
				}
				return events[c.Account], nil
			}
			q := rotate.Query{Limit: 1 + random.IntN(rows)}
			for _, s := range stores {
				n, _, err := s.Batch(t.Context(), q, fn)
				require.NoError(t, err)
				require.Equal(t, q.Limit, n)
			}
		}
		want, err := measure.Page(t.Context(), rotate.Query{})
		require.NoError(t, err)
		got, err := tested.Page(t.Context(), rotate.Query{})
		require.NoError(t, err)
		require.Equal(t, want, got)
		told, err := measure.Events(t.Context(), "", "", 10_000)
		require.NoError(t, err)
		same, err := tested.Events(t.Context(), "", "", 10_000)
		require.NoError(t, err)
		require.Equal(t, told, same)
		for _, k := range keys {
			want, err := measure.KeyUse(t.Context(), k.id)
			require.NoError(t, err)
			require.Positive(t, want)
			got, err := tested.KeyUse(t.Context(), k.id)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
}

// TestBatchMendsSeals that were lost by hand.
func TestBatchMendsSeals(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		s, p, old := stocked(t, on)
		_, err := p.db.Exec("DELETE FROM tillkey_seals WHERE account < 'z-2'")
		require.NoError(t, err)
		fresh := newSealer(t)
		n, _, err := s.Batch(t.Context(), rotate.Query{Limit: 500}, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Password = fresh.seal(c.Account, "y")
			return nil, nil
		})
		require.NoError(t, err)
		require.Equal(t, 301, n)
		for id, want := range map[string]int{old.id: 0, fresh.id: 301} {
			n, err := s.KeyUse(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
	})
}

// TestLargestRows writes lists of nearly 1 MiB and the farthest moments, by
// Insert, Update and Batch.
func TestLargestRows(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, _ := on.fresh(t)
		k := newSealer(t)
		first, last := time.Date(-290_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(290_000, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
		large := rotate.Credential{Account: "a", Created: first, Changed: last, Recovery: make([]totp.Sum, totp.MaxRecoveryCodes)}
		long := k.seal("a", string(make([]byte, 3000)))
		for range 20 {
			large.Retired = append(large.Retired, rotate.Retired{Password: long, At: first, Until: last})
		}
		// Few and long ones, as comparing many takes long.
		text := strings.Repeat("'\\\"😀", 2000)
		for range 55 {
			large.Spent = append(large.Spent, rotate.Spent{Nonce: text, Until: last})
		}
		for i := range 5 {
			large.Ended = append(large.Ended, rotate.Ended{ID: text[:len(text)-7*i], Until: first})
		}
		require.NoError(t, s.Insert(t.Context(), large, nil))
		whole := func() {
			got, err := s.Load(t.Context(), "a")
			require.NoError(t, err)
			require.Equal(t, large, got)
		}
		whole()
		small := func(c *rotate.Credential) ([]rotate.Event, error) {
			*c = rotate.Credential{Account: c.Account}
			return nil, nil
		}
		grow := func(c *rotate.Credential) ([]rotate.Event, error) {
			account := c.Account
			*c = large.Clone()
			c.Account = account
			return nil, nil
		}
		for _, fn := range []func(*rotate.Credential) ([]rotate.Event, error){small, grow} {
			require.NoError(t, s.Update(t.Context(), "a", fn))
		}
		whole()
		for _, account := range []string{"b", "c"} {
			require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: account}, nil))
		}
		for _, fn := range []func(*rotate.Credential) ([]rotate.Event, error){small, grow} {
			_, _, err := s.Batch(t.Context(), rotate.Query{}, fn)
			require.NoError(t, err)
		}
		whole()
		// One list too long is refused by each of them alike.
		large.Spent = append(large.Spent, large.Spent[:5]...)
		require.ErrorContains(t, s.Update(t.Context(), "a", grow), "1 MiB")
		_, _, err := s.Batch(t.Context(), rotate.Query{}, grow)
		require.ErrorContains(t, err, "1 MiB")
	})
}
