package policy_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestFingerprintGolden: shops keep these beside every credential. A line that
// changes makes all of their passwords look chosen under another policy, so it
// changes only with the rules, or with the "p1".
func TestFingerprintGolden(t *testing.T) {
	full := policy.Policy{
		Name: "full", MinLength: 9, MaxLength: 99, MaxBytes: 199, NeedLetter: true, NeedDigit: true,
		Estimator: policy.NamedEstimator("strength", sized{}), MinGuessesLog10: 8.5,
		Words: []string{"Tillkey", "größe", "Tillkey"}, Contains: true,
		Lists:           []policy.List{policy.Common(), policy.NewList("walrus", "zebra")},
		Breach:          []policy.List{policy.Named("leaked", answer{}), &counter{}},
		BreachThreshold: 3, Unchecked: policy.RefuseUnchecked,
	}
	for want, p := range map[string]policy.Policy{
		"p1:e309342919e6fdd2ed7821bceb3714f4": {},
		"p1:231fae86c5d2ecb42cede8400dc2f075": policy.NIST63B4(),
		"p1:db1650f9c0dfcd473400f1064edc6fbd": policy.PCI401Staff(),
		"p1:5839b0d2912a3cc3a6e121c180519c3c": policy.ASVS5(),
		"p1:f5bd0735e8cb1fabed7ec51af635b92f": policy.ShopCustomer(),
		"p1:126453a228f182d66207e5254031bc2d": policy.ShopStaff(),
		"p1:407ae4a278bb3f5ca08dc6f21ed45c26": full,
	} {
		require.Equal(t, want, p.Fingerprint(), p.Name)
	}
}

// sized rates by length alone.
type sized struct{}

func (sized) GuessesLog10(password string, _ ...string) float64 { return float64(len(password)) / 2 }

// TestFingerprintSeesEveryField: a change of any field that decides is seen. A
// field that is new has to be added here.
func TestFingerprintSeesEveryField(t *testing.T) {
	changed := map[string]any{
		"MinLength": 14, "MaxLength": 255, "MaxBytes": 1023, "NeedLetter": true, "NeedDigit": true,
		"Estimator": sized{}, "MinGuessesLog10": 8.25, "Words": []string{"Till"}, "Contains": true,
		"Lists":           []policy.List{policy.NewList("walrus")},
		"Breach":          []policy.List{answer{}},
		"BreachThreshold": 2, "Unchecked": policy.RefuseUnchecked,
	}
	base := policy.ShopCustomer()
	seen := map[string]string{base.Fingerprint(): "nothing"}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[policy.Policy]()) {
		if field.Name == "Name" {
			continue
		}
		require.Contains(t, changed, field.Name)
		p := base
		reflect.ValueOf(&p).Elem().FieldByName(field.Name).Set(reflect.ValueOf(changed[field.Name]))
		require.NoError(t, p.Validate())
		require.NotContains(t, seen, p.Fingerprint(), "%s", field.Name)
		seen[p.Fingerprint()] = field.Name
	}
	require.Len(t, seen, 1+len(changed))
}

// TestFingerprintIsOfTheRules: what decides nothing is not seen.
func TestFingerprintIsOfTheRules(t *testing.T) {
	alike := map[string][2]policy.Policy{
		"the name":          {{}, {Name: "other"}},
		"defaults":          {{}, {MaxLength: 256, MaxBytes: 1024, BreachThreshold: 1}},
		"order of words":    {{Words: []string{"a", "b", "b"}}, {Words: []string{"b", "a"}}},
		"no list":           {{}, {Words: []string{}, Lists: []policy.List{}, Breach: []policy.List{}}},
		"order of lists":    {{Lists: []policy.List{policy.Common(), answer{}}}, {Lists: []policy.List{answer{}, policy.Common()}}},
		"a list twice":      {{Lists: []policy.List{policy.Common(), policy.Common()}}, {Lists: []policy.List{policy.Common()}}},
		"order of breach":   {{Breach: []policy.List{exact{}, answer{}}}, {Breach: []policy.List{answer{}, exact{}}}},
		"nil is Entropy":    {{MinGuessesLog10: 8}, {MinGuessesLog10: 8, Estimator: policy.Entropy()}},
		"no threshold":      {{Estimator: sized{}}, {Estimator: policy.Entropy()}},
		"entries of a list": {{Lists: []policy.List{policy.NewList("a", "b")}}, {Lists: []policy.List{policy.NewList("B", "A", "a")}}},
		"the same name":     {{Lists: []policy.List{policy.Named("x", &counter{})}}, {Lists: []policy.List{policy.Named("x", answer{})}}},
		"only the kind":     {{Breach: []policy.List{exact{"a": 1}}}, {Breach: []policy.List{exact{"b": 1}}}},
		"a named Common":    {{Lists: []policy.List{policy.Named("x", policy.Common())}}, {Lists: []policy.List{policy.Common()}}},
	}
	for name, pair := range alike {
		require.Equal(t, pair[0].Fingerprint(), pair[1].Fingerprint(), name)
	}
	unlike := map[string][2]policy.Policy{
		"one word or two":   {{Words: []string{"a b"}}, {Words: []string{"a", "b"}}},
		"lines in a word":   {{Words: []string{"a\n1 b"}}, {Words: []string{"a", "b"}}},
		"spelling":          {{Words: []string{"till"}}, {Words: []string{"Till"}}},
		"lists or breach":   {{Lists: []policy.List{answer{}}}, {Breach: []policy.List{answer{}}}},
		"entries of a list": {{Lists: []policy.List{policy.NewList("a")}}, {Lists: []policy.List{policy.NewList("b")}}},
		"how many":          {{Breach: []policy.List{exact{"a": 1}}}, {Breach: []policy.List{exact{"a": 1}, exact{"b": 1}}}},
		"the name of one":   {{Lists: []policy.List{policy.Named("x", answer{})}}, {Lists: []policy.List{policy.Named("y", answer{})}}},
	}
	for name, pair := range unlike {
		require.NotEqual(t, pair[0].Fingerprint(), pair[1].Fingerprint(), name)
	}
}

// TestFingerprintIgnoresTheOrder of everything that has none, for policies of
// all kinds.
func TestFingerprintIgnoresTheOrder(t *testing.T) {
	r := seeded()
	for range 500 {
		p := randomPolicy(r)
		q := p
		q.Name = "other"
		q.Words, q.Lists, q.Breach = shuffled(r, p.Words), shuffled(r, p.Lists), shuffled(r, p.Breach)
		require.Equal(t, p.Fingerprint(), q.Fingerprint())
		require.Regexp(t, "^p1:[0-9a-f]{32}$", p.Fingerprint())
	}
}

func shuffled[T any](r *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// TestCommonFingerprintIsOfTheFile: another list of common passwords is
// another rule.
func TestCommonFingerprintIsOfTheFile(t *testing.T) {
	file, err := os.ReadFile("internal/common/common.bin")
	require.NoError(t, err)
	sum := sha256.Sum256(file)
	kind, hash, ok := strings.Cut(policy.Common().(policy.Fingerprinter).Fingerprint(), " 1 ")
	require.True(t, ok)
	require.Equal(t, "common", kind)
	require.Equal(t, hex.EncodeToString(sum[:8]), hash)
}

// TestNamedAnswersAsItsOwn: a name changes no answer.
func TestNamedAnswersAsItsOwn(t *testing.T) {
	count, err := policy.Named("leaked", exact{"walrus": 7}).Seen(t.Context(), "walrus")
	require.NoError(t, err)
	require.Equal(t, 7, count)
	require.InDelta(t, 3, policy.NamedEstimator("sized", sized{}).GuessesLog10("walrus"), 0)
	require.Equal(t, policy.Entropy().(policy.Fingerprinter).Fingerprint(),
		policy.NamedEstimator("other", policy.Entropy()).(policy.Fingerprinter).Fingerprint())
	require.Nil(t, policy.Named("leaked", nil))
	require.Nil(t, policy.NamedEstimator("sized", nil))
}

// TestListsAreCompared without looking into what is behind them: a map or a slice
// is the same in the same place, also inside another type, and a func never is.
func TestListsAreCompared(t *testing.T) {
	alike := exact{"walrus": 1}
	row := wrapped{[]int{1}, alike}
	for name, c := range map[string]struct {
		a, b policy.List
		want int
	}{
		"the same map":             {alike, alike, 1},
		"two maps with one entry":  {exact{"walrus": 1}, exact{"walrus": 1}, 2},
		"equal values":             {answer{count: 1}, answer{count: 1}, 1},
		"other values":             {answer{count: 1}, answer{count: 2}, 2},
		"two pointers":             {&counter{}, &counter{}, 2},
		"the same in a struct":     {row, row, 1},
		"another map in a struct":  {row, wrapped{row.numbers, exact{"walrus": 1}}, 2},
		"another slice of it":      {row, wrapped{row.numbers[:0], alike}, 2},
		"another list in a struct": {row, wrapped{row.numbers, answer{}}, 2},
		"no list in a struct":      {row, wrapped{row.numbers, nil}, 2},
		"twice no list":            {wrapped{row.numbers, nil}, wrapped{row.numbers, nil}, 1},
		"the same in an array":     {pair{alike, nil}, pair{alike, nil}, 1},
		"another one in an array":  {pair{alike, nil}, pair{alike, alike}, 2},
		"a func":                   {answerFunc(seven), answerFunc(seven), 2},
		"a func with a name":       {policy.Named("seven", answerFunc(seven)), policy.Named("seven", answerFunc(seven)), 1},
		"two kinds":                {answer{}, exact{}, 2},
	} {
		p, err := policy.Strictest(policy.Policy{Lists: []policy.List{c.a}}, policy.Policy{Lists: []policy.List{c.b}})
		require.NoError(t, err)
		require.Len(t, p.Lists, c.want, name)
	}
	one := &counter{}
	p, err := policy.Strictest(policy.Policy{Lists: []policy.List{one}}, policy.Policy{Lists: []policy.List{one}})
	require.NoError(t, err)
	require.Len(t, p.Lists, 1)
}

// TestListsMayChangeWhileTheyAreCompared, under a lock of their own.
func TestListsMayChangeWhileTheyAreCompared(t *testing.T) {
	list := exact{}
	var changed sync.WaitGroup
	changed.Go(func() {
		for i := range 1000 {
			list[strconv.Itoa(i)] = i
		}
	})
	p := policy.Policy{Lists: []policy.List{list, exact{}}}
	for range 100 {
		require.False(t, p.Stricter(p))
	}
	changed.Wait()
}

// wrapped and pair are lists that hold others, of types that cannot be compared.
type wrapped struct {
	numbers []int
	list    policy.List
}

func (wrapped) Seen(context.Context, string) (int, error) { return 0, nil }

type pair [2]policy.List

func (pair) Seen(context.Context, string) (int, error) { return 0, nil }

// TestFingerprintOfAListIsMadeOnce: a policy is fingerprinted at every sign-in.
func TestFingerprintOfAListIsMadeOnce(t *testing.T) {
	p := policy.Policy{Lists: []policy.List{policy.NewList(numbered(0, 5000)...)}}
	require.Less(t, testing.AllocsPerRun(10, func() { p.Fingerprint() }), 200.0)
}
