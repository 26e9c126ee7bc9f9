package keyring_test

import (
	"fmt"
	"testing"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// A PHC string of argon2id has about 100 bytes; 64 KiB is the bound.
var benchSizes = []int{100, keyring.MaxPlaintext}

func BenchmarkSeal(b *testing.B) {
	ring := newRing(b, "shop", fixedKey(b, "kaaaaaaaa", 1))
	c := keyring.Context{Purpose: "password hash", Account: "customer-1"}
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			plaintext := make([]byte, n)
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ring.Seal("kaaaaaaaa", c, plaintext); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	ring := newRing(b, "shop", fixedKey(b, "kaaaaaaaa", 1))
	c := keyring.Context{Purpose: "password hash", Account: "customer-1"}
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sealed := seal(b, ring, "kaaaaaaaa", c, string(make([]byte, n)))
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ring.Open(c, sealed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkStale(b *testing.B) {
	ring := newRing(b, "shop", fixedKey(b, "kaaaaaaaa", 1))
	sealed := seal(b, ring, "kaaaaaaaa", keyring.Context{Purpose: "password hash"}, string(make([]byte, 100)))
	b.ReportAllocs()
	for b.Loop() {
		if keyring.Stale(sealed, "kaaaaaaaa") {
			b.Fatal("stale")
		}
	}
}

func BenchmarkMAC(b *testing.B) {
	ring := newRing(b, "shop", fixedKey(b, "kaaaaaaaa", 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ring.MAC("kaaaaaaaa", "throttle name", []byte("ada@example.com")); err != nil {
			b.Fatal(err)
		}
	}
}
