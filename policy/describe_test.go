package policy_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestDescribe(t *testing.T) {
	p := policy.Policy{
		MinLength: 12, MaxLength: 64, NeedLetter: true, NeedDigit: true, MinGuessesLog10: 7.5, Contains: true,
		Lists: []policy.List{policy.Common()}, Breach: []policy.List{answer{}},
	}
	rules := p.Describe()
	want := []string{
		policy.TooShort, policy.TooLong, policy.NeedsLetter, policy.NeedsDigit, policy.TooCommon,
		policy.ContainsContext, policy.TooGuessable, policy.Breached,
	}
	for i, rule := range rules {
		require.Equal(t, want[i], rule.Code)
		require.NotEmpty(t, rule.Text)
		require.NotNil(t, rule.Params)
		require.True(t, slices.Contains(policy.Codes(), rule.Code))
		for name, value := range rule.Params {
			require.IsType(t, documented()[rule.Code].params[name], value, "%s: %s", rule.Code, name)
		}
	}
	require.Len(t, rules, len(want))
	require.Equal(t, "At least 12 characters.", rules[0].Text)
	require.Equal(t, "At most 64 characters.", rules[1].Text)
	require.Equal(t, map[string]any{"min_log10": 8}, rules[6].Params)

	b, err := json.Marshal(policy.Policy{}.Describe())
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"code":"too_long","params":{"max":256,"unit":"characters"},"text":"At most 256 characters."},
		{"code":"contains_context","params":{"match":"whole"},"text":"Not just your name, your e-mail address or the name of the shop."}
	]`, string(b))
	require.Equal(t, 40, policy.Policy{MaxBytes: 40}.Describe()[0].Params["max"], "a byte cap bounds the characters too")
}

// TestDescribeNamesWhatCheckFinds: no problem comes as a surprise.
func TestDescribeNamesWhatCheckFinds(t *testing.T) {
	for _, name := range policy.Presets() {
		p, err := policy.Preset(name)
		require.NoError(t, err)
		described := []string{policy.NotText} // what cannot be read is no rule
		for _, rule := range p.Describe() {
			described = append(described, rule.Code)
		}
		for _, password := range append([]string{"", "1", "x", "maria", "abc\xff", longPhrase}, overrated...) {
			require.Subset(t, described, codes(check(t, p, password, "maria")), "%s: %q", name, password)
		}
	}
}

// TestPasswordRules holds the values of the attribute passwordrules that the
// standards lead to.
func TestPasswordRules(t *testing.T) {
	require.Equal(t, "minlength: 15; maxlength: 256;", policy.NIST63B4().PasswordRules())
	require.Equal(t, "minlength: 12; maxlength: 256; required: upper, lower; required: digit; allowed: ascii-printable;", policy.PCI401Staff().PasswordRules())
	require.Equal(t, "maxlength: 256; required: digit; allowed: ascii-printable;", policy.Policy{NeedDigit: true}.PasswordRules())
	require.Equal(t, "maxlength: 256; required: upper, lower; allowed: ascii-printable;", policy.Policy{NeedLetter: true}.PasswordRules())
	require.Equal(t, "maxlength: 256;", policy.Policy{}.PasswordRules())
	require.Equal(t, "maxlength: 40;", policy.Policy{MaxBytes: 40}.PasswordRules())
}
