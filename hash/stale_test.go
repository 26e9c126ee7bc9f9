package hash_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func TestStaleIsUpwardOnly(t *testing.T) {
	t.Parallel()
	hasher, err := hash.New(hash.Config{}) // m=19456 t=2 p=1 salt 16 key 32
	assert.NoError(t, err)
	for _, test := range []struct {
		name   string
		stored hash.Params
		stale  bool
	}{
		{"equal", hash.Params{Memory: 19456, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, false},
		{"less memory", hash.Params{Memory: 19455, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, true},
		{"less time", hash.Params{Memory: 19456, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}, true},
		{"shorter salt", hash.Params{Memory: 19456, Time: 2, Parallelism: 1, SaltLength: 15, KeyLength: 32}, true},
		{"shorter key", hash.Params{Memory: 19456, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 31}, true},
		{"shorter salt, more memory", hash.Params{Memory: 65536, Time: 2, Parallelism: 1, SaltLength: 8, KeyLength: 32}, true},
		{"shorter key, more memory", hash.Params{Memory: 65536, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 16}, true},
		{"more memory", hash.Params{Memory: 19457, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, false},
		{"more time", hash.Params{Memory: 19456, Time: 3, Parallelism: 1, SaltLength: 16, KeyLength: 32}, false},
		{"longer salt", hash.Params{Memory: 19456, Time: 2, Parallelism: 1, SaltLength: 32, KeyLength: 32}, false},
		{"longer key", hash.Params{Memory: 19456, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 64}, false},
		{"more lanes", hash.Params{Memory: 19456, Time: 2, Parallelism: 64, SaltLength: 16, KeyLength: 32}, false},
		{"more lanes, less memory", hash.Params{Memory: 19000, Time: 2, Parallelism: 64, SaltLength: 16, KeyLength: 32}, true},
		{"much more memory, one pass", hash.Params{Memory: 47104, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}, false},
		{"little memory, many passes", hash.Params{Memory: 7168, Time: 5, Parallelism: 1, SaltLength: 16, KeyLength: 32}, true},
		{"the format's largest", hash.Params{Memory: 1<<32 - 1, Time: 1<<32 - 1, Parallelism: 255, SaltLength: 48, KeyLength: 64}, false},
		{"the format's smallest", hash.Params{Memory: 8, Time: 1, Parallelism: 1, SaltLength: 8, KeyLength: 12}, true},
	} {
		assert.Equal(t, test.stale, hasher.Stale(stored(test.stored)), test.name)
	}
	for _, encoded := range []string{
		"$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga", // dear or cheap, foreign is stale
		"$2b$31$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"", "unknown",
	} {
		assert.True(t, hasher.Stale(encoded), encoded)
	}
	assert.Zero(t, hasher.Budget().Stats().Granted, "nothing was computed")
}

func TestRaisedParametersMakeOldHashesStale(t *testing.T) {
	t.Parallel()
	old := newHasher(t, hash.Config{})
	encoded := mustHash(t, old, "password")
	assert.False(t, old.Stale(encoded))
	raised := newHasher(t, hash.Config{Params: hash.Params{Memory: 16, Time: 1}})
	assert.True(t, raised.Stale(encoded))
	assert.NoError(t, raised.Verify(context.Background(), encoded, "password"), "weak hashes verify")
	assert.False(t, raised.Stale(mustHash(t, raised, "password")))
	assert.False(t, old.Stale(mustHash(t, raised, "password")), "a host with the old settings does not go back")
}

// The number of processors is in no default and in no decision.
func TestStaleDoesNotDependOnTheHost(t *testing.T) {
	previous := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(previous)
	var strings []string
	var hashers []*hash.Hasher
	for _, processors := range []int{1, 2, 7, 64} {
		runtime.GOMAXPROCS(processors)
		assert.Equal(t, hash.Params{Memory: 19456, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, hash.DefaultParams())
		hasher, err := hash.New(hash.Config{})
		assert.NoError(t, err)
		hashers = append(hashers, hasher)
		strings = append(strings, mustHash(t, hasher, "password"))
	}
	for _, hasher := range hashers {
		for _, encoded := range strings {
			assert.False(t, hasher.Stale(encoded))
		}
	}
}

func randomParams(random *rand.Rand) hash.Params {
	lanes := uint8(1 + random.IntN(8))
	return hash.Params{
		Memory:      uint32(8*int(lanes) + random.IntN(200)),
		Time:        uint32(1 + random.IntN(6)),
		Parallelism: lanes,
		SaltLength:  uint32(8 + random.IntN(41)),
		KeyLength:   uint32(12 + random.IntN(53)),
	}
}

// A fleet whose hosts have different settings rewrites a row finitely often: of
// any two hosts at most one finds the other's hash stale, and stale is
// transitive, so every row climbs to the strongest host that meets it and stays.
func TestMixedFleetDoesNotRehashInCircles(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		const hosts = 5
		var fleet [hosts]*hash.Hasher
		for i := range fleet {
			fleet[i] = newHasher(t, hash.Config{Params: randomParams(random)})
		}
		for _, a := range fleet {
			for _, b := range fleet {
				aOfB, bOfA := a.Stale(stored(b.Params())), b.Stale(stored(a.Params()))
				if aOfB && bOfA {
					t.Fatalf("%v and %v find each other stale", a.Params(), b.Params())
				}
			}
		}
		row, rewrites := stored(randomParams(random)), 0
		for range 10 * hosts {
			if host := fleet[random.IntN(hosts)]; host.Stale(row) {
				row = stored(host.Params())
				rewrites++
			}
		}
		assert.LessOrEqual(t, rewrites, hosts)
	}
}

// Stale is a strict partial order on hashes: nothing is stale for its own
// parameters, and of two at most one for the other. That what is stale for
// something stale is stale too, and what is equal to something equal as well, makes
// it impossible to go round in a circle of any length.
func TestStaleIsAStrictOrder(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	few := func() hash.Params { // so that many are equal in some of the numbers
		p := randomParams(random)
		p.Memory, p.Time = []uint32{64, 128, 256}[random.IntN(3)], []uint32{1, 2, 4}[random.IntN(3)]
		p.SaltLength, p.KeyLength = []uint32{8, 16, 48}[random.IntN(3)], []uint32{12, 32, 64}[random.IntN(3)]
		return p
	}
	stale := func(p, q hash.Params) bool { return newHasher(t, hash.Config{Params: q}).Stale(stored(p)) }
	for range 5000 {
		p, q, r := few(), few(), few()
		if random.IntN(4) == 0 {
			p, q, r = randomParams(random), randomParams(random), randomParams(random)
		}
		assert.False(t, stale(p, p))
		assert.False(t, stale(p, q) && stale(q, p), "%+v, %+v", p, q)
		if stale(p, q) && stale(q, r) {
			assert.True(t, stale(p, r), "%+v, %+v, %+v", p, q, r)
		}
		if !stale(p, q) && !stale(q, p) && !stale(q, r) && !stale(r, q) {
			assert.False(t, stale(p, r) || stale(r, p), "%+v, %+v, %+v", p, q, r)
		}
	}
}

// Three hosts that were configured differently share their rows: each verifies
// what the others made, and after a few sign-ins on whatever hosts no row is
// rewritten any more. A foreign hash is rewritten once, by a host that knows its
// scheme, and never comes back.
func TestMixedFleetSharesItsRows(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		const password = "correct horse"
		known := &recorder{match: password}
		schemes := [][]legacy.Scheme{{known}, {legacy.Bcrypt{}, known}, {}}
		var fleet [3]*hash.Hasher
		for i := range fleet {
			p := randomParams(random)
			p.Memory = 8*uint32(p.Parallelism) + p.Memory%64
			fleet[i] = newHasher(t, hash.Config{Params: p, Foreign: schemes[random.IntN(len(schemes))]})
		}
		rows := []string{"$recorder$", mustHash(t, fleet[0], password), mustHash(t, fleet[1], password), mustHash(t, fleet[2], password)}
		var rewritten [4]int
		signIn := func(i int, host *hash.Hasher) {
			err := host.Verify(context.Background(), rows[i], password)
			if i == 0 && rewritten[0] == 0 && errors.Is(err, hash.ErrFormat) {
				assert.ErrorIs(t, host.Accepts(rows[i]), hash.ErrFormat, "a host that does not know the scheme")
				return
			}
			assert.NoError(t, err)
			if host.Stale(rows[i]) {
				rows[i] = mustHash(t, host, password)
				rewritten[i]++
				assert.False(t, host.Stale(rows[i]))
			}
		}
		for range 20 {
			signIn(random.IntN(len(rows)), fleet[random.IntN(len(fleet))])
		}
		everywhere := func() {
			for _, host := range fleet {
				for i := range rows {
					signIn(i, host)
				}
			}
		}
		everywhere() // the foreign row is a row of our own after this, or for ever foreign
		everywhere()
		before := rewritten
		everywhere()
		for i := range rows {
			assert.Equal(t, before[i], rewritten[i], "%v %v", fleet, rows[i])
			assert.LessOrEqual(t, rewritten[i], len(fleet))
		}
	}
}

// Hosts whose Limits or Budget are smaller than the costs of another answer its
// rows with *BoundsError, right password or not, so Limits and Budget are raised
// everywhere before costs are.
func TestSmallerHostRefusesDearerRows(t *testing.T) {
	t.Parallel()
	dearer := newHasher(t, hash.Config{Params: hash.Params{Memory: 64, Time: 3}})
	row := mustHash(t, dearer, "right")
	ctx := context.Background()
	for param, config := range map[string]hash.Config{
		hash.ParamMemory: {Limits: hash.Limits{Memory: 63}},
		hash.ParamTime:   {Limits: hash.Limits{Time: 2}},
		"the budget":     {Budget: newBudget(t, hash.BudgetConfig{Bytes: 63 << 10})},
	} {
		if config.Budget != nil {
			param = hash.ParamMemory
		}
		smaller := newHasher(t, config)
		for _, err := range []error{
			smaller.Accepts(row), smaller.Verify(ctx, row, "right"), smaller.Authenticate(ctx, row, "right"), smaller.Verify(ctx, row, "wrong"),
		} {
			assert.Equal(t, param, boundsParam(err), "%+v", config)
		}
		assert.Zero(t, smaller.Budget().Stats().Hashes)
	}
	raised := newHasher(t, hash.Config{Limits: hash.Limits{Memory: 64, Time: 3}, Budget: newBudget(t, hash.BudgetConfig{Bytes: 64 << 10})})
	assert.NoError(t, raised.Verify(ctx, row, "right"), "before its own costs are raised")
}

// If no number is below the current one, the hash is not stale; if some are
// below and none above, it is, as far as the number counts.
func TestStaleAgreesWithEveryNumber(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		p, q := randomParams(random), randomParams(random)
		hasher := newHasher(t, hash.Config{Params: p})
		salt, wantSalt := min(q.SaltLength, 16), min(p.SaltLength, 16)
		key, wantKey := min(q.KeyLength, 32), min(p.KeyLength, 32)
		stale := hasher.Stale(stored(q))
		switch {
		case q.Memory >= p.Memory && q.Time >= p.Time && salt >= wantSalt && key >= wantKey:
			assert.False(t, stale, "%+v for %+v", q, p)
		case q.Memory <= p.Memory && q.Time <= p.Time && salt <= wantSalt && key <= wantKey:
			assert.True(t, stale, "%+v for %+v", q, p)
		}
	}
}
