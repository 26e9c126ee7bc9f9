package sqltest

import (
	"crypto/rand"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// The figures of a large shop, as in
//
//	TEST_POSTGRES=postgres://... go test -run '^$' -bench Large -benchtime 1x -rows 1000000 -timeout 30m .
var largeRows = flag.Int("rows", 2000, "how many credentials the benchmarks of a large shop have")

// shops is what the benchmarks of a large shop share, as it takes long to fill.
type shops struct {
	once    sync.Once
	place   place
	ring    *keyring.Ring
	primary string
	failed  error
}

var largeShop shops

// large fills a realm of PostgreSQL once: customers of some stores, each with a
// password sealed under the first key of the ring.
func large(b *testing.B) *shops {
	b.Helper()
	s := postgresServer()
	s.need(b)
	l := &largeShop
	l.once.Do(func() {
		l.place = s.build(b)
		store := s.store(b, l.place.db, sqlstore.Config{})
		ring, err := keyring.New("large", keyring.NewKey(), keyring.NewKey())
		require.NoError(b, err)
		l.ring = ring
		k, err := rotate.New(rotate.Config{Store: store, Ring: ring})
		require.NoError(b, err)
		l.primary = ring.IDs()[0]
		require.NoError(b, k.AddKey(b.Context(), ring.IDs()[1], "staff-1"))
		l.failed = l.fill(b)
	})
	require.NoError(b, l.failed)
	return l
}

// keeper is one instance of the shop, with a pool of its own.
func (l *shops) keeper(b *testing.B) *rotate.Keeper {
	b.Helper()
	store := l.place.store(b, l.place.pool(b, l.place.dsn), sqlstore.Config{Timeout: 10 * time.Minute})
	k, err := rotate.New(rotate.Config{Store: store, Ring: l.ring, Profile: anyGroup})
	require.NoError(b, err)
	return k
}

func anyGroup(string) (rotate.Profile, error) {
	return rotate.Profile{Rules: rotate.ShopCustomer()}, nil
}

// turn promotes the other key.
func (l *shops) turn(b *testing.B, k *rotate.Keeper) {
	b.Helper()
	for _, id := range l.ring.IDs() {
		if id != l.primary {
			l.primary = id
			require.NoError(b, k.PromoteKey(b.Context(), id, "staff-1"))
			return
		}
	}
}

func largeAccount(i int) string { return fmt.Sprintf("c-%08d", i) }

func (l *shops) fill(b *testing.B) error {
	b.Helper()
	conn, err := l.place.db.Conn(b.Context())
	if err != nil {
		return err
	}
	defer conn.Close()
	encoded := []byte("$argon2id$v=19$m=19456,t=2,p=1$" + strings.Repeat("s", 22) + "$" + strings.Repeat("h", 43))
	err = conn.Raw(func(c any) error {
		raw := c.(*stdlib.Conn).Conn()
		_, err := raw.CopyFrom(b.Context(), pgx.Identifier{"tillkey_credentials"}, []string{
			"account", "group_path", "password", "format", "policy_name", "adopted", "created_at", "changed_at", "signed_in_at",
			"epoch", "cleared_seq", "forced_proof", "reminded_ns", "recheck", "password_total", "password_recent",
			"code_total", "code_recent", "factor_seed", "factor_step", "pending_seed", "pending_step",
		}, pgx.CopyFromSlice(*largeRows, func(i int) ([]any, error) {
			account := largeAccount(i)
			sealed, err := l.ring.Seal(l.ring.IDs()[0], keyring.Context{Purpose: "password", Account: account}, encoded)
			at := time.Now().Add(-time.Duration(i) * time.Second).UnixMicro()
			return []any{
				account, fmt.Sprintf("store-%d/customers", i%100), sealed, "argon2id m=19456 t=2 p=1", "ShopCustomer", false, at, at, at,
				int64(i), int64(0), "", int64(0), false, int64(0), int64(0), int64(0), int64(0), "", int64(0), "", int64(0),
			}, err
		}))
		if err != nil {
			return err
		}
		_, err = raw.CopyFrom(b.Context(), pgx.Identifier{"tillkey_seals"}, []string{"account", "key_id"},
			pgx.CopyFromSlice(*largeRows, func(i int) ([]any, error) { return []any{largeAccount(i), l.ring.IDs()[0]}, nil }))
		return err
	})
	if err != nil {
		return err
	}
	for _, table := range []string{"tillkey_credentials", "tillkey_seals"} {
		if _, err := l.place.db.Exec("VACUUM ANALYZE " + table); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkLargeSweep seals every row anew, by so many instances at once.
func BenchmarkLargeSweep(b *testing.B) {
	for _, c := range []struct {
		instances int
		reseal    bool
	}{{1, false}, {2, false}, {1, true}, {2, true}} {
		b.Run(fmt.Sprintf("instances=%d/reseal=%t", c.instances, c.reseal), func(b *testing.B) {
			l := large(b)
			keepers := make([]*rotate.Keeper, c.instances)
			for i := range keepers {
				keepers[i] = l.keeper(b)
			}
			for b.Loop() {
				if c.reseal {
					l.turn(b, keepers[0])
				}
				reports := make([]rotate.Report, c.instances)
				errs := make([]error, c.instances)
				var group sync.WaitGroup
				for i, k := range keepers {
					group.Go(func() { reports[i], errs[i] = k.Sweep(b.Context(), 0) })
				}
				group.Wait()
				resealed := 0
				for i := range keepers {
					require.NoError(b, errs[i])
					resealed += reports[i].Resealed
				}
				if c.reseal {
					require.Equal(b, *largeRows, resealed)
				}
			}
			b.ReportMetric(float64(*largeRows*b.N)/b.Elapsed().Seconds(), "rows/s")
			left := number(b, l.place.db, "SELECT COUNT(*) FROM tillkey_seals WHERE key_id <> $1", l.primary)
			require.Zero(b, left)
		})
	}
}

// BenchmarkLargeForce places an order for all customers, for those of one store
// or for one of them, and asks another instance about a session of before. Its
// copy of the log is not from before the order, which it may be for a second.
func BenchmarkLargeForce(b *testing.B) {
	for name, o := range map[string]rotate.Order{
		"everybody": {}, "store": {Group: "store-7"}, "account": {Account: largeAccount(7)},
	} {
		b.Run(name, func(b *testing.B) {
			l := large(b)
			k := l.keeper(b)
			o.Reason, o.Actor = rotate.Compromise, "staff-1"
			expect, err := k.Preview(b.Context(), o)
			require.NoError(b, err)
			o.Expect = expect
			session := rotate.Session{Account: largeAccount(7), Epoch: 7}
			for b.Loop() {
				b.StopTimer()
				other := l.keeper(b)
				_, err := other.Orders(b.Context()) // it is connected
				require.NoError(b, err)
				b.StartTimer()
				id, err := k.Force(b.Context(), o)
				require.NoError(b, err)
				d, err := other.Valid(b.Context(), session)
				b.StopTimer()
				require.NoError(b, err)
				require.Equal(b, rotate.SignInAgain, d.Next)
				require.NoError(b, k.Withdraw(b.Context(), id, "staff-1", ""))
				b.StartTimer()
			}
			b.ReportMetric(float64(expect), "accounts")
		})
	}
}

// BenchmarkLargePlace is the part of Force that makes an order effective: its row,
// its event and the commit. The rest of it counts.
func BenchmarkLargePlace(b *testing.B) {
	l := large(b)
	s := l.place.store(b, l.place.pool(b, l.place.dsn), sqlstore.Config{})
	for b.Loop() {
		id := rand.Text()
		require.NoError(b, s.Place(b.Context(), func(seq int64) (rotate.Order, []rotate.Event, error) {
			// A withdrawal of nothing, so that it concerns nobody.
			return rotate.Order{ID: rotate.ID(id), Seq: seq, Withdraws: "x", Reason: rotate.Compromise}, []rotate.Event{{ID: id}}, nil
		}))
	}
}

// BenchmarkLargePreview counts whom an order would concern.
func BenchmarkLargePreview(b *testing.B) {
	for name, o := range map[string]rotate.Order{
		"everybody": {}, "changed": {Before: time.Now().Add(-1000 * time.Second)}, "store": {Group: "store-7"}, "account": {Account: largeAccount(7)},
	} {
		b.Run(name, func(b *testing.B) {
			k := large(b).keeper(b)
			o.Reason, o.Actor = rotate.Compromise, "staff-1"
			for b.Loop() {
				_, err := k.Preview(b.Context(), o)
				require.NoError(b, err)
			}
		})
	}
}

// BenchmarkLargePolicyProgress counts the passwords of one store of a hundred that
// the present policy has judged, two of three, and refused, one of a thousand.
func BenchmarkLargePolicyProgress(b *testing.B) {
	l := large(b)
	p, err := anyGroup("")
	require.NoError(b, err)
	_, err = l.place.db.Exec("UPDATE tillkey_credentials SET policy_fingerprint = $1,"+
		" unmet_at = CASE WHEN epoch / 100 % 1000 = 0 THEN 1 END WHERE epoch / 100 % 3 < 2", p.Fingerprint())
	require.NoError(b, err)
	_, err = l.place.db.Exec("VACUUM ANALYZE tillkey_credentials")
	require.NoError(b, err)
	k := l.keeper(b)
	var got rotate.PolicyProgress
	for b.Loop() {
		got, err = k.PolicyProgress(b.Context(), "store-7/customers")
		require.NoError(b, err)
	}
	require.Equal(b, *largeRows/100, got.Total())
	require.InDelta(b, *largeRows/150, got.Met+got.Unmet, 1)
	b.ReportMetric(float64(got.Total()), "accounts")
}

// BenchmarkLargeValid is what a gate asks on each request, by some visitors at
// once.
func BenchmarkLargeValid(b *testing.B) {
	k := large(b).keeper(b)
	b.SetParallelism(4)
	var n atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			i := int(n.Add(7919)) % *largeRows
			if d, err := k.Valid(b.Context(), rotate.Session{Account: largeAccount(i), Epoch: int64(i)}); err != nil || d.Next != rotate.Proceed {
				b.Error(d.Next, err)
				return
			}
		}
	})
}
