package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestVerdictErr(t *testing.T) {
	require.NoError(t, policy.Verdict{}.Err())
	v := policy.Verdict{Problems: []policy.Problem{
		policy.NewProblem(policy.TooShort, map[string]any{"min": 8}), policy.NewProblem(policy.TooCommon, nil),
	}}
	var refusal *policy.Refusal
	require.ErrorAs(t, v.Err(), &refusal)
	require.Equal(t, v.Problems, refusal.Problems)
	require.Equal(t, "policy: password refused: too_short, too_common", refusal.Error())
	refusal.Problems[0] = policy.Problem{}
	require.Equal(t, policy.TooShort, v.Problems[0].Code, "the refusal has its own slice")
	require.True(t, v.Has(policy.TooCommon))
	require.False(t, v.Has(policy.Breached))
}

func TestVerdictJSON(t *testing.T) {
	for _, v := range []policy.Verdict{{}, policy.Policy{}.Preview("")} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.JSONEq(t, `{"problems":[],"guesses_log10":0,"score":0,"breached":null,"unchecked":[]}`, string(b))
	}
	p := policy.Policy{
		MinLength: 8, Estimator: rating(6.5),
		Breach: []policy.List{answer{err: errors.New("secret path")}, answer{count: 2}},
	}
	b, err := json.Marshal(check(t, p, "kvz"))
	require.NoError(t, err)
	require.JSONEq(t, `{"problems":[
		{"code":"too_short","params":{"min":8,"length":3},"text":"Use at least 8 characters. A few unrelated words in a row are easy to remember."},
		{"code":"breached","params":{"count":2},"text":"This password has appeared in a data leak, so criminals know it. Choose another one, and change it wherever else you use it."}
	],"guesses_log10":5,"score":1,"breached":2,"unchecked":[{"field":"Breach","index":0}]}`, string(b))
}

// TestScore holds the limits that a meter shows: 3, 6, 8 and 10 powers of ten.
func TestScore(t *testing.T) {
	for guesses, want := range map[rating]int{0: 0, 2.99: 0, 3: 1, 5.99: 1, 6: 2, 7.99: 2, 8: 3, 9.99: 3, 10: 4, 900: 4} {
		require.Equal(t, want, policy.Policy{Estimator: guesses}.Preview("x").Score, "%v", guesses)
	}
}

// TestNothingPrintsThePassword prints everything that a check returns, in every
// way that fmt and JSON know.
func TestNothingPrintsThePassword(t *testing.T) {
	for _, password := range []string{"zqwhorse", "Tillkey2026Zqw", "zqw\xff", "zqwzqwzqwzqwzqwzqw1"} {
		p := policy.ShopStaff()
		p.MaxLength = 16
		p.NeedDigit, p.Contains = true, true
		p.Words = []string{"zqwhorse", "zqw"}
		p.Lists = append(p.Lists, policy.NewList(password), answer{err: policy.ErrUnchecked})
		p.Breach = []policy.List{answer{err: policy.ErrUnchecked}}
		v, err := p.Check(t.Context(), password, "zqw@shop.example")
		text, jsonErr := json.Marshal(v)
		require.NoError(t, jsonErr)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			printed := fmt.Sprintf(verb+verb+verb, v, v.Err(), err) + string(text)
			require.NotContains(t, printed, "zqw", verb)
			require.NotContains(t, printed, fmt.Sprintf("%x", "zqw"), verb)
			require.NotContains(t, printed, "Zqw", verb)
		}
		printed := fmt.Sprintf("%+v %#v", policy.NewList(password), policy.NewList(password))
		require.NotContains(t, printed, password)
	}
}
