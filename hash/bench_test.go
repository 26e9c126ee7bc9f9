package hash_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
)

func defaultHasher(b *testing.B) (*hash.Hasher, string) {
	b.Helper()
	hasher, err := hash.New(hash.Config{})
	require.NoError(b, err)
	return hasher, mustHash(b, hasher, "correct horse battery staple")
}

func BenchmarkHash(b *testing.B) {
	hasher, _ := defaultHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hasher.Hash(context.Background(), "correct horse battery staple"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	hasher, encoded := defaultHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := hasher.Verify(context.Background(), encoded, "correct horse battery staple"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecoy(b *testing.B) {
	hasher, _ := defaultHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := hasher.Decoy(context.Background(), "correct horse battery staple"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoginStorm is 64 logins at the same moment on a default budget.
func BenchmarkLoginStorm(b *testing.B) {
	hasher, encoded := defaultHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		var group sync.WaitGroup
		for range 64 {
			group.Go(func() {
				if err := hasher.Verify(context.Background(), encoded, "correct horse battery staple"); err != nil {
					b.Error(err)
				}
			})
		}
		group.Wait()
	}
	b.ReportMetric(float64(hasher.Budget().Stats().Peak)/(1<<20), "peak-MiB")
}

func BenchmarkStale(b *testing.B) {
	hasher, encoded := defaultHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		hasher.Stale(encoded)
	}
}

func BenchmarkRefuseBroken(b *testing.B) {
	hasher, encoded := defaultHasher(b)
	b.ReportAllocs()
	for b.Loop() {
		if hasher.Verify(context.Background(), encoded+"=", "password") == nil {
			b.Fatal("matched")
		}
	}
}
