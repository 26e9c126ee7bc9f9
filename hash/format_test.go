package hash_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

const (
	salt16 = "AAAAAAAAAAAAAAAAAAAAAA"                      // 16 zero bytes
	key32  = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" // 32 zero bytes
	good   = "$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$" + key32
)

// malformed are strings that no reader may compute. The first group makes
// alexedwards/argon2id v1.0.0 panic or is accepted by it.
func malformed() []string {
	return []string{
		"$argon2id$v=19$m=64,t=0,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=0$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$",
		"junk" + good,
		"$argon2id$v=19zzz$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1junk$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1$$" + key32,
		"$argon2id$v=19$m=4294967295,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=4294967295,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=256$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=7,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=15,t=1,p=2$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=0,t=1,p=1$" + salt16 + "$" + key32,

		"",
		"$",
		"$$$$$",
		"$argon2id$",
		"$argon2id$v=19$",
		"$argon2i$v=19$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2d$v=19$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$ARGON2ID$v=19$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=16$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=019$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=20$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$m=64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$t=1,m=64,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1,keyid=AAAA$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1,data=AAAA$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=064,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=+64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=-64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m= 64,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=0x40,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=6_4,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=18446744073709551680,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=4294967360,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=257$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16,
		good + "$",
		good + "$" + key32,
		good + "=",
		good + "\n",
		good + " ",
		good + "\x00",
		" " + good,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "==$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16[:21] + "B$" + key32,                     // trailing bits
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$" + key32[:42] + "B",                // trailing bits
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16[:8] + "\r\n" + salt16[8:] + "$" + key32, // the decoder skips these
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16[:20] + "-_$" + key32,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16[:10] + "$" + key32,                 // 7 bytes
		"$argon2id$v=19$m=64,t=1,p=1$" + strings.Repeat("A", 66) + "$" + key32,     // 49 bytes
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$" + key32[:15],                 // 11 bytes
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$" + strings.Repeat("A", 87),    // 65 bytes
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$" + strings.Repeat("A", 41),    // no whole bytes
		"$argon2id$v=19$m=64,t=1,p=1$" + salt16 + "$" + strings.Repeat("A", 1<<20), // over the length cap
		"$argon2id$v=19$m=" + strings.Repeat("9", 900) + ",t=1,p=1$" + salt16 + "$" + key32,

		"$2x$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNyA",
		"$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWN",
		"$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNyy",
		"$2b$+5$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$5$CCCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$03$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$17$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$99$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$05$CCCCCCCCCCC+CCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWN\n",
		"$1$salt$hash", "plain text", "5f4dcc3b5aa765d61d8327deb882cf99",
	}
}

func TestMalformedIsRefusedWithoutWork(t *testing.T) {
	t.Parallel()
	hasher, err := hash.New(hash.Config{})
	assert.NoError(t, err)
	for _, encoded := range malformed() {
		err := hasher.Verify(context.Background(), encoded, "password")
		assert.Equal(t, err, hasher.Accepts(encoded), encoded)
		param := boundsParam(err)
		assert.True(t, param != "" && param != hash.ParamPassword || isFormat(err), "%.200q gave %v", encoded, err)
		if isFormat(err) {
			assert.True(t, hasher.Stale(encoded), "%.200q", encoded)
		}
	}
	assert.Zero(t, hasher.Budget().Stats().Hashes)
	assert.Zero(t, hasher.Budget().Stats().Granted)
}

// The memory that a hostile string asks for is never allocated.
func TestMalformedAllocatesNothing(t *testing.T) {
	hasher, err := hash.New(hash.Config{})
	assert.NoError(t, err)
	list := malformed()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, encoded := range list {
		_ = hasher.Verify(context.Background(), encoded, "password")
		_ = hasher.Stale(encoded)
		_, _ = hash.Inspect(encoded)
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)/uint64(len(list)), uint64(16<<10), "bytes for each string")
}

func TestCapsOfStoredHashes(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{Limits: hash.Limits{Memory: 128, Time: 3, Parallelism: 4}})
	at := func(m, tm uint32, p uint8, salt, key uint32) string {
		return stored(hash.Params{Memory: m, Time: tm, Parallelism: p, SaltLength: salt, KeyLength: key})
	}
	for _, test := range []struct {
		name, encoded, param string
	}{
		{"least memory", at(8, 1, 1, 16, 32), ""},
		{"below least memory", at(7, 1, 1, 16, 32), hash.ParamMemory},
		{"least memory of four lanes", at(32, 1, 4, 16, 32), ""},
		{"below least memory of four lanes", at(31, 1, 4, 16, 32), hash.ParamMemory},
		{"most memory", at(128, 1, 1, 16, 32), ""},
		{"above most memory", at(129, 1, 1, 16, 32), hash.ParamMemory},
		{"most time", at(8, 3, 1, 16, 32), ""},
		{"above most time", at(8, 4, 1, 16, 32), hash.ParamTime},
		{"no time", at(8, 0, 1, 16, 32), hash.ParamTime},
		{"above most lanes", at(128, 1, 5, 16, 32), hash.ParamParallelism},
		{"no lanes", at(128, 1, 0, 16, 32), hash.ParamParallelism},
		{"shortest salt", at(8, 1, 1, 8, 32), ""},
		{"too short salt", at(8, 1, 1, 7, 32), hash.ParamSaltLength},
		{"longest salt", at(8, 1, 1, 48, 32), ""},
		{"too long salt", at(8, 1, 1, 49, 32), hash.ParamSaltLength},
		{"shortest key", at(8, 1, 1, 16, 12), ""},
		{"too short key", at(8, 1, 1, 16, 11), hash.ParamKeyLength},
		{"longest key", at(8, 1, 1, 16, 64), ""},
		{"too long key", at(8, 1, 1, 16, 65), hash.ParamKeyLength},
		{"too long string", strings.Repeat("x", 1025), hash.ParamEncoded},
	} {
		err := hasher.Verify(context.Background(), test.encoded, "password")
		assert.Equal(t, err == nil || errors.Is(err, hash.ErrMismatch), hasher.Accepts(test.encoded) == nil, test.encoded)
		if test.param == "" {
			assert.ErrorIs(t, err, hash.ErrMismatch, test.name)
		} else {
			assert.Equal(t, test.param, boundsParam(err), test.name)
		}
	}
	assert.True(t, isFormat(hasher.Verify(context.Background(), strings.Repeat("x", 1024), "password")))
}

// The default caps, at their edges. Only the refusals are computed, which is
// nothing.
func TestDefaultCaps(t *testing.T) {
	t.Parallel()
	hasher, err := hash.New(hash.Config{})
	assert.NoError(t, err)
	for encoded, param := range map[string]string{
		stored(hash.Params{Memory: 262145, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}): hash.ParamMemory,
		stored(hash.Params{Memory: 64, Time: 65, Parallelism: 1, SaltLength: 16, KeyLength: 32}):    hash.ParamTime,
		"$2b$17$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy":                              hash.ParamBcryptCost,
	} {
		assert.Equal(t, param, boundsParam(hasher.Verify(context.Background(), encoded, "password")), encoded)
	}
	// A context that has ended shows that a string got past the bounds, without
	// the price of computing it.
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, encoded := range []string{
		stored(hash.Params{Memory: 262144, Time: 64, Parallelism: 255, SaltLength: 16, KeyLength: 32}),
		"$2b$16$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
	} {
		assert.ErrorIs(t, hasher.Verify(ended, encoded, "password"), context.Canceled, encoded)
	}
}

func TestBcryptCap(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{Foreign: []legacy.Scheme{legacy.Bcrypt{MaxCost: 5}}})
	const five = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"
	assert.NoError(t, hasher.Verify(context.Background(), five, ""))
	six := strings.Replace(five, "$05$", "$06$", 1)
	assert.Equal(t, hash.ParamBcryptCost, boundsParam(hasher.Verify(context.Background(), six, "")))
}

func TestPasswordCaps(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	hasher := newHasher(t, hash.Config{})
	at := strings.Repeat("a", 1024)
	encoded := mustHash(t, hasher, at)
	assert.NoError(t, hasher.Verify(ctx, encoded, at))
	_, err := hasher.Hash(ctx, at+"a")
	assert.Equal(t, hash.ParamPassword, boundsParam(err))
	_, err = hasher.Hash(ctx, strings.Repeat("a", 1<<22))
	assert.Equal(t, hash.ParamPassword, boundsParam(err))

	before := hasher.Budget().Stats().Hashes
	over := strings.Repeat("a", 4097)
	assert.Equal(t, hash.ParamPassword, boundsParam(hasher.Verify(ctx, encoded, over)))
	assert.Equal(t, hash.ParamPassword, boundsParam(hasher.Decoy(ctx, over)), "as Verify, or the answer would tell")
	assert.Equal(t, before, hasher.Budget().Stats().Hashes)
	assert.ErrorIs(t, hasher.Verify(ctx, encoded, over[:4096]), hash.ErrMismatch)
	assert.NoError(t, hasher.Decoy(ctx, over[:4096]))

	// Another password of the same first bytes is another password.
	for _, at := range []int{72, 73, 255, 256, 1023} {
		long := []byte(strings.Repeat("a", 1024))
		long[at] = 'b'
		assert.ErrorIs(t, hasher.Verify(ctx, encoded, string(long)), hash.ErrMismatch, "byte %d", at)
	}
}
