package text_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/text"
)

// kinds are all params that lead to a text of their own, for each code; {n}
// stands for a number.
func kinds() map[string][]map[string]any {
	none := []map[string]any{{}}
	return map[string][]map[string]any{
		policy.TooShort:        {{}, {"min": 15, "length": 3}},
		policy.TooLong:         {{}, {"max": 64, "unit": "characters"}, {"max": 1024, "unit": "bytes"}},
		policy.NotText:         none,
		policy.TooCommon:       none,
		policy.TooGuessable:    guessable(),
		policy.ContainsContext: {{"match": "whole"}, {"match": "part"}},
		policy.Breached:        {{"count": 7}},
		policy.SameAsCurrent:   none,
		policy.TooSimilar:      none,
		policy.Reused:          {{}, {"history": 4}},
		policy.NeedsLetter:     none,
		policy.NeedsDigit:      none,
	}
}

// guessable is once without parts, once with each, and once with several.
func guessable() []map[string]any {
	kinds := []map[string]any{{"guesses_log10": 4, "min_log10": 8}, {"guesses_log10": 4, "min_log10": 8, "parts": "name,year,leet"}}
	for _, code := range policy.PartCodes() {
		kinds = append(kinds, map[string]any{"guesses_log10": 4, "min_log10": 8, "parts": code})
	}
	return kinds
}

// Every code has a text of its own in every language, for each of its params,
// with the numbers that the English one tells.
func TestEveryProblemHasAText(t *testing.T) {
	require.ElementsMatch(t, policy.Codes(), keys(kinds()))
	for _, tag := range text.Languages() {
		texts := text.For(tag)
		require.Equal(t, tag, texts.Language())
		general := texts.Problem(policy.NewProblem("no such code", nil))
		requireSentence(t, tag, general)
		seen := map[string]string{general: "the general text"}
		for _, code := range policy.Codes() {
			for _, params := range kinds()[code] {
				p := policy.NewProblem(code, params)
				says, what := texts.Problem(p), fmt.Sprint(tag, code, params)
				requireSentence(t, tag, says)
				require.Empty(t, seen[says], what)
				seen[says] = what
				require.Equal(t, digits(p.Text), digits(says), what)
				if tag == language.English {
					require.Equal(t, p.Text, says)
				}
			}
		}
	}
}

// Every rule that a policy can describe has a text of its own.
func TestEveryRuleHasAText(t *testing.T) {
	list := []policy.List{policy.Common()}
	var rules []policy.Rule
	for _, contains := range []bool{false, true} {
		p := policy.Policy{MinLength: 15, NeedLetter: true, NeedDigit: true, MinGuessesLog10: 8, Lists: list, Breach: list, Contains: contains}
		rules = append(rules, p.Describe()...)
	}
	for _, tag := range text.Languages() {
		texts, seen := text.For(tag), map[string]string{}
		for _, r := range rules {
			says := texts.Rule(r)
			requireSentence(t, tag, says)
			what := fmt.Sprint(r.Code, r.Params)
			if before := seen[says]; before != "" {
				require.Equal(t, before, what, "two rules share a text in %s", tag)
			}
			seen[says] = what
			require.Equal(t, digits(r.Text), digits(says), "%s in %s", what, tag)
			if tag == language.English {
				require.Equal(t, r.Text, says)
			}
		}
		require.Empty(t, texts.Rule(policy.Rule{Code: policy.SameAsCurrent}))
		require.Empty(t, texts.Rule(policy.Rule{Code: policy.TooShort}))
	}
}

// The English texts are those of package policy, whatever the number.
func TestEnglishIsThatOfPolicy(t *testing.T) {
	english := text.New("")
	for n := range 4200 {
		for _, p := range []policy.Problem{
			policy.NewProblem(policy.TooShort, map[string]any{"min": n}),
			policy.NewProblem(policy.TooLong, map[string]any{"max": n, "unit": "characters"}),
			policy.NewProblem(policy.TooLong, map[string]any{"max": n, "unit": "bytes"}),
			policy.NewProblem(policy.Reused, map[string]any{"history": n}),
		} {
			require.Equal(t, p.Text, english.Problem(p))
		}
	}
	for n := 1; n <= 1024; n++ {
		for _, r := range (policy.Policy{MinLength: n, MaxLength: n}).Describe() {
			require.Equal(t, r.Text, english.Rule(r))
		}
	}
	require.Equal(t, policy.NewProblem("x", nil).Text, text.Texts{}.Problem(policy.Problem{Code: "x"}), "the zero Texts is English")
	require.Equal(t, language.English, text.Texts{}.Language())
}

// The forms of a number are those of the language.
func TestPlurals(t *testing.T) {
	for _, c := range []struct {
		tag  language.Tag
		n    int
		want string
	}{
		{language.English, 1, "1 character."}, {language.English, 0, "0 characters."}, {language.English, 21, "21 characters."},
		{language.German, 1, "1 Zeichen."}, {language.German, 15, "15 Zeichen."},
		{language.French, 0, "0 caractère."}, {language.French, 1, "1 caractère."}, {language.French, 2, "2 caractères."},
		{language.Spanish, 1, "1 carácter."}, {language.Spanish, 15, "15 caracteres."},
		{language.Italian, 1, "1 carattere."}, {language.Italian, 8, "8 caratteri."},
		{language.Dutch, 1, "1 teken."}, {language.Dutch, 2, "2 tekens."},
		{language.Polish, 1, "1 znak."}, {language.Polish, 2, "2 znaki."}, {language.Polish, 4, "4 znaki."}, {language.Polish, 5, "5 znaków."},
		{language.Polish, 12, "12 znaków."}, {language.Polish, 14, "14 znaków."}, {language.Polish, 15, "15 znaków."}, {language.Polish, 21, "21 znaków."},
		{language.Polish, 22, "22 znaki."}, {language.Polish, 112, "112 znaków."}, {language.Polish, 64, "64 znaki."}, {language.Polish, 0, "0 znaków."},
		{language.Portuguese, 0, "0 caractere."}, {language.Portuguese, 1, "1 caractere."}, {language.Portuguese, 2, "2 caracteres."},
		{language.Japanese, 1, "1文字以上です。"}, {language.Chinese, 15, "15 个字符。"},
	} {
		says := text.For(c.tag).Rule(policy.Rule{Code: policy.TooShort, Params: map[string]any{"min": c.n}})
		require.True(t, strings.HasSuffix(says, c.want), "%s: %q, want %q", c.tag, says, c.want)
	}
	last := func(tag language.Tag, n int) string {
		return text.For(tag).Problem(policy.NewProblem(policy.Reused, map[string]any{"history": n}))
	}
	require.Contains(t, last(language.German, 1), "von Ihrem letzten unterscheidet")
	require.Contains(t, last(language.German, 2), "von Ihren letzten 2 unterscheidet")
	require.Contains(t, last(language.Polish, 3), "od 3 ostatnich")
}

// What a program sends on as JSON is understood, and what it must not send does
// no harm.
func TestOddParams(t *testing.T) {
	for _, tag := range text.Languages() {
		texts := text.For(tag)
		short := func(min any) string {
			return texts.Problem(policy.Problem{Code: policy.TooShort, Params: map[string]any{"min": min}})
		}
		require.Equal(t, short(15), short(15.0))
		for _, odd := range []any{nil, "15", 1.5, 1e300, true, []int{15}} {
			require.Equal(t, texts.Problem(policy.Problem{Code: policy.TooShort}), short(odd), "%v", odd)
		}
		for _, n := range []int{-1, -1 << 63, 1<<63 - 1, 10_000_000} {
			require.Contains(t, short(n), fmt.Sprint(n))
		}
		// The number is put in once, and nothing else is.
		require.NotContains(t, short(15), "{")
	}
}

func requireSentence(t *testing.T, tag language.Tag, says string) {
	t.Helper()
	require.NotContains(t, says, "{")
	require.NotContains(t, says, "%")
	require.Equal(t, strings.TrimSpace(says), says)
	require.NotContains(t, says, "  ")
	end := "."
	if tag == language.Japanese || tag == language.Chinese {
		end = "。"
	}
	require.True(t, strings.HasSuffix(says, end), "%s: %q", tag, says)
}

// digits are the numbers of two digits and more, and those of one that stand
// where the English text has one.
func digits(says string) []string {
	var numbers []string
	for _, f := range strings.FieldsFunc(says, func(r rune) bool { return !unicode.IsDigit(r) }) {
		if f != "1" { // "one letter" is a number in some languages
			numbers = append(numbers, f)
		}
	}
	return numbers
}

func keys[V any](m map[string]V) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}
