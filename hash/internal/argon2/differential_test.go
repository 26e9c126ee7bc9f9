package argon2_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	xargon2 "golang.org/x/crypto/argon2"

	"github.com/tillkey/tillkey/hash/internal/argon2"
)

// same computes one key with each kernel and compares it with the generic one,
// and with x/crypto where that knows the parameters.
func same(t *testing.T, engines map[string]*argon2.Engine, p argon2.Params, in argon2.Input) {
	t.Helper()
	want, err := engines["generic"].Key(p, in)
	require.NoError(t, err)
	require.Len(t, want, int(p.KeyLength))
	for name, engine := range engines {
		key, err := engine.Key(p, in)
		require.NoError(t, err)
		require.Equal(t, want, key, "%s %+v", name, p)
	}
	if p.Version != argon2.Version13 || p.Variant == argon2.D || len(in.Secret)+len(in.Data) > 0 {
		return
	}
	x := xargon2.IDKey
	if p.Variant == argon2.I {
		x = xargon2.Key
	}
	require.Equal(t, x(in.Password, in.Salt, p.Time, p.Memory, uint8(p.Lanes), p.KeyLength), want, "x/crypto %+v", p)
}

// TestSameKeys compares random keys. It goes on for as long as the variable
// ARGON2_DIFFERENTIAL says, such as 10m, with more memory than the default tests
// have time for.
func TestSameKeys(t *testing.T) {
	t.Parallel()
	engines := argon2.Kernels()
	long, _ := time.ParseDuration(os.Getenv("ARGON2_DIFFERENTIAL"))
	seed, most := uint64(9106), uint32(300)
	if long > 0 {
		seed, most = rand.Uint64(), 6000
	}
	random := rand.New(rand.NewPCG(seed, 1))
	text := func(least, most int) []byte {
		b := make([]byte, least+random.IntN(most-least+1))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	begin, n := time.Now(), 0
	for ; n < 120 || time.Since(begin) < long; n++ {
		p := argon2.Params{
			Variant:   argon2.Variant(random.IntN(3)),
			Version:   []argon2.Version{argon2.Version10, argon2.Version13, argon2.Version13}[random.IntN(3)],
			Time:      1 + random.Uint32N(6),
			Lanes:     1 + random.Uint32N(16),
			KeyLength: 4 + random.Uint32N(1021),
		}
		p.Memory = 8*p.Lanes + random.Uint32N(most)
		in := argon2.Input{Password: text(0, 200), Salt: text(8, 64)}
		if random.IntN(2) == 0 {
			in.Secret, in.Data = text(0, 64), text(0, 200)
		}
		same(t, engines, p, in)
	}
	if long > 0 {
		fmt.Printf("%d keys from seed %d\n", n, seed)
	}
}

// Lanes long enough for many blocks of addresses, and as many as there may be.
func TestSameKeysOfLongLanes(t *testing.T) {
	t.Parallel()
	engines := argon2.Kernels()
	in := argon2.Input{Password: []byte("correct horse battery staple"), Salt: []byte("0123456789abcdef")}
	for _, p := range []argon2.Params{
		{Time: 2, Memory: 9728, Lanes: 1},
		{Time: 1, Memory: 4099, Lanes: 3},
		{Time: 3, Memory: 4095, Lanes: 4},
		{Time: 1, Memory: 8 * 255, Lanes: 255},
	} {
		p.Variant, p.Version, p.KeyLength = argon2.ID, argon2.Version13, 32
		same(t, engines, p, in)
		p.Variant = argon2.I
		same(t, engines, p, in)
	}
}

func FuzzKey(f *testing.F) {
	engines := argon2.Kernels()
	f.Add(byte(2), true, uint32(1), uint32(64), uint32(1), uint32(32), []byte("password"), []byte("saltsalt"), []byte(nil), []byte(nil))
	f.Add(byte(0), false, uint32(3), uint32(701), uint32(5), uint32(65), []byte(""), []byte("0123456789abcdef"), []byte("secret"), []byte("data"))
	f.Add(byte(1), true, uint32(6), uint32(2047), uint32(16), uint32(1024), []byte("p"), []byte("saltsalt"), []byte(nil), []byte(nil))
	f.Fuzz(func(t *testing.T, variant byte, new bool, time, memory, lanes, length uint32, password, salt, secret, data []byte) {
		p := argon2.Params{
			Variant:   argon2.Variant(variant % 3),
			Version:   argon2.Version10,
			Time:      1 + time%6,
			Lanes:     1 + lanes%16,
			KeyLength: 4 + length%1021,
		}
		if new {
			p.Version = argon2.Version13
		}
		p.Memory = 8*p.Lanes + memory%2048
		same(t, engines, p, argon2.Input{Password: password, Salt: append(salt, "saltsalt"...), Secret: secret, Data: data})
	})
}
