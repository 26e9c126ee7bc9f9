package policy_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// documented holds the params that the comment of each code promises, with a
// value of the promised type, and a part of the English text they lead to.
func documented() map[string]struct {
	params map[string]any
	text   string
} {
	type want = struct {
		params map[string]any
		text   string
	}
	return map[string]want{
		policy.TooShort:        {map[string]any{"min": 15, "length": 3}, "at least 15 characters"},
		policy.TooLong:         {map[string]any{"max": 1024, "unit": "bytes"}, "at most 1024 bytes"},
		policy.NotText:         {map[string]any{}, "could not be read"},
		policy.TooCommon:       {map[string]any{}, "Many people"},
		policy.TooGuessable:    {map[string]any{"guesses_log10": 4, "min_log10": 8}, "easy to guess"},
		policy.ContainsContext: {map[string]any{"match": "whole"}, "your name"},
		policy.Breached:        {map[string]any{"count": 7}, "data leak"},
		policy.SameAsCurrent:   {map[string]any{}, "have now"},
		policy.TooSimilar:      {map[string]any{}, "too much like"},
		policy.Reused:          {map[string]any{"history": 4}, "your last 4"},
		policy.NeedsLetter:     {map[string]any{}, "one letter"},
		policy.NeedsDigit:      {map[string]any{}, "one digit"},
	}
}

func TestEveryCodeHasText(t *testing.T) {
	want := documented()
	require.ElementsMatch(t, policy.Codes(), slices.Collect(maps.Keys(want)))
	general := policy.NewProblem("no such code", nil).Text
	require.NotEmpty(t, general)
	texts := map[string]string{}
	for code, w := range want {
		p := policy.NewProblem(code, w.params)
		require.Equal(t, code, p.Code)
		require.Equal(t, w.params, p.Params)
		require.Contains(t, p.Text, w.text)
		require.NotEqual(t, general, p.Text)
		require.Empty(t, texts[p.Text], "two codes share a text")
		texts[p.Text] = code

		bare := policy.NewProblem(code, nil)
		require.NotNil(t, bare.Params)
		require.NotEmpty(t, bare.Text)
		require.NotEqual(t, general, bare.Text, "%s without params", code)
		require.NotContains(t, bare.Text, "0", "%s without params", code)
	}
}

func TestTextsCountAsEnglishDoes(t *testing.T) {
	require.Contains(t, policy.NewProblem(policy.TooShort, map[string]any{"min": 1}).Text, "1 character.")
	require.Contains(t, policy.NewProblem(policy.TooLong, map[string]any{"max": 64, "unit": "characters"}).Text, "64 characters")
	part := policy.NewProblem(policy.ContainsContext, map[string]any{"match": "part"}).Text
	require.NotEqual(t, policy.NewProblem(policy.ContainsContext, map[string]any{"match": "whole"}).Text, part)
}

func TestNewProblemCopiesParams(t *testing.T) {
	params := map[string]any{"min": 8}
	p := policy.NewProblem(policy.TooShort, params)
	params["min"] = 99
	require.Equal(t, 8, p.Params["min"])
}

// TestProblems is the table of passwords and all their problems. Params must
// be exactly the documented ones.
func TestProblems(t *testing.T) {
	strict := policy.Policy{
		MinLength: 15, MaxLength: 64, MaxBytes: 128, NeedLetter: true, NeedDigit: true, MinGuessesLog10: 8,
		Words: []string{"Tillkey"}, Lists: []policy.List{policy.Common()},
		Breach: []policy.List{exact{"letmein": 12, "winter harbor 9 zebra": 3}},
	}
	about := []string{"maria.lopez@shop.example", "Maria Lopez"}
	for _, c := range []struct {
		password string
		want     []string
	}{
		{"", []string{policy.TooShort, policy.NeedsLetter, policy.NeedsDigit, policy.TooGuessable}},
		{"letmein", []string{policy.TooShort, policy.NeedsDigit, policy.TooCommon, policy.Breached}},
		{"12345678", []string{policy.TooShort, policy.NeedsLetter, policy.TooCommon, policy.TooGuessable}},
		{"                ", []string{policy.NeedsLetter, policy.NeedsDigit, policy.TooCommon, policy.TooGuessable}},
		{"marialopez", []string{policy.TooShort, policy.NeedsDigit, policy.ContainsContext}},
		{"Tillkey2026Tillkey2026", []string{policy.ContainsContext}},
		{"winter harbor 9 zebra", []string{policy.Breached}},
		{"winter harbor nine zebra", []string{policy.NeedsDigit}},
		{"7391846201736452", []string{policy.NeedsLetter}},
		{"winter harbor 8 zebra", []string{}},
		{string(make([]byte, 129)), []string{policy.TooLong}},
		{"abc\xff", []string{policy.NotText}},
		{"1" + string(make([]byte, 64)), []string{policy.TooLong}},
	} {
		v := check(t, strict, c.password, about...)
		slices.Sort(c.want)
		require.Equal(t, c.want, codes(v), "%q", c.password)
		require.Equal(t, len(c.want) > 0, v.Err() != nil)
		for _, p := range v.Problems {
			require.True(t, v.Has(p.Code))
			requireDocumented(t, p)
		}
	}
}

func requireDocumented(t *testing.T, p policy.Problem) {
	t.Helper()
	want := documented()[p.Code].params
	require.Len(t, p.Params, len(want), p.Code)
	for name, value := range want {
		require.IsType(t, value, p.Params[name], "%s: %s", p.Code, name)
	}
	require.Equal(t, policy.NewProblem(p.Code, p.Params), p)
}

func TestParamsOfProblems(t *testing.T) {
	p := policy.Policy{MinLength: 8, MaxLength: 20, MaxBytes: 40, MinGuessesLog10: 7.5, Breach: []policy.List{answer{count: 7}}}
	v := check(t, p, "kxq\u00e9")
	require.Equal(t, []policy.Problem{
		policy.NewProblem(policy.TooShort, map[string]any{"min": 8, "length": 4}),
		policy.NewProblem(policy.TooGuessable, map[string]any{"guesses_log10": 5, "min_log10": 8}),
		policy.NewProblem(policy.Breached, map[string]any{"count": 7}),
	}, v.Problems)

	v = check(t, p, "kxqvzkxqvzkxqvzkxqvz1")
	require.Equal(t, []policy.Problem{policy.NewProblem(policy.TooLong, map[string]any{"max": 20, "unit": "characters"})}, v.Problems)
	v = check(t, p, "kxqvzkxqvzkxqvzkxqvzkxqvzkxqvzkxqvzkxqvz1")
	require.Equal(t, []policy.Problem{policy.NewProblem(policy.TooLong, map[string]any{"max": 40, "unit": "bytes"})}, v.Problems)

	whole := policy.Policy{Words: []string{"Tillkey"}}
	require.Equal(t, "whole", check(t, whole, "t1llk3y-2026").Problems[0].Params["match"])
	whole.Contains = true
	require.Equal(t, "part", check(t, whole, "mine is the t1llk3y").Problems[0].Params["match"])
}
