package argon2_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash/internal/argon2"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// Each number is bounded on its own, before memory is taken: these would need
// gigabytes or days otherwise.
func TestBounds(t *testing.T) {
	t.Parallel()
	type p = argon2.Params
	type in = argon2.Input
	long := make([]byte, argon2.MaxInput+1)
	engine := argon2.New(argon2.Config{})
	for _, test := range []struct {
		param  string
		change func(*p, *in)
	}{
		{"argon2 variant", func(p *p, _ *in) { p.Variant = 3 }},
		{"argon2 variant", func(p *p, _ *in) { p.Variant = 1<<32 - 1 }},
		{"argon2 version", func(p *p, _ *in) { p.Version = 0 }},
		{"argon2 version", func(p *p, _ *in) { p.Version = 0x11 }},
		{"argon2 version", func(p *p, _ *in) { p.Version = 0x14 }},
		{verdict.ParamTime, func(p *p, _ *in) { p.Time = 0 }},
		{verdict.ParamTime, func(p *p, _ *in) { p.Time = argon2.MaxTime + 1 }},
		{verdict.ParamParallelism, func(p *p, _ *in) { p.Lanes = 0 }},
		{verdict.ParamParallelism, func(p *p, _ *in) { p.Lanes, p.Memory = 256, 1<<20 }},
		{verdict.ParamMemory, func(p *p, _ *in) { p.Memory = 0 }},
		{verdict.ParamMemory, func(p *p, _ *in) { p.Memory = 7 }},
		{verdict.ParamMemory, func(p *p, _ *in) { p.Memory, p.Lanes = 39, 5 }},
		{verdict.ParamMemory, func(p *p, _ *in) { p.Memory = argon2.MaxMemory + 1 }},
		{verdict.ParamMemory, func(p *p, _ *in) { p.Memory = 1<<32 - 1 }},
		{verdict.ParamKeyLength, func(p *p, _ *in) { p.KeyLength = 3 }},
		{verdict.ParamKeyLength, func(p *p, _ *in) { p.KeyLength = 1025 }},
		{verdict.ParamPassword, func(_ *p, in *in) { in.Password = long }},
		{verdict.ParamSaltLength, func(_ *p, in *in) { in.Salt = in.Salt[:7] }},
		{verdict.ParamSaltLength, func(_ *p, in *in) { in.Salt = long }},
		{"secret length", func(_ *p, in *in) { in.Secret = long }},
		{"associated data length", func(_ *p, in *in) { in.Data = long }},
	} {
		p := p{Variant: argon2.ID, Version: argon2.Version13, Time: 1, Memory: 8, Lanes: 1, KeyLength: 4}
		in := in{Salt: make([]byte, 8)}
		_, err := engine.Key(p, in)
		require.NoError(t, err)
		test.change(&p, &in)
		_, err = engine.Key(p, in)
		var bounds *verdict.BoundsError
		require.ErrorAs(t, err, &bounds, "%+v", p)
		require.Equal(t, test.param, bounds.Param)
	}
}

// Every number of lanes and workers gives the same key.
func TestWorkersDoNotMatter(t *testing.T) {
	t.Parallel()
	p := argon2.Params{Variant: argon2.ID, Version: argon2.Version13, Time: 2, KeyLength: 32}
	in := argon2.Input{Password: []byte("password"), Salt: []byte("0123456789abcdef")}
	for lanes := uint32(1); lanes <= 9; lanes++ {
		p.Lanes, p.Memory = lanes, 8*lanes+37
		one, err := argon2.New(argon2.Config{Workers: 1}).Key(p, in)
		require.NoError(t, err)
		for _, workers := range []int{2, 3, 64} {
			many, err := argon2.New(argon2.Config{Workers: workers}).Key(p, in)
			require.NoError(t, err)
			require.Equal(t, one, many)
		}
	}
}
