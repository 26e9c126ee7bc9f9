package sqltest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

const customers = 10_000

// full is a Store of customers with a sealed password each.
func full(b *testing.B) *sqlstore.Store {
	b.Helper()
	s, db := fresh(b)
	k := newSealer(b)
	tx, err := db.Begin()
	require.NoError(b, err)
	view := s.On(tx)
	for i := range customers {
		c := rotate.Credential{Account: name(i), Group: "customers", Format: "argon2id m=19456 t=2 p=1"}
		c.Password = k.seal(c.Account, strings.Repeat("x", 97))
		require.NoError(b, view.Insert(b.Context(), c, nil))
	}
	require.NoError(b, tx.Commit())
	return s
}

func name(i int) string { return fmt.Sprintf("c-%06d", i%customers) }

func BenchmarkLoad(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Load(b.Context(), name(i)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadParallel(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	b.ResetTimer()
	var n atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := s.Load(b.Context(), name(int(n.Add(1)))); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkUpdate counts guesses, each in a transaction that is synced to disk.
func BenchmarkUpdate(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := s.Update(b.Context(), name(i), guess); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdateParallel(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	b.SetParallelism(8)
	b.ResetTimer()
	var n atomic.Int64
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := s.Update(b.Context(), name(int(n.Add(1))), guess); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkGuess(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	var key [32]byte
	var now = rotate.Credential{}.Created
	for i := 0; b.Loop(); i++ {
		key[0], key[1] = byte(i), byte(i>>8)
		if err := s.Guess(b.Context(), key, now, now, func(c *rotate.Counter) error { c.Total++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBatch writes batches of 200 rows, one after the other.
func BenchmarkBatch(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	var q rotate.Query
	for b.Loop() {
		_, last, err := s.Batch(b.Context(), q, guess)
		if err != nil {
			b.Fatal(err)
		}
		q.After = last
	}
}

func BenchmarkCount(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Count(b.Context(), rotate.Query{Group: "customers", ClearedBelow: 5}); err != nil {
			b.Fatal(err)
		}
	}
}
