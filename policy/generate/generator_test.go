package generate_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

var everything = list(func(string) (int, error) { return 1, nil })

func TestPoliciesThatCannotBeMet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recipe  generate.Recipe
		code    string
		message string
	}{
		"all are common":      {generate.Recipe{Policy: policy.Policy{Lists: []policy.List{everything}}}, policy.TooCommon, "accepts 0 of 48 passwords of this recipe (too_common)"},
		"of one length":       {generate.Recipe{Length: 20, Policy: policy.Policy{Lists: []policy.List{everything}}}, policy.TooCommon, "accepts 0 of 256"},
		"most are common":     {generate.Recipe{Length: 20, Policy: policy.Policy{Lists: []policy.List{starts(generate.Letters + "01234567")}}}, policy.TooCommon, " of 256 passwords"},
		"too short for words": {generate.Recipe{Kind: generate.Passphrase, Words: 4, Policy: policy.Policy{MinLength: 60}}, policy.TooShort, "(too_short)"},
		"too long for words":  {generate.Recipe{Kind: generate.Passphrase, Words: 5, Policy: policy.Policy{MaxLength: 15}}, policy.TooLong, "(too_long)"},
		"no window for words": {generate.Recipe{Kind: generate.Passphrase, Policy: policy.Policy{MinLength: 200, MaxLength: 200}}, policy.TooLong, "too_"},
		"words are no digits": {generate.Recipe{Kind: generate.Passphrase, Words: 20, List: []string{"12", "34", "56", "78"}, Policy: policy.Policy{NeedLetter: true}}, policy.NeedsLetter, "(needs_letter)"},
		"a threshold":         {generate.Recipe{Length: 12, Policy: policy.Policy{MinGuessesLog10: 21.4, Estimator: policy.Entropy()}}, policy.TooGuessable, "(too_guessable)"}, // it ignores case
		"6 characters":        {generate.Recipe{Policy: policy.Policy{MaxLength: 6}}, "", "worth 35.7 bits, not 38.0"},
		"2 words":             {generate.Recipe{Kind: generate.Passphrase, Words: 2}, "", "worth 25.8 bits, not 38.0"},
		"MinBits":             {generate.Recipe{Length: 20, MinBits: 120}, "", "worth 119.1 bits, not 120.0"},
		"MinBits of words":    {generate.Recipe{Kind: generate.Passphrase, Words: 5, MinBits: 65}, "", "worth 64.6 bits, not 65.0"},
		"a threshold of bits": {generate.Recipe{Length: 12, Policy: policy.Policy{MinGuessesLog10: 30}}, "", "worth 71.5 bits, not 99.7"},
	} {
		_, err := generate.New(t.Context(), c.recipe)
		require.ErrorIs(t, err, generate.ErrUnmet, name)
		require.NotErrorIs(t, err, generate.ErrRecipe)
		var unmet *generate.UnmetError
		require.ErrorAs(t, err, &unmet, name)
		if c.code != "" {
			require.NotEmpty(t, unmet.Codes, name)
			require.Contains(t, unmet.Codes, c.code, name)
			require.Less(t, unmet.Accepted, generate.Fewest, name)
			require.LessOrEqual(t, unmet.Tried, generate.Trials)
		}
		require.ErrorContains(t, err, c.message, name)
	}
}

// TestBreachSources: they are asked about each password, but not by New; a
// leaked one is drawn again, and there is an end to it.
func TestBreachSources(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	first := list(func(string) (int, error) { return int(asked.Add(1) % 2), nil }) // every other one
	g := newGenerator(t, generate.Recipe{Policy: policy.Policy{Breach: []policy.List{first}}})
	require.Zero(t, asked.Load())
	password(t, g)
	require.EqualValues(t, 2, asked.Load())

	g = newGenerator(t, generate.Recipe{Policy: policy.Policy{Breach: []policy.List{everything}}})
	_, err := g.Password(t.Context())
	require.ErrorIs(t, err, generate.ErrUnmet)
	require.ErrorContains(t, err, "it accepts 0 of 16 passwords of this recipe (breached)")
}

func TestListsThatCannotAnswer(t *testing.T) {
	t.Parallel()
	down := list(func(string) (int, error) { return 0, policy.ErrUnchecked })
	for _, p := range []policy.Policy{{Breach: []policy.List{down}}, {Lists: []policy.List{down}}} {
		password(t, newGenerator(t, generate.Recipe{Policy: p}))
		p.Unchecked = policy.RefuseUnchecked
		_, err := newGenerator(t, generate.Recipe{Policy: p}).Password(t.Context())
		require.ErrorIs(t, err, policy.ErrUnchecked)
	}
}

// TestListsThatChange: what was accepted when New asked may be refused later.
func TestListsThatChange(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	p := policy.Policy{Lists: []policy.List{list(func(string) (int, error) {
		if full.Load() {
			return 1, nil
		}
		return 0, nil
	})}}
	g := newGenerator(t, generate.Recipe{Policy: p})
	password(t, g)
	full.Store(true)
	_, err := g.Password(t.Context())
	require.ErrorIs(t, err, generate.ErrUnmet)
	require.ErrorContains(t, err, "it accepts 0 of 1000 passwords")
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	p := policy.Policy{Lists: []policy.List{list(func(string) (int, error) {
		if asked++; asked == 100 {
			cancel()
		}
		return 0, nil
	})}}
	_, err := generate.New(ctx, generate.Recipe{Policy: p})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 100, asked, "no more is drawn")

	g := newGenerator(t, generate.Recipe{Policy: p})
	_, err = g.Password(ctx)
	require.ErrorIs(t, err, context.Canceled)

	ctx, cancel = context.WithCancel(t.Context())
	p = policy.Policy{Breach: []policy.List{list(func(string) (int, error) { cancel(); return 0, errors.New("gone") })}}
	_, err = newGenerator(t, generate.Recipe{Policy: p}).Password(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// TestAbout: a passphrase is not made of what is known about the person.
func TestAbout(t *testing.T) {
	t.Parallel()
	words := strings.Fields("walnut lantern orchid velvet copper marble")
	r := generate.Recipe{
		Kind: generate.Passphrase, List: words, Words: 16,
		Policy: policy.Policy{Contains: true}, About: []string{"Walnut"},
	}
	_, err := generate.New(t.Context(), r)
	require.ErrorIs(t, err, generate.ErrUnmet, "(5/6)^16 is 5 %% of all")
	require.ErrorContains(t, err, "contains_context")
	r.List = append(words, strings.Fields("amber basil cedar daisy ember fjord glade heron")...)
	r.Words = 12
	g := newGenerator(t, r)
	r.About[0] = "changed later"
	for range 100 {
		require.NotContains(t, password(t, g), "walnut")
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	g := newGenerator(t, generate.Recipe{Policy: policy.ShopStaff(), Kind: generate.Passphrase})
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := make(map[string]bool)
	for range 8 {
		wg.Go(func() {
			for range 50 {
				p, err := g.Password(t.Context())
				mu.Lock()
				if err == nil {
					seen[p] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, seen, 400)
}
