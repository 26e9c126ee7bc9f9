package rotate_test

import (
	"fmt"
	"testing"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// BenchmarkLogin signs in: with the hash that shops use, which takes most of the
// time by design, and with the cheapest one, so that the flow itself is seen.
func BenchmarkLogin(b *testing.B) {
	usual, err := hash.New(hash.Config{})
	if err != nil {
		b.Fatal(err)
	}
	for name, hasher := range map[string]*hash.Hasher{"default": usual, "cheapest": nil} {
		b.Run("hash="+name, func(b *testing.B) {
			ctx := b.Context()
			realm := newRealm(b, rotate.Config{Hasher: hasher})
			if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "a", Password: password, Browser: browser}); err != nil {
				b.Fatal(err)
			}
			try := rotate.Attempt{Account: "a", Password: password, Browser: browser}
			b.ReportAllocs()
			for b.Loop() {
				d, err := realm.Keeper.Login(ctx, try)
				if err != nil || d.Next != rotate.Proceed {
					b.Fatal(d, err)
				}
			}
		})
	}
}

// BenchmarkValid asks about a session, as on every request, in a shop of so many
// customers with so many orders standing.
func BenchmarkValid(b *testing.B) {
	for _, orders := range []int{0, 10, 100} {
		b.Run(fmt.Sprintf("orders=%d", orders), func(b *testing.B) {
			ctx := b.Context()
			realm := newRealm(b, rotate.Config{})
			d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "a", Password: password, Browser: browser})
			if err != nil {
				b.Fatal(err)
			}
			for i := range orders {
				if _, err := realm.Force(ctx, rotate.Order{Group: fmt.Sprintf("store-%d", i), Reason: rotate.PolicyRaised}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				d, err := realm.Keeper.Valid(ctx, d.Session)
				if err != nil || d.Next != rotate.Proceed {
					b.Fatal(d, err)
				}
			}
		})
	}
}

// BenchmarkSweep sweeps 10 000 customers: when there is nothing to do, and when
// a key was turned and every row is sealed anew.
func BenchmarkSweep(b *testing.B) {
	const rows = 10_000
	for _, reseal := range []bool{false, true} {
		b.Run(fmt.Sprintf("reseal=%t", reseal), func(b *testing.B) {
			ctx := b.Context()
			ring := newRing(b, keyring.NewKey(), keyring.NewKey())
			keys := ring.IDs() // the first one is the primary key of a new realm
			realm := newRealm(b, rotate.Config{Ring: ring})
			encoded, err := realm.Hasher.Hash(ctx, password)
			if err != nil {
				b.Fatal(err)
			}
			report, err := realm.Keeper.Import(ctx, func(yield func(rotate.Imported, error) bool) {
				for i := range rows {
					if !yield(rotate.Imported{Account: fmt.Sprintf("c-%05d", i), Encoded: encoded}, nil) {
						return
					}
				}
			})
			if err != nil || report.Inserted != rows {
				b.Fatal(report, err)
			}
			if err := realm.Keeper.AddKey(ctx, keys[1], "staff-1"); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for turns := 1; b.Loop(); turns++ {
				want := 0
				if reseal {
					want = rows
					if err := realm.Keeper.PromoteKey(ctx, keys[turns%2], "staff-1"); err != nil {
						b.Fatal(err)
					}
				}
				r, err := realm.Keeper.Sweep(ctx, 0)
				if err != nil || r.Rows != rows || r.Resealed != want {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
