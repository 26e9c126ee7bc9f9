package generate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

func BenchmarkNew(b *testing.B) {
	for name, r := range map[string]generate.Recipe{
		"characters": {Policy: policy.ShopStaff()},
		"passphrase": {Policy: policy.ShopStaff(), Kind: generate.Passphrase},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := generate.New(b.Context(), r)
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkPassword(b *testing.B) {
	for name, r := range map[string]generate.Recipe{
		"characters": {Policy: policy.ShopStaff()},
		"passphrase": {Policy: policy.ShopStaff(), Kind: generate.Passphrase},
	} {
		g := newGenerator(b, r)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				password(b, g)
			}
		})
	}
}
