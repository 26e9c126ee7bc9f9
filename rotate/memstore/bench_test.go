package memstore_test

import (
	"fmt"
	"testing"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// shop is a Store of n customers with a sealed password each.
func shop(b *testing.B, n int) *memstore.Store {
	b.Helper()
	key := keyring.NewKey()
	ring, err := keyring.New("bench", key)
	if err != nil {
		b.Fatal(err)
	}
	s := memstore.New()
	for i := range n {
		c := rotate.Credential{Account: name(i), Group: "customers"}
		if c.Password, err = ring.Seal(key.ID, keyring.Context{Purpose: "password", Account: c.Account}, make([]byte, 97)); err != nil {
			b.Fatal(err)
		}
		if err := s.Insert(b.Context(), c, nil); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func name(i int) string { return fmt.Sprintf("c-%06d", i) }

func guess(c *rotate.Credential) ([]rotate.Event, error) {
	c.PasswordGuesses.Total++
	return nil, nil
}

func BenchmarkUpdate(b *testing.B) {
	const n = 10_000
	s := shop(b, n)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := s.Update(b.Context(), name(i%n), guess); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	const n = 10_000
	s := shop(b, n)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Load(b.Context(), name(i%n)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBatch runs batches of 200 rows, one after the other.
func BenchmarkBatch(b *testing.B) {
	s := shop(b, 10_000)
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
