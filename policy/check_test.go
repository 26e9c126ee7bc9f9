package policy_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// asked is an estimator that must not be asked.
type asked struct{ t testing.TB }

func (a asked) GuessesLog10(string, ...string) float64 {
	a.t.Error("the estimator was asked before the caps")
	return 0
}

// rating is an estimator that always says the same.
type rating float64

func (r rating) GuessesLog10(string, ...string) float64 { return float64(r) }

func TestCapsComeFirst(t *testing.T) {
	p := policy.ShopCustomer()
	p.Lists, p.Breach = []policy.List{never{t}}, []policy.List{never{t}}
	p.Estimator = asked{t}
	for name, password := range map[string]string{
		"a megabyte of ASCII":           strings.Repeat("a", 1<<20),
		"a megabyte that is no text":    strings.Repeat("\xff", 1<<20),
		"a megabyte of accents":         strings.Repeat("\u0301", 1<<19),
		"one byte over the cap":         strings.Repeat("x", policy.DefaultMaxBytes+1),
		"one code point over the cap":   strings.Repeat("x", policy.DefaultMaxLength+1),
		"invalid at the end":            "winter harbor nine zebra\xc3",
		"a surrogate":                   "winter harbor nine zebra\xed\xa0\x80",
		"an overlong form of the slash": "winter harbor nine zebra\xc0\xaf",
	} {
		v := check(t, p, password)
		require.Len(t, v.Problems, 1, name)
		require.Contains(t, []string{policy.TooLong, policy.NotText}, v.Problems[0].Code, name)
		require.Equal(t, v, p.Preview(password), name)
		require.Zero(t, v.Score, name)
		require.Nil(t, v.Breached, name)
	}
	require.True(t, check(t, p, "abc\xff").Has(policy.NotText))
	require.True(t, check(t, p, strings.Repeat("\xff", 2000)).Has(policy.TooLong), "the byte cap comes before all else")
}

func TestCapsAreInclusive(t *testing.T) {
	p := policy.Policy{}
	require.NoError(t, check(t, p, strings.Repeat("x", policy.DefaultMaxLength)).Err())
	require.NoError(t, check(t, p, strings.Repeat("\U0001f469", policy.DefaultMaxLength)).Err(), "256 code points of four bytes are 1024 bytes")
	require.True(t, check(t, p, strings.Repeat("\U0001f469", policy.DefaultMaxLength)+"x").Has(policy.TooLong))
}

// TestLengthCountsCodePoints: each code point counts as one (SP 800-63B-4,
// 3.1.1.2(4)), of the NFC form.
func TestLengthCountsCodePoints(t *testing.T) {
	for password, length := range map[string]int{
		"":                           0,
		"abc":                        3,
		"\U0001f469\u200d\U0001f4bb": 3, // a woman, a joiner, a laptop: one picture
		"e\u0301":                    1, // becomes U+00E9
		"\u212b":                     1, // Angstrom sign
		"\ufb01":                     1, // the ligature fi stays one
		"пароль":                     6,
		"  a  ":                      5, // nothing is trimmed
		"a\x00b":                     3,
	} {
		exactly, more := policy.Policy{MinLength: length}, policy.Policy{MinLength: length + 1}
		require.False(t, check(t, exactly, password).Has(policy.TooShort), "%q", password)
		v := check(t, more, password)
		require.True(t, v.Has(policy.TooShort), "%q", password)
		require.Equal(t, length, v.Problems[0].Params["length"], "%q", password)
	}
}

func TestComposition(t *testing.T) {
	p := policy.PCI401Staff()
	p.Lists = nil
	require.Equal(t, []string{policy.NeedsDigit}, codes(check(t, p, "kvzxqmwrtplh")))
	require.Equal(t, []string{policy.NeedsLetter}, codes(check(t, p, "739184620175")))
	require.Empty(t, codes(check(t, p, "kvzxqmwrtpl7")))
	require.Empty(t, codes(check(t, p, "жшюдбэяфцйк٣")), "letters and digits of any script count")
}

func TestPreviewNeverAsksBreach(t *testing.T) {
	p := policy.ShopCustomer()
	p.Breach = []policy.List{never{t}}
	for _, password := range []string{"", "password", "winter harbor nine zebra", "abc\xff"} {
		v := p.Preview(password)
		require.Nil(t, v.Breached)
		require.False(t, v.Has(policy.Breached))
	}
}

func TestBreach(t *testing.T) {
	const password = "winter harbor nine zebra"
	ask := func(threshold int, lists ...policy.List) policy.Verdict {
		return check(t, policy.Policy{Breach: lists, BreachThreshold: threshold}, password)
	}
	require.Nil(t, ask(0).Breached, "nobody was asked")
	require.Equal(t, 0, *ask(0, answer{}).Breached)
	require.Equal(t, 9, *ask(0, answer{}, answer{count: 9}).Breached)
	require.True(t, ask(0, answer{count: 1}).Has(policy.Breached))
	require.False(t, ask(10, answer{count: 9}).Has(policy.Breached))
	require.True(t, ask(10, answer{count: 10}).Has(policy.Breached))
	require.Equal(t, 9, *ask(10, answer{count: 9}, answer{count: 4}).Breached, "the highest count is kept")

	v := ask(0, answer{count: 5}, never{t})
	require.True(t, v.Has(policy.Breached), "a hit ends the search")
	require.LessOrEqual(t, v.GuessesLog10, 5.0)
	require.LessOrEqual(t, v.Score, 1)
}

func TestListsSeeTheNormalForm(t *testing.T) {
	p := policy.Policy{Lists: []policy.List{exact{"caf\u00e9 zebra": 1}}, Breach: []policy.List{exact{"caf\u00e9 zebra": 2}}}
	v := check(t, p, "cafe\u0301 zebra")
	require.Equal(t, []string{policy.Breached, policy.TooCommon}, codes(v))
}

// TestUncheckedIsNotUnbreached: a source that cannot answer never counts as one
// that found nothing.
func TestUncheckedIsNotUnbreached(t *testing.T) {
	const password = "winter harbor nine zebra"
	down := errors.New("connection refused")
	for _, field := range []string{"Lists", "Breach"} {
		p := policy.Policy{}
		lists := []policy.List{answer{}, answer{count: 99, err: down}}
		if field == "Lists" {
			p.Lists = lists
		} else {
			p.Breach = lists[1:]
		}
		v := check(t, p, password)
		require.NoError(t, v.Err(), field)
		require.Len(t, v.Unchecked, 1, field)
		require.Equal(t, field, v.Unchecked[0].Field)
		require.Equal(t, len(lists)-1, v.Unchecked[0].Index+map[string]int{"Breach": 1}[field])
		require.ErrorIs(t, v.Unchecked[0].Err, down)
		require.Nil(t, v.Breached, "%s: what is unknown is not zero", field)

		p.Unchecked = policy.RefuseUnchecked
		v, err := p.Check(context.Background(), password)
		require.ErrorIs(t, err, policy.ErrUnchecked, field)
		require.ErrorIs(t, err, down, field)
		require.NotContains(t, err.Error(), "\n")
		require.NotContains(t, err.Error(), password)
		require.Len(t, v.Unchecked, 1)

		p.MinLength = 99
		require.True(t, check(t, p, password).Has(policy.TooShort), "what is wrong with the password comes first")
	}
	// A later source is still asked, and may find the password.
	v := check(t, policy.Policy{Breach: []policy.List{answer{err: down}, answer{count: 3}}, Unchecked: policy.RefuseUnchecked}, password)
	require.True(t, v.Has(policy.Breached))
	require.Len(t, v.Unchecked, 1)
}

func TestCheckHeedsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stop := &stopper{cancel: cancel}
	p := policy.ShopCustomer()
	p.Breach = []policy.List{stop, never{t}}
	v, err := p.Check(ctx, "winter harbor nine zebra")
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, v.Breached)

	p.Lists, p.Breach = []policy.List{never{t}}, []policy.List{never{t}}
	_, err = p.Check(ctx, "winter harbor nine zebra")
	require.ErrorIs(t, err, context.Canceled, "a context that is done asks nobody")
}

// stopper is a source whose caller goes away while it answers.
type stopper struct{ cancel context.CancelFunc }

func (s *stopper) Seen(ctx context.Context, _ string) (int, error) {
	s.cancel()
	return 0, fmt.Errorf("%w: %w", policy.ErrUnchecked, ctx.Err())
}

func TestEstimatorIsBoundedAndAsked(t *testing.T) {
	nan := rating(0)
	nan /= nan
	for given, want := range map[rating]float64{-3: 0, 7: 7, 5000: 1000} {
		require.Equal(t, want, check(t, policy.Policy{Estimator: given}, "x").GuessesLog10)
	}
	require.Zero(t, check(t, policy.Policy{Estimator: nan}, "x").GuessesLog10)
	p := policy.Policy{Estimator: rating(7.9), MinGuessesLog10: 8}
	require.Equal(t, []string{policy.TooGuessable}, codes(check(t, p, "x")))
	p.Estimator = rating(8)
	require.Empty(t, codes(check(t, p, "x")))
}

// TestMoreRulesNeverAcceptMore: what is refused stays refused when a list, a
// breach source or a word is added.
func TestMoreRulesNeverAcceptMore(t *testing.T) {
	r, list := seeded(), words(t)
	candidates := []string{"password", "Summer2026!Summer2026!", "lantern", "zebra", "walrus walrus walrus", "x", "abc\xff"}
	for range 200 {
		candidates = append(candidates, passphrase(r, list, 1+r.IntN(4)), randomPassword(r, 1+r.IntN(20)))
	}
	steps := []func(*policy.Policy){
		func(p *policy.Policy) { p.Lists = append(p.Lists, policy.Common()) },
		func(p *policy.Policy) { p.Words = append(p.Words, "lantern") },
		func(p *policy.Policy) { p.Lists = append(p.Lists, policy.NewList("walrus", "zebra river")) },
		func(p *policy.Policy) { p.Words = append(p.Words, list[:40]...) },
		func(p *policy.Policy) { p.Breach = append(p.Breach, exact{"x": 1, "zebra": 4}) },
		func(p *policy.Policy) { p.Breach = append(p.Breach, answer{err: policy.ErrUnchecked}) },
		func(p *policy.Policy) { p.Contains = true },
		func(p *policy.Policy) { p.MinGuessesLog10 = 8 },
		func(p *policy.Policy) { p.MinLength = 15 },
	}
	p := policy.Policy{}
	refused := map[string][]string{}
	for i, step := range steps {
		step(&p)
		for _, password := range candidates {
			v := check(t, p, password)
			require.Subset(t, codes(v), refused[password], "step %d, %q", i, password)
			refused[password] = codes(v)
		}
	}
	about := check(t, policy.Policy{}, "mariamaria", "Maria")
	require.NotEmpty(t, codes(about), "texts about the person are words too")
	require.Empty(t, codes(check(t, policy.Policy{}, "mariamaria")))
}

func TestAboutIsBounded(t *testing.T) {
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprint("filler", i)
	}
	many[31], many[32] = "walrus", "lantern"
	require.True(t, check(t, policy.Policy{}, "walrus2026", many...).Has(policy.ContainsContext))
	require.False(t, check(t, policy.Policy{}, "lantern2026", many...).Has(policy.ContainsContext), "the 33rd text is not read")
	require.Empty(t, codes(check(t, policy.Policy{}, "kvzxqm", strings.Repeat("\xff", 1<<20), "")))
}

// TestConcurrentChecks: a policy and its lists serve many goroutines at once.
func TestConcurrentChecks(t *testing.T) {
	asked := &counter{}
	p := policy.ShopCustomer()
	p.Words = []string{"Tillkey"}
	p.Lists = append(p.Lists, policy.NewList("walrus"))
	p.Breach = []policy.List{asked}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				if v, err := p.Check(context.Background(), "winter harbor nine zebra", "maria@shop.example"); err != nil || v.Err() != nil {
					t.Errorf("refused: %v, %v", err, v.Err())
				}
				if !p.Preview("Tillkey2026Tillkey2026").Has(policy.ContainsContext) {
					t.Error("not refused")
				}
			}
		})
	}
	wait.Wait()
	require.Equal(t, int64(160), asked.asked.Load())
}
