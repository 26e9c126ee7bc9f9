package hash_test

import (
	"context"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tillkey/tillkey/hash"
)

// mutator turns stored strings into broken ones that still look like stored
// strings: it knows where the numbers, fields and separators are.
type mutator struct {
	random *rand.Rand
	seeds  []string
}

var (
	numbers = []string{
		"", "0", "1", "2", "3", "4", "5", "7", "8", "9", "15", "16", "17", "19", "31", "32", "33", "64", "65", "255", "256", "257",
		"01", "001", "+1", "-1", "1e1", "0x8", " 8", "8 ", "8_0", "1.0", "65536", "262144", "2147483648", "4294967295", "4294967296",
		"4294967304", "9999999999", "10000000000", "18446744073709551615", "18446744073709551624", "99999999999999999999999999",
		"\u0661", "NaN",
	}
	pieces = []string{
		"$", "$$", ",", "=", "==", "\n", "\r\n", "\x00", " ", "\t", "-", "_", "+", "/", ".", "A", "Q", "g", "w", "m=8", ",t=1", "p=1", "v=19", "$v=19$",
		"argon2id", "argon2i", "$argon2id$", "$2b$", "$2x$", "$2a$04$", ",keyid=AA", ",data=AA", "\u00e9", "\xff", "junk",
	}
)

func (m *mutator) next() string {
	s := m.seeds[m.random.IntN(len(m.seeds))]
	if m.random.IntN(32) == 0 {
		return s
	}
	for range 1 + m.random.IntN(3) {
		s = m.mutate(s)
	}
	return s
}

func (m *mutator) mutate(s string) string {
	at := m.random.IntN(len(s) + 1)
	to := at + m.random.IntN(min(len(s)-at, 24)+1)
	piece := pieces[m.random.IntN(len(pieces))]
	switch m.random.IntN(10) {
	case 0, 1: // another number
		const digits = "0123456789"
		head := min(m.random.IntN(48), len(s))
		skip := strings.IndexAny(s[head:], digits)
		if skip < 0 {
			return s + piece
		}
		begin := head + skip
		end := len(s) - len(strings.TrimLeft(s[begin:], digits))
		return s[:begin] + numbers[m.random.IntN(len(numbers))] + s[end:]
	case 2: // insert
		return s[:at] + piece + s[at:]
	case 3: // delete
		return s[:at] + s[to:]
	case 4: // repeat
		return s[:to] + s[at:]
	case 5: // cut off
		return s[:at]
	case 6: // one byte
		if at == len(s) {
			return s + piece
		}
		return s[:at] + string([]byte{byte(m.random.IntN(256))}) + s[at+1:]
	case 7: // exchange two fields
		fields := strings.Split(s, "$")
		i, j := m.random.IntN(len(fields)), m.random.IntN(len(fields))
		fields[i], fields[j] = fields[j], fields[i]
		return strings.Join(fields, "$")
	case 8: // a field of random length
		fields := strings.Split(s, "$")
		raw := make([]byte, m.random.IntN(70))
		for i := range raw {
			raw[i] = byte(m.random.Uint32())
		}
		fields[m.random.IntN(len(fields))] = base64.RawStdEncoding.EncodeToString(raw)
		return strings.Join(fields, "$")
	default: // half of another string
		other := m.seeds[m.random.IntN(len(m.seeds))]
		return s[:at] + other[min(at, len(other)):]
	}
}

var (
	argonShape  = regexp.MustCompile(`\A\$argon2id\$v=19\$m=(0|[1-9][0-9]{0,9}),t=(0|[1-9][0-9]{0,9}),p=(0|[1-9][0-9]{0,9})\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]*)\z`)
	bcryptShape = regexp.MustCompile(`\A\$2[aby]\$04\$[./A-Za-z0-9]{53}\z`)
)

// allowed says, in another way than the package does, whether cappedHasher is to
// compute a string.
func allowed(s string) bool {
	if !strings.HasPrefix(s, "$argon2id$v=19$m=") && !strings.HasPrefix(s, "$2") {
		return false
	}
	parts := argonShape.FindStringSubmatch(s)
	if parts == nil {
		return bcryptShape.MatchString(s)
	}
	m, _ := strconv.Atoi(parts[1])
	t, _ := strconv.Atoi(parts[2])
	p, _ := strconv.Atoi(parts[3])
	salt, saltErr := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	return saltErr == nil && keyErr == nil && t >= 1 && t <= 2 && p >= 1 && p <= 2 && m >= 8*p && m <= 16 &&
		len(salt) >= 8 && len(salt) <= 48 && len(key) >= 12 && len(key) <= 64
}

// mutationTally counts the answers to mutated strings.
type mutationTally struct{ matched, mismatched, broken, bounded int }

// One million mutated strings: each is refused with a typed error before any
// work, or is well-formed and cheap and compared. Seeds and random numbers are
// fixed, so every run sees the same strings.
func TestMutatedStoredStrings(t *testing.T) {
	t.Parallel()
	const shards = 4
	rounds := 1_000_000 / shards
	if testing.Short() {
		rounds = 50_000 / shards
	}
	hasher := cappedHasher(t)
	var tallies [shards]mutationTally
	t.Run("shards", func(t *testing.T) {
		for shard := range shards {
			t.Run(strconv.Itoa(shard), func(t *testing.T) {
				t.Parallel()
				tallies[shard] = verifyMutated(t, hasher, uint64(shard), rounds)
			})
		}
	})
	var sum mutationTally
	for _, tally := range tallies {
		sum.matched += tally.matched
		sum.mismatched += tally.mismatched
		sum.broken += tally.broken
		sum.bounded += tally.bounded
	}
	t.Logf("%+v", sum)
	for _, count := range []int{sum.matched, sum.mismatched, sum.broken, sum.bounded} {
		assert.Greater(t, count, rounds*shards/500, "every answer is exercised")
	}
	stats := hasher.Budget().Stats()
	assert.Zero(t, stats.InUse)
	assert.LessOrEqual(t, stats.Peak, stats.Bytes)
	assert.EqualValues(t, sum.matched+sum.mismatched, stats.Hashes, "and the refused cost nothing")
}

// verifyMutated verifies mutated strings of one shard of the random numbers.
func verifyMutated(t *testing.T, hasher *hash.Hasher, shard uint64, rounds int) (tally mutationTally) {
	const password = "password"
	seeds := []string{
		// Made by this package from the password above.
		"$argon2id$v=19$m=8,t=1,p=1$AxgfQxALdD6gYMUYvW8ZmQ$am74A9e+8cdW1q3KF0wZx0x432zIxqsIwzoouE8FRO4",
		"$argon2id$v=19$m=9,t=2,p=1$GE2+xZL5EaM$lKm3Ed2q5gNlblrD",
		"$argon2id$v=19$m=16,t=1,p=2$c24cIVStK3S68ENs6pxMN5K24PY+0OKd0E/K38AWd8bI5oNVeSgYRoIbYbeE3+to$BLll1PVlvJ/Nf5AetXV9Tfurpmn014TpuaA91rUaOmQz8jl/T3lA5yhO6xSRMHH/6aeaHVBrUBHmRWziqvIfTw",
		// These do not match it.
		"$argon2id$v=19$m=8,t=1,p=1$" + salt16 + "$" + key32,
		"$argon2id$v=19$m=4294967295,t=4294967295,p=255$" + salt16 + "$" + key32,
		"$2b$12$bIRGj4QPPoSUMWsJE.4Pk.T1qTpDWz7HhMnuiQhGzGinKPsx/HQdq",
		"$2x$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
	}
	m := &mutator{random: rand.New(rand.NewPCG(2026, shard)), seeds: seeds}
	for range rounds {
		encoded := m.next()
		err := hasher.Verify(context.Background(), encoded, password)
		computed := err == nil || errors.Is(err, hash.ErrMismatch)
		switch {
		case err == nil:
			tally.matched++
		case computed:
			tally.mismatched++
		case boundsParam(err) != "":
			tally.bounded++
		case errors.Is(err, hash.ErrFormat):
			tally.broken++
		default:
			t.Fatalf("%q gave the untyped error %v", encoded, err)
		}
		if computed != allowed(encoded) {
			t.Fatalf("%q gave %v", encoded, err)
		}
		if (err == nil) != slices.Contains(seeds[:3], encoded) {
			t.Fatalf("%q gave %v", encoded, err)
		}
		info, inspected := hash.Inspect(encoded)
		if computed && inspected != nil || info.Scheme == "" != (inspected != nil) {
			t.Fatalf("%q is computed and inspected as %v, %v", encoded, info, inspected)
		}
		hasher.Stale(encoded)
	}
	return tally
}
