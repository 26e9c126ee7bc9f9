package policy_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tillkey/tillkey/policy"
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
