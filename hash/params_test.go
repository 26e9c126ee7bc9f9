package hash_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func TestCheckAsksForTheLeastCosts(t *testing.T) {
	t.Parallel()
	assert.NoError(t, hash.DefaultParams().Check())
	// OWASP Password Storage Cheat Sheet, argon2id rows.
	for time, memory := range map[uint32]uint32{1: 47104, 2: 19456, 3: 12288, 4: 9216, 5: 7168, 6: 7168, 64: 7168} {
		p := hash.DefaultParams()
		p.Memory, p.Time = memory, time
		assert.NoError(t, p.Check(), "%v", p)
		p.Memory--
		assert.Equal(t, hash.ParamMemory, boundsParam(p.Check()), "%v", p)
	}
	for _, test := range []struct {
		change func(*hash.Params)
		param  string
	}{
		{func(p *hash.Params) { p.Time = 0 }, hash.ParamTime},
		{func(p *hash.Params) { p.Time = 1<<16 + 1 }, hash.ParamTime},
		{func(p *hash.Params) { p.Parallelism = 0 }, hash.ParamParallelism},
		{func(p *hash.Params) { p.Memory = 4<<20 + 1 }, hash.ParamMemory},
		{func(p *hash.Params) { p.SaltLength = 15 }, hash.ParamSaltLength},
		{func(p *hash.Params) { p.SaltLength = 49 }, hash.ParamSaltLength},
		{func(p *hash.Params) { p.KeyLength = 31 }, hash.ParamKeyLength},
		{func(p *hash.Params) { p.KeyLength = 65 }, hash.ParamKeyLength},
	} {
		p := hash.DefaultParams()
		test.change(&p)
		assert.Equal(t, test.param, boundsParam(p.Check()), "%+v", p)
		if p.Time != 0 && p.Parallelism != 0 { // zero fields of a Config are defaults
			_, err := hash.New(hash.Config{Params: p})
			assert.Equal(t, test.param, boundsParam(err), "%+v", p)
		}
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	hasher, err := hash.New(hash.Config{})
	require.NoError(t, err)
	assert.Equal(t, hash.DefaultParams(), hasher.Params())
	assert.Equal(t, "argon2id m=19456 t=2 p=1", hasher.String())

	hasher, err = hash.New(hash.Config{Params: hash.Params{Memory: 65536}})
	require.NoError(t, err)
	assert.Equal(t, hash.Params{Memory: 65536, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, hasher.Params(), "zero fields are defaults")

	_, err = hash.New(hash.Config{Params: tiny()})
	assert.Equal(t, hash.ParamMemory, boundsParam(err), "weak parameters need UnsafeAllowWeak")
	_, err = hash.New(hash.Config{Params: hash.Params{Memory: 7}, UnsafeAllowWeak: true})
	assert.Equal(t, hash.ParamMemory, boundsParam(err), "and some are not even weak")

	_, err = hash.New(hash.Config{Limits: hash.Limits{Memory: 19455}})
	assert.Equal(t, hash.ParamMemory, boundsParam(err), "its own hashes would not verify")
	_, err = hash.New(hash.Config{Limits: hash.Limits{Time: 1}})
	assert.Equal(t, hash.ParamTime, boundsParam(err))
	for _, limits := range []hash.Limits{
		{NewPassword: 63}, {NewPassword: -1}, {NewPassword: 1<<20 + 1}, {Password: 1023}, {Password: -1}, {Password: 1<<20 + 1},
	} {
		_, err = hash.New(hash.Config{Limits: limits})
		assert.Equal(t, hash.ParamPassword, boundsParam(err), "%+v", limits)
	}
	_, err = hash.New(hash.Config{Limits: hash.Limits{Memory: 4<<20 + 1}})
	assert.Equal(t, hash.ParamMemory, boundsParam(err))
	_, err = hash.New(hash.Config{Limits: hash.Limits{Time: 1<<16 + 1}})
	assert.Equal(t, hash.ParamTime, boundsParam(err))

	// Parameters above the usual limits raise the limits that are not set.
	hasher, err = hash.New(hash.Config{Params: hash.Params{Memory: 512 << 10, Time: 65}})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, hasher.Budget().Stats().Bytes, int64(1<<29))

	for name, schemes := range map[string][]legacy.Scheme{
		"nil":           {nil},
		"twice":         {legacy.Bcrypt{}, legacy.Bcrypt{MaxCost: 12}},
		"reserved name": {impostor{}},
	} {
		_, err = hash.New(hash.Config{Foreign: schemes})
		assert.Error(t, err, name)
	}
}

type impostor struct{ legacy.Bcrypt }

func (impostor) Name() string { return "argon2id" }

// The caller's slice is not the hasher's.
func TestNewCopiesItsSchemes(t *testing.T) {
	t.Parallel()
	const encoded = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"
	schemes := []legacy.Scheme{legacy.Bcrypt{}}
	hasher := newHasher(t, hash.Config{Foreign: schemes})
	schemes[0] = nil
	assert.NoError(t, hasher.Verify(t.Context(), encoded, ""))
}
