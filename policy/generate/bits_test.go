package generate_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

// TestBitsOfLettersAndDigits counts all passwords of small alphabets.
func TestBitsOfLettersAndDigits(t *testing.T) {
	t.Parallel()
	var count func(alphabet string, n int, prefix string, letter, digit bool) int
	count = func(alphabet string, n int, prefix string, letter, digit bool) int {
		if n == 0 {
			if letter && !strings.ContainsAny(prefix, "ab") || digit && !strings.ContainsAny(prefix, "1") {
				return 0
			}
			return 1
		}
		sum := 0
		for _, c := range alphabet {
			sum += count(alphabet, n-1, prefix+string(c), letter, digit)
		}
		return sum
	}
	for _, symbols := range []string{"", "#+"} {
		for n := 1; n <= 6; n++ {
			for needs := range 4 {
				letter, digit := needs&1 > 0, needs&2 > 0
				f := generate.Form("ab", "1", symbols, letter, digit)
				want := count("ab1"+symbols, n, "", letter, digit)
				if want == 0 {
					require.True(t, math.IsInf(f.Bits(n), -1), "%d", n)
					continue
				}
				require.InDelta(t, math.Log2(float64(want)), f.Bits(n), 1e-9, "%d signs, needs %d", n, needs)
				seen := make(map[string]bool)
				for range min(40*want, 1000) {
					seen[f.Draw(n)] = true
				}
				require.LessOrEqual(t, len(seen), want)
				if want <= 64 {
					require.Len(t, seen, want, "all of them are drawn")
				}
			}
		}
	}
}

// TestBitsAfterRefusals: a list refuses a share of the passwords that is known
// exactly; what is stated is never more than the rest is worth, and little less:
// by more than little once in ten million runs.
func TestBitsAfterRefusals(t *testing.T) {
	t.Parallel()
	signs := generate.Letters + generate.Digits
	for _, c := range []struct {
		refused int
		little  float64 // bits
	}{{0, 0.12}, {1, 0.45}, {15, 1.1}, {31, 1.9}, {46, 3.6}} {
		p := policy.Policy{Lists: []policy.List{starts(signs[:c.refused])}}
		exact := 20*math.Log2(62) + math.Log2(float64(62-c.refused)/62)
		for range 3 {
			g := newGenerator(t, generate.Recipe{Policy: p, Length: 20})
			require.LessOrEqual(t, g.Bits(), exact, "%d refused", c.refused)
			require.GreaterOrEqual(t, g.Bits(), exact-c.little, "%d refused", c.refused)
			require.NotContains(t, signs[:c.refused], password(t, g)[:1])
		}
	}
}

// TestBitsOfKinds: what there is to choose from, less 0.12 bits.
func TestBitsOfKinds(t *testing.T) {
	t.Parallel()
	const doubt = 0.1168 // -log2(1e-9)/256
	for want, r := range map[float64]generate.Recipe{
		20 * math.Log2(62):                             {Length: 20},
		20 * math.Log2(57):                             {Length: 20, AvoidLookAlikes: true},
		20 * math.Log2(77):                             {Length: 20, Symbols: true},
		20 * math.Log2(63):                             {Length: 20, Symbols: true, AvoidLookAlikes: true},
		5 * math.Log2(7772):                            {Kind: generate.Passphrase, Words: 5},
		5 * math.Log2(7776):                            {Kind: generate.Passphrase, Words: 5, Separator: " "},
		6 * math.Log2(7694):                            {Kind: generate.Passphrase, Words: 6, Language: "de"},
		6*math.Log2(1682) + math.Log2(10):              {Kind: generate.Passphrase, Words: 6, Language: "fr", Policy: policy.Policy{NeedDigit: true}},
		40 * math.Log2(2):                              {Kind: generate.Passphrase, Words: 40, List: []string{"yes", "no"}},
		20*math.Log2(62) + math.Log2(1-math.Exp2(-80)): {Length: 20, Policy: policy.Policy{Breach: []policy.List{policy.NewList()}}},
	} {
		require.InDelta(t, want-doubt, newGenerator(t, r).Bits(), 0.001)
	}
}

// TestBitsAfterLeaks: 2^34 leaked passwords are deducted, and no password of
// so few bits is made that this could matter much.
func TestBitsAfterLeaks(t *testing.T) {
	t.Parallel()
	r := generate.Recipe{Kind: generate.Passphrase, Words: 3, Separator: " "}
	plain := newGenerator(t, r)
	r.Policy.Breach = []policy.List{policy.NewList()}
	leaks := newGenerator(t, r)
	require.InDelta(t, -math.Log2(1-math.Exp2(34-plain.Bits())), plain.Bits()-leaks.Bits(), 1e-9)
	require.Greater(t, plain.Bits(), leaks.Bits())
}

// TestAtLeast is the definition of the bound of Clopper and Pearson.
func TestAtLeast(t *testing.T) {
	t.Parallel()
	require.Zero(t, generate.AtLeast(0, 256))
	require.InDelta(t, math.Pow(1e-9, 1.0/256), generate.AtLeast(256, 256), 1e-12)
	last := 0.0
	for k := 1; k <= 256; k += 5 {
		p := generate.AtLeast(k, 256)
		require.Greater(t, p, last)
		require.Less(t, p, float64(k)/256)
		require.InEpsilon(t, 1e-9, generate.Tail(k, 256, p), 1e-6, "%d", k)
		last = p
	}
	require.InDelta(t, 0.171875, generate.Tail(7, 10, 0.5), 1e-12, "(120+45+10+1)/1024")
}
