package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// merge returns the fingerprint of the merged policies, or "" where they
// contradict each other: the least that everything else is less strict than.
func merge(policies ...policy.Policy) (policy.Policy, string) {
	p, err := policy.Strictest(policies...)
	if err != nil {
		return p, ""
	}
	return p, p.Fingerprint()
}

// TestStrictestLaws: it is commutative, associative and idempotent, whether or
// not the policies contradict each other.
func TestStrictestLaws(t *testing.T) {
	r, met := seeded(), 0
	for range 3000 {
		a, b, c := randomPolicy(r), randomPolicy(r), randomPolicy(r)
		ab, abPrint := merge(a, b)
		_, baPrint := merge(b, a)
		require.Equal(t, abPrint, baPrint, "commutative")

		_, aaPrint := merge(a, a)
		require.Equal(t, a.Fingerprint(), aaPrint, "idempotent")

		abcPrint := ""
		if abPrint != "" {
			met++
			_, abcPrint = merge(ab, c)
			_, again := merge(ab, b)
			require.Equal(t, abPrint, again, "absorbs what it was made of")
		}
		rightPrint := ""
		if bc, print := merge(b, c); print != "" {
			_, rightPrint = merge(a, bc)
		}
		require.Equal(t, abcPrint, rightPrint, "associative")
		_, atOnce := merge(c, a, b)
		require.Equal(t, abcPrint, atOnce, "all at once")
	}
	require.Greater(t, met, 1000, "most policies agree")
}

// TestStrictestAcceptsNoMore: what the merged policy accepts, each one does.
func TestStrictestAcceptsNoMore(t *testing.T) {
	r, list, accepted, refused := seeded(), words(t), 0, 0
	for range 400 {
		a, b := randomPolicy(r), randomPolicy(r)
		merged, print := merge(a, b)
		if print == "" {
			continue
		}
		for range 10 {
			password := randomChoice(r, list)
			v := check(t, merged, password, "maria@shop.example")
			va, vb := check(t, a, password, "maria@shop.example"), check(t, b, password, "maria@shop.example")
			if v.Err() == nil {
				accepted++
				require.NoError(t, va.Err(), "%q", password)
				require.NoError(t, vb.Err(), "%q", password)
				continue
			}
			refused++
			if va.Err() == nil && vb.Err() == nil {
				// It asks for more than both only where the threshold of one
				// meets the estimator or the breach source of the other, or
				// Contains meets the Words.
				require.Subset(t, []string{policy.TooGuessable, policy.Breached, policy.ContainsContext}, codes(v), "%q", password)
			}
		}
	}
	require.Greater(t, accepted, 100)
	require.Greater(t, refused, 100)
}

// TestStrictestFields is the table of what wins in each field.
func TestStrictestFields(t *testing.T) {
	common, leaked := policy.Common(), policy.Named("leaked", answer{})
	for name, c := range map[string]struct{ a, b, want policy.Policy }{
		"longer":      {policy.Policy{MinLength: 8}, policy.Policy{MinLength: 15}, policy.Policy{MinLength: 15}},
		"caps":        {policy.Policy{MaxLength: 512, MaxBytes: 64}, policy.Policy{}, policy.Policy{MaxBytes: 64}},
		"higher caps": {policy.Policy{MaxLength: 512}, policy.Policy{MaxLength: 300}, policy.Policy{MaxLength: 300}},
		"needs": {policy.Policy{NeedLetter: true}, policy.Policy{NeedDigit: true, Contains: true},
			policy.Policy{NeedLetter: true, NeedDigit: true, Contains: true}},
		"estimator with a threshold": {policy.Policy{Estimator: policy.Entropy()}, policy.Policy{Estimator: sized{}, MinGuessesLog10: 8},
			policy.Policy{Estimator: sized{}, MinGuessesLog10: 8}},
		"nil with a threshold": {policy.Policy{Estimator: sized{}}, policy.Policy{MinGuessesLog10: 8},
			policy.Policy{Estimator: policy.Entropy(), MinGuessesLog10: 8}},
		"the same estimator": {policy.Policy{Estimator: sized{}, MinGuessesLog10: 9}, policy.Policy{Estimator: sized{}, MinGuessesLog10: 8},
			policy.Policy{Estimator: sized{}, MinGuessesLog10: 9}},
		"lists": {policy.Policy{Lists: []policy.List{common}}, policy.Policy{Lists: []policy.List{common}, Breach: []policy.List{leaked}},
			policy.Policy{Lists: []policy.List{common}, Breach: []policy.List{leaked}}},
		"words":  {policy.Policy{Words: []string{"b", "a"}}, policy.Policy{Words: []string{"c", "a"}}, policy.Policy{Words: []string{"a", "b", "c"}}},
		"breach": {policy.Policy{BreachThreshold: 5}, policy.Policy{BreachThreshold: 3}, policy.Policy{BreachThreshold: 3}},
		"unset":  {policy.Policy{BreachThreshold: 5}, policy.Policy{}, policy.Policy{BreachThreshold: 1}},
		"unchecked": {policy.Policy{Unchecked: policy.RefuseUnchecked}, policy.Policy{},
			policy.Policy{Unchecked: policy.RefuseUnchecked}},
	} {
		got, err := policy.Strictest(c.a, c.b)
		require.NoError(t, err, name)
		require.Equal(t, c.want.Fingerprint(), got.Fingerprint(), name)
	}
}

// TestStrictestRatesByTheLowest where two estimators have a say.
func TestStrictestRatesByTheLowest(t *testing.T) {
	both, err := policy.Strictest(
		policy.Policy{Estimator: sized{}, MinGuessesLog10: 1},
		policy.Policy{Estimator: policy.Entropy(), MinGuessesLog10: 2})
	require.NoError(t, err)
	for _, password := range []string{"abababababababab", "kX9#mQ2$vL7!pR4z", ""} {
		want := min(sized{}.GuessesLog10(password), policy.Entropy().GuessesLog10(password))
		require.InDelta(t, want, both.Preview(password).GuessesLog10, 1e-9)
	}
}

// TestStrictestNames: who reads a report sees all names, in one order.
func TestStrictestNames(t *testing.T) {
	ab, err := policy.Strictest(policy.Policy{Name: "b"}, policy.Policy{Name: "a"}, policy.Policy{})
	require.NoError(t, err)
	require.Equal(t, "a + b", ab.Name)
	abc, err := policy.Strictest(policy.Policy{Name: "c"}, ab, policy.Policy{Name: "b"})
	require.NoError(t, err)
	require.Equal(t, "a + b + c", abc.Name)
}

// TestStrictestNamesLaws: joining names is commutative, associative and
// idempotent, and a joined name is a name, however many and long the parts are.
func TestStrictestNamesLaws(t *testing.T) {
	join := func(names ...string) string {
		var policies []policy.Policy
		for _, name := range names {
			policies = append(policies, policy.Policy{Name: name})
		}
		p, err := policy.Strictest(policies...)
		require.NoError(t, err)
		require.NoError(t, p.Validate())
		return p.Name
	}
	r, short := seeded(), 0
	parts := []string{"", "a", "b", "größe", "…", "日本", "~", "a + b", "c + …", strings.Repeat("m", 120), strings.Repeat("b", 249),
		strings.Repeat("a", 250), strings.Repeat("x", 255), strings.Repeat("ß", 127)}
	for range 5000 {
		a, b, c := pick(r, parts...), pick(r, parts...), pick(r, parts...)
		ab, abc := join(a, b), join(a, b, c)
		require.Equal(t, ab, join(b, a), "commutative")
		require.Equal(t, abc, join(ab, c), "associative")
		require.Equal(t, abc, join(a, join(b, c)), "associative")
		require.Equal(t, abc, join(c, a, b))
		require.Equal(t, abc, join(abc, abc), "idempotent")
		require.Equal(t, abc, join(abc, b), "absorbs what it was made of")
		require.Equal(t, a, join(a), "one is not merged")
		if strings.Contains(abc, "…") {
			short++
		}
	}
	require.Greater(t, short, 1000)
	require.Less(t, short, 4900)
	require.Equal(t, "a + …", join("b", "a", strings.Repeat("c", 255)))
	require.Equal(t, "…", join(strings.Repeat("b", 255), strings.Repeat("c", 255)))
}

func TestStrictestContradictions(t *testing.T) {
	for want, policies := range map[string][]policy.Policy{
		`MinLength 20 of "long" is above MaxLength 16 of "short"`: {
			{Name: "short", MaxLength: 16}, {Name: "mid", MinLength: 10}, {Name: "long", MinLength: 20}},
		`MinLength 20 of "long" does not fit MaxBytes 10 of "few"`: {
			{Name: "long", MinLength: 20}, {Name: "few", MaxBytes: 10}},
		`NeedLetter of "l" and NeedDigit of "d" do not fit MaxLength 1 and MaxBytes 1024`: {
			{Name: "l", NeedLetter: true, MaxLength: 1}, {Name: "d", NeedDigit: true}},
		`policy 1, "wrong"`: {{}, {Name: "wrong", MinLength: -1}},
		"1002 Words":        {{Words: numbered(0, 501)}, {Words: numbered(501, 1002)}},
		"no policy":         {},
	} {
		_, err := policy.Strictest(policies...)
		require.ErrorIs(t, err, policy.ErrInvalid)
		require.ErrorContains(t, err, want)
	}
}

func numbered(from, to int) []string {
	var list []string
	for n := from; n < to; n++ {
		list = append(list, string(rune('\u4e00'+n)))
	}
	return list
}

// TestStricter: it orders policies, and tells a raised one from one that was
// only eased.
func TestStricter(t *testing.T) {
	nist, pci, asvs := policy.NIST63B4(), policy.PCI401Staff(), policy.ASVS5()
	require.True(t, nist.Stricter(asvs))
	require.False(t, asvs.Stricter(nist))
	require.True(t, nist.Stricter(pci))
	require.True(t, pci.Stricter(nist))
	require.True(t, policy.Policy{MaxLength: 14}.Stricter(nist), "they contradict each other")

	r := seeded()
	for range 1000 {
		a, b := randomPolicy(r), randomPolicy(r)
		require.False(t, a.Stricter(a))
		if both, print := merge(a, b); print != "" {
			require.False(t, a.Stricter(both))
			require.Equal(t, both.Stricter(a), b.Stricter(a))
		}
		if !a.Stricter(b) && !b.Stricter(a) {
			require.Equal(t, a.Fingerprint(), b.Fingerprint())
		}
	}
}
