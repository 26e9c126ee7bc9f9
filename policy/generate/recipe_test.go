package generate_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/generate"
)

func TestRecipesThatAreWrong(t *testing.T) {
	t.Parallel()
	many := make([]string, 1<<17+1)
	for message, r := range map[string]generate.Recipe{
		"Kind is 2":                                    {Kind: 2},
		"Kind is -1":                                   {Kind: -1},
		"MinBits is -1":                                {MinBits: -1},
		"MinBits is NaN":                               {MinBits: math.NaN()},
		"MinBits is 513":                               {MinBits: 513},
		"Length is -1, want 1 to 1024":                 {Length: -1},
		"Length is 1025, want 1 to 1024":               {Length: 1025},
		"Length is 14, and the policy wants 15":        {Length: 14, Policy: policy.NIST63B4()},
		"Length is 257, and the policy wants 0 to 256": {Length: 257},
		"the policy wants 0 to 100":                    {Length: 101, Policy: policy.Policy{MaxBytes: 100}},
		"Words is -1, want 1 to 256":                   {Kind: generate.Passphrase, Words: -1},
		"Words is 257, want 1 to 256":                  {Kind: generate.Passphrase, Words: 257},
		"Length and Symbols are for Characters":        {Kind: generate.Passphrase, Length: 20},
		"Length and Symbols are":                       {Kind: generate.Passphrase, Symbols: true},
		"Separator are for a Passphrase":               {Words: 5},
		"are for a Passphrase, not":                    {Separator: " "},
		"List and Separator are for a Passphrase":      {Language: "de"},
		"Language, List and Separator are":             {List: []string{"a", "b"}},
		"Language and List exclude each other":         {Kind: generate.Passphrase, Language: "de", List: []string{"a", "b"}},
		"no words of that language":                    {Kind: generate.Passphrase, Language: "xx"},
		"Separator has more than 4 signs":              {Kind: generate.Passphrase, Separator: "-----"},
		"Separator is not of signs":                    {Kind: generate.Passphrase, Separator: "x"},
		"Separator is not":                             {Kind: generate.Passphrase, Separator: "\t"},
		"is not of signs of ASCII":                     {Kind: generate.Passphrase, Separator: "é"},
		"List has fewer than 2 words":                  {Kind: generate.Passphrase, List: []string{}},
		"fewer than 2 words without":                   {Kind: generate.Passphrase, List: []string{"a-b", "c-d", "e"}},
		"List has 131073 words":                        {Kind: generate.Passphrase, List: many},
		"List[1] is not text in NFC":                   {Kind: generate.Passphrase, List: []string{"a", ""}},
		"List[0] is not text":                          {Kind: generate.Passphrase, List: []string{"a\xff", "b"}},
		"List[0] is not text in":                       {Kind: generate.Passphrase, List: []string{"e\u0301a", "b"}},
		"of 1 to 64 bytes":                             {Kind: generate.Passphrase, List: []string{strings.Repeat("x", 65), "b"}},
		"List[1] has other signs":                      {Kind: generate.Passphrase, List: []string{"a", "b c"}},
		"List[0] has other signs":                      {Kind: generate.Passphrase, List: []string{"-a", "b"}},
		"or one of these at an end":                    {Kind: generate.Passphrase, List: []string{"a'", "b"}},
		"List[2] is there twice":                       {Kind: generate.Passphrase, List: []string{"a", "b", "a"}},
	} {
		_, err := generate.New(t.Context(), r)
		require.ErrorIs(t, err, generate.ErrRecipe, message)
		require.ErrorContains(t, err, message)
		require.True(t, strings.HasPrefix(err.Error(), "generate: "), err)
	}
	_, err := generate.New(t.Context(), generate.Recipe{Policy: policy.Policy{MinLength: -1}})
	require.ErrorIs(t, err, policy.ErrInvalid)
}

// TestWhatNewChooses: the fewest characters or words that are worth enough, or
// as many as the policy takes.
func TestWhatNewChooses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		recipe generate.Recipe
		units  int
		match  string
	}{
		{"112 bits", generate.Recipe{}, 19, `^[a-zA-Z0-9]{19}$`},
		{"without look-alikes", generate.Recipe{AvoidLookAlikes: true}, 20, `^[a-km-zA-HJ-NP-Z2-9]{20}$`},
		{"with symbols", generate.Recipe{Symbols: true}, 18, `^[!-~]{18}$`},
		{"clear symbols", generate.Recipe{Symbols: true, AvoidLookAlikes: true}, 19, `^[a-km-zA-HJ-NP-Z2-9#%*+=?]{19}$`},
		{"more bits", generate.Recipe{MinBits: 256}, 44, `^.{44}$`},
		{"fewer bits", generate.Recipe{MinBits: 50}, 9, `^.{9}$`},
		{"a minimum", generate.Recipe{Policy: policy.Policy{MinLength: 40}}, 40, `^.{40}$`},
		{"the longest minimum", generate.Recipe{Policy: policy.Policy{MinLength: 1024, MaxLength: 1024}}, 1024, `^.*$`},
		{"a maximum", generate.Recipe{Policy: policy.Policy{MaxLength: 10}}, 10, `^.{10}$`},
		{"a maximum of bytes", generate.Recipe{Policy: policy.Policy{MaxBytes: 10}}, 10, `^.{10}$`},
		{"the least", generate.Recipe{Policy: policy.Policy{MaxLength: 7}}, 7, `^.{7}$`},
		{"a threshold", generate.Recipe{Policy: policy.Policy{MinGuessesLog10: 60}}, 42, ``}, // by its estimator, too
		{"a letter and a digit", generate.Recipe{Policy: policy.PCI401Staff()}, 19, `[a-zA-Z].*[0-9]|[0-9].*[a-zA-Z]`},
		{"64 bits of words", generate.Recipe{Kind: generate.Passphrase}, 5, `^[a-z]+(-[a-z]+){4}$`},
		{"of a shorter list", generate.Recipe{Kind: generate.Passphrase, Language: "fr"}, 6, `^[a-z]+(-[a-z]+){5}$`},
		{"words and bits", generate.Recipe{Kind: generate.Passphrase, MinBits: 100}, 8, `^[a-z]+(-[a-z]+){7}$`},
		{"a minimum of words", generate.Recipe{Kind: generate.Passphrase, Policy: policy.Policy{MinLength: 60}}, 8, `^.{60,}$`},
		{"a maximum of words", generate.Recipe{Kind: generate.Passphrase, Policy: policy.Policy{MaxLength: 32}}, 4, `^.{11,32}$`},
		{"a digit, too", generate.Recipe{Kind: generate.Passphrase, Policy: policy.PCI401Staff()}, 5, `^[a-z]+(-[a-z]+){4}-[0-9]$`},
		{"a clear digit", generate.Recipe{Kind: generate.Passphrase, AvoidLookAlikes: true, Policy: policy.PCI401Staff()}, 5, `-[2-9]$`},
	} {
		g := newGenerator(t, c.recipe)
		for range 20 {
			require.Regexp(t, c.match, password(t, g), c.name)
		}
		if c.name == "a threshold" {
			require.GreaterOrEqual(t, g.Units(), c.units, c.name)
			continue
		}
		if c.recipe.Kind == generate.Passphrase && c.recipe.Policy.MaxLength+c.recipe.Policy.MinLength > 20 {
			require.InDelta(t, c.units, g.Units(), 1, c.name) // by how many fit
			continue
		}
		require.Equal(t, c.units, g.Units(), c.name)
	}
}

// TestLengthsAreThoseOfThePolicy: MinLength and MaxLength in code points, MaxBytes
// in bytes, whatever the words are written in.
func TestLengthsAreThoseOfThePolicy(t *testing.T) {
	t.Parallel()
	words := strings.Fields("ä ö ü é à ñ ø å")
	for name, p := range map[string]policy.Policy{
		"a window of code points":    {MinLength: 100, MaxLength: 110},
		"no more than so many":       {MaxLength: 31},
		"no more than so many bytes": {MaxBytes: 47},
		"both":                       {MinLength: 20, MaxLength: 40, MaxBytes: 62},
	} {
		g := newGenerator(t, generate.Recipe{Kind: generate.Passphrase, List: words, Policy: p})
		for range 10 {
			require.NoError(t, check(t, p, password(t, g)), name)
		}
	}
}

func check(t *testing.T, p policy.Policy, password string) error {
	t.Helper()
	v, err := p.Check(t.Context(), password)
	require.NoError(t, err)
	return v.Err()
}

// TestNothingIsPrinted of the person.
func TestNothingIsPrinted(t *testing.T) {
	t.Parallel()
	about := []byte("Featherstonehaugh")
	r := generate.Recipe{About: []string{string(about)}, Policy: policy.Policy{Words: []string{"Tillkey"}}}
	g := newGenerator(t, r)
	var logged bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("made", "recipe", r, "generator", g, "by", *g)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", r, r, r, r, r, r), fmt.Sprintf("%v %+v %#v %s %d", g, g, g, g, g),
		fmt.Sprintf("%v %+v", *g, struct{ R generate.Recipe }{r}), logged.String(),
	} {
		require.Contains(t, text, "redacted")
		require.NotContains(t, text, "Feather")
		require.NotContains(t, text, fmt.Sprintf("%x", about))
	}
}
