package generate_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
	"github.com/tillkey/tillkey/policy/strength"
)

// TestRandomPolicies makes passwords for random policies. Each satisfies its
// policy, none comes twice, and no policy leaves fewer passwords than the bits
// say.
//
// By default 40 passwords for each of 40 policies. GENERATE_COUNT=100000 makes
// so many for each of 200, which takes two processors some 20 minutes; then give
// go test a -timeout of 3h.
func TestRandomPolicies(t *testing.T) {
	t.Parallel()
	count, policies := 40, 40
	if text := os.Getenv("GENERATE_COUNT"); text != "" {
		var err error
		count, err = strconv.Atoi(text)
		require.NoError(t, err)
		policies = 200
	}
	random := rand.New(rand.NewPCG(2026, 11)) // the same policies every time
	made, phrases := 0, 0
	for i := range policies {
		recipe := randomRecipe(random)
		if recipe.Kind == generate.Passphrase {
			phrases++
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			keepsPromises(t, recipe, count)
		})
		made += count
	}
	t.Logf("%d passwords for %d policies, %d of them of words", made, policies, phrases)
}

func keepsPromises(t *testing.T, r generate.Recipe, count int) {
	g := newGenerator(t, r)
	require.GreaterOrEqual(t, g.Bits(), float64(generate.LeastBits))
	require.GreaterOrEqual(t, g.Bits(), r.MinBits)
	require.GreaterOrEqual(t, g.Bits()*math.Log10(2), r.Policy.MinGuessesLog10)

	seen := make(map[uint64]struct{}, count)
	for range count {
		made := password(t, g)
		v, err := r.Policy.Check(t.Context(), made, r.About...)
		require.NoError(t, err)
		require.Empty(t, v.Problems)
		h := fnv.New64a()
		h.Write([]byte(made))
		seen[h.Sum64()] = struct{}{}
	}
	// At 38 bits two of 100 000 are equal once in 55 runs, six pairs once in
	// 10^13.
	require.GreaterOrEqual(t, len(seen), count-5)

	// The share that the policy accepts, measured again: it lies below
	// highest, but for once in 10^9 times.
	n := max(count/20, 100)
	accepted := g.Accepted(n)
	highest := 1 - generate.AtLeast(n-accepted, n)
	require.LessOrEqual(t, g.Bits(), g.RawBits()+math.Log2(highest), "%d of %d accepted", accepted, n)
}

// randomRecipe returns a recipe with a policy that can be met.
func randomRecipe(random *rand.Rand) generate.Recipe {
	maybe := func(of int) bool { return random.IntN(of) == 0 }
	words, err := generate.Words("en")
	if err != nil {
		panic(err)
	}
	some := func(n int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = words[random.IntN(len(words))]
		}
		return list
	}
	r := generate.Recipe{AvoidLookAlikes: maybe(2)}
	p := policy.Policy{
		NeedLetter: maybe(3), NeedDigit: maybe(3), Contains: maybe(4),
		Words: some(random.IntN(8)), BreachThreshold: random.IntN(4),
		Unchecked: policy.UncheckedRule(random.IntN(2)),
	}
	r.About = some(random.IntN(4))
	if maybe(2) {
		p.MinLength = random.IntN(41)
	}
	if maybe(2) {
		p.MinGuessesLog10 = 20 * random.Float64()
	}
	if maybe(2) {
		p.Lists = append(p.Lists, policy.Common())
	}
	if maybe(3) {
		p.Lists = append(p.Lists, policy.NewList(some(500)...))
	}
	if maybe(4) { // refuses every fourth to every 64th password
		p.Lists = append(p.Lists, partly(4<<random.IntN(5)))
	}
	if maybe(4) {
		p.Breach = append(p.Breach, partly(1<<20))
	}
	if maybe(16) { // it takes its time
		p.Estimator = strength.Estimator{}
	}
	if maybe(2) {
		r.Symbols = maybe(2)
		if maybe(2) {
			p.MaxLength = max(p.MinLength, 20) + random.IntN(100)
		}
		if maybe(3) {
			r.Length = max(p.MinLength, 20) + random.IntN(10)
			p.MaxLength = max(p.MaxLength, r.Length)
		}
	} else {
		r.Kind = generate.Passphrase
		r.Language = generate.Languages()[random.IntN(len(generate.Languages()))]
		r.Separator = []string{"", " ", ".", "_"}[random.IntN(4)]
		if maybe(2) {
			p.MaxLength = max(p.MinLength, 40) + 25 + random.IntN(100)
		}
		if maybe(3) {
			r.MinBits = 38 + 20*random.Float64()
		}
	}
	r.Policy = p
	return r
}

// partly is a list of one password in n, by its hash.
func partly(n uint64) policy.List {
	return list(func(password string) (int, error) {
		h := fnv.New64a()
		h.Write([]byte(password))
		if h.Sum64()>>20%n == 0 {
			return 9, nil
		}
		return 0, nil
	})
}
