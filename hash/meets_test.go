package hash_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tillkey/tillkey/hash"
)

// The rows of the sources, and what just misses them: O is the OWASP cheat
// sheet, A is ASVS 5.0, 1 and 2 are the options of RFC 9106.
func TestMeets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		memory, time uint32
		want         string
	}{
		{47104, 1, "OA"}, {47103, 1, ""},
		{19456, 2, "OA"}, {19455, 2, ""},
		{12288, 3, "OA"}, {12287, 3, ""},
		{12288, 4, "OA"}, {9216, 4, "O"}, {9215, 4, ""},
		{12288, 5, "OA"}, {7168, 5, "O"}, {7167, 5, ""}, {7168, 64, "O"}, {7167, math.MaxUint32, ""},
		{65536, 1, "OA"}, {65536, 2, "OA"},
		{65536, 3, "OA2"}, {65535, 3, "OA"}, {65535, 100, "OA"}, {65536, 100, "OA2"},
		{1 << 21, 1, "OA1"}, {1<<21 - 1, 1, "OA"}, {1 << 21, 3, "OA12"}, {math.MaxUint32, math.MaxUint32, "OA12"},
		{math.MaxUint32, 0, ""}, {0, math.MaxUint32, ""}, {0, 0, ""},
	} {
		for lanes, counts := range map[uint8]bool{0: false, 1: true, 4: true, 255: true} {
			p := hash.Params{Memory: test.memory, Time: test.time, Parallelism: lanes, SaltLength: 16, KeyLength: 32}
			want := ""
			if counts {
				want = test.want
			}
			assert.Equal(t, want, met(p), "%v", p)
		}
	}
}

func met(p hash.Params) (names string) {
	for _, source := range []struct {
		name  string
		meets func() bool
	}{{"O", p.MeetsOWASP}, {"A", p.MeetsASVS5}, {"1", p.MeetsRFC9106First}, {"2", p.MeetsRFC9106Second}} {
		if source.meets() {
			names += source.name
		}
	}
	return names
}

// RFC 9106 names the lengths too, the others do not.
func TestMeetsLengths(t *testing.T) {
	t.Parallel()
	p := hash.Params{Memory: 1 << 21, Time: 3, Parallelism: 4, SaltLength: 15, KeyLength: 32}
	assert.Equal(t, "OA", met(p))
	p.SaltLength = 16
	assert.Equal(t, "OA12", met(p))
	p.KeyLength = 31
	assert.Equal(t, "OA", met(p))
}

// What Check lets pass meets OWASP; what meets ASVS or a recommendation of the
// RFC meets OWASP too; and more of anything meets no less.
func TestMeetsLaws(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9106, 5))
	for range 20000 {
		p := hash.Params{
			Memory:      random.Uint32N(1 << (10 + random.IntN(14))),
			Time:        random.Uint32N(1 << random.IntN(8)),
			Parallelism: uint8(random.IntN(256)),
			SaltLength:  random.Uint32N(64),
			KeyLength:   random.Uint32N(80),
		}
		if p.Check() == nil {
			assert.True(t, p.MeetsOWASP(), "%+v", p)
		}
		if p.MeetsASVS5() || p.MeetsRFC9106First() || p.MeetsRFC9106Second() {
			assert.True(t, p.MeetsOWASP(), "%+v", p)
		}
		more := p
		more.Memory += random.Uint32N(1 << 16)
		more.Time += random.Uint32N(4)
		more.SaltLength += random.Uint32N(8)
		more.KeyLength += random.Uint32N(8)
		for _, source := range met(p) {
			assert.Contains(t, met(more), string(source), "%+v meets what %+v does", more, p)
		}
	}
	assert.Equal(t, "OA", met(hash.DefaultParams()))
}
