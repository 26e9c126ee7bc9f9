package policy_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// samples are passwords by length; the longer ones are of words and signs, as
// they keep the rules longest busy.
func samples() []struct{ name, password string } {
	return []struct{ name, password string }{
		{"short", "monkey7"},
		{"typical", "winter harbor nine zebra"},
		{"generated", "kX9#mQ2$vL7!pR4z"},
		{"64", longPhrase[:64]},
		{"256", longPhrase[:256]},
	}
}

func shop() policy.Policy {
	p := policy.ShopCustomer()
	p.Words = []string{"Tillkey", "The Corner Shop"}
	p.Breach = []policy.List{answer{}}
	return p
}

func BenchmarkCheck(b *testing.B) {
	p, ctx := shop(), context.Background()
	for _, s := range samples() {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Check(ctx, s.password, "maria.lopez@shop.example", "Maria Lopez"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCheckLocal is Check with everything that needs no network: the list
// of common passwords, the shop's words, what is known of the person, and the
// estimator of package strength.
func BenchmarkCheckLocal(b *testing.B) {
	p, ctx := local(), context.Background()
	for _, s := range samples() {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Check(ctx, s.password, "maria.lopez@shop.example", "Maria Lopez"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCheckMix is the same over passwords as people and managers choose
// them, and reports the median of single calls, which is to be below 60
// microseconds.
func BenchmarkCheckMix(b *testing.B) {
	p, ctx := local(), context.Background()
	r, list := seeded(), words(b)
	passwords := make([]string, 1000)
	for i := range passwords {
		passwords[i] = randomChoice(r, list)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := p.Check(ctx, passwords[i%len(passwords)], "maria.lopez@shop.example", "Maria Lopez"); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "median-ns/op")
}

func local() policy.Policy {
	p := shop()
	p.Estimator, p.Breach = strength.Estimator{}, nil
	return p
}

func BenchmarkPreview(b *testing.B) {
	p := shop()
	for _, s := range samples() {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Preview(s.password, "maria.lopez@shop.example", "Maria Lopez")
			}
		})
	}
}

// BenchmarkCheckMegabyte shows that the cap comes first: a megabyte costs no
// more than a short password.
func BenchmarkCheckMegabyte(b *testing.B) {
	p, ctx := shop(), context.Background()
	for name, password := range map[string]string{
		"text": strings.Repeat("winter harbor ", 1<<20/14), "no text": strings.Repeat("\xff", 1<<20),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v, err := p.Check(ctx, password, "maria.lopez@shop.example"); err != nil || !v.Has(policy.TooLong) {
					b.Fatal("not refused", err)
				}
			}
		})
	}
}

func BenchmarkSimilar(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		policy.Similar("winter harbor nine zebra", "lantern walrus velvet moss")
	}
}

func BenchmarkFingerprint(b *testing.B) {
	p := shop()
	b.ReportAllocs()
	for b.Loop() {
		p.Fingerprint()
	}
}

// BenchmarkGroupsPolicy is what a look-up of an account's policy costs.
func BenchmarkGroupsPolicy(b *testing.B) {
	groups := policy.Groups{"": shop(), "store-17": policy.ASVS5(), "store-17/customers": policy.ShopCustomer()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := groups.Policy("store-17/customers"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	file, err := os.ReadFile("testdata/files/shop.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := policy.Read(bytes.NewReader(file), sources()); err != nil {
			b.Fatal(err)
		}
	}
}
