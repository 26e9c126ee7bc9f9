package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestPresetsKeepTheStandards is the table of what each standard asks for. The
// clauses are of NIST SP 800-63B-4, PCI DSS v4.0.1 and OWASP ASVS 5.0.
func TestPresetsKeepTheStandards(t *testing.T) {
	const (
		shortOf = "kvzxqmwrtplhgd"  // 14 code points, no word, no digit
		letters = "kvzxqmwrtplhgdb" // 15
	)
	pass := func(p policy.Policy, password string) bool { return p.Preview(password).Err() == nil }
	for _, c := range []struct {
		preset policy.Policy
		clause string
		holds  func(p policy.Policy) bool
	}{
		{policy.NIST63B4(), "3.1.1.2(1): at least 15 as the only factor", func(p policy.Policy) bool {
			return p.MinLength == 15 && !pass(p, shortOf) && pass(p, letters)
		}},
		{policy.NIST63B4(), "3.1.1.2(1): at least 8 beside another factor", func(p policy.Policy) bool {
			p.MinLength = 8
			return !pass(p, letters[:7]) && pass(p, letters[:8]) && p.Validate() == nil
		}},
		{policy.NIST63B4(), "3.1.1.2(2): 64 and more are allowed", func(p policy.Policy) bool {
			return pass(p, longPhrase[:64]) && pass(p, longPhrase[:65]) && pass(p, longPhrase[:256]) && !pass(p, longPhrase[:257])
		}},
		{policy.NIST63B4(), "3.1.1.2(3)(4): printing ASCII, space and Unicode", func(p policy.Policy) bool {
			return pass(p, `k~ v"\<>%&'()q z`) && pass(p, "жшюдбэяфцйкъыхм")
		}},
		{policy.NIST63B4(), "3.1.1.2(5): no composition rules", func(p policy.Policy) bool {
			return !p.NeedLetter && !p.NeedDigit && p.MinGuessesLog10 == 0 && pass(p, letters) && pass(p, "739184620175386")
		}},
		{policy.NIST63B4(), "3.1.1.2: a blocklist, compared whole", func(p policy.Policy) bool {
			return !p.Contains && !pass(p, "passwordpassword") && pass(p, "password lantern walrus")
		}},
		{policy.PCI401Staff(), "8.3.6: at least 12", func(p policy.Policy) bool {
			return p.MinLength == 12 && !pass(p, "kvzxqmwrtp7") && pass(p, "kvzxqmwrtpl7")
		}},
		{policy.PCI401Staff(), "8.3.6: a letter and a digit", func(p policy.Policy) bool {
			return !pass(p, "kvzxqmwrtplh") && !pass(p, "739184620175")
		}},
		{policy.ASVS5(), "6.2.1: at least 8", func(p policy.Policy) bool {
			return p.MinLength == 8 && !pass(p, "kvzxqmw") && pass(p, "kvzxqmwr")
		}},
		{policy.ASVS5(), "6.2.4: the common passwords that fit the length", func(p policy.Policy) bool {
			return !pass(p, "password1") && !pass(p, "iloveyou") && !pass(p, "football")
		}},
		{policy.ASVS5(), "6.2.5: no composition rules", func(p policy.Policy) bool {
			return !p.NeedLetter && !p.NeedDigit && p.MinGuessesLog10 == 0
		}},
		{policy.ASVS5(), "6.2.9: 64 are allowed", func(p policy.Policy) bool { return pass(p, longPhrase[:64]) }},
		{policy.ASVS5(), "6.2.11: context words", func(p policy.Policy) bool {
			p.Words = []string{"Tillkey"}
			return !pass(p, "T1llk3y2026")
		}},
		{policy.ShopCustomer(), "NIST 3.1.1.2(1): at least 15", func(p policy.Policy) bool {
			return p.MinLength == 15 && !pass(p, shortOf) && pass(p, letters)
		}},
		{policy.ShopCustomer(), "no composition; what is guessed online is refused", func(p policy.Policy) bool {
			p.Lists = nil
			return !p.NeedLetter && !p.NeedDigit && p.MinGuessesLog10 == 8 && !pass(p, "kvzkvzkvzkvzkvz")
		}},
		{policy.ShopCustomer(), "a source that is down keeps no customer out", func(p policy.Policy) bool {
			return p.Unchecked == policy.AcceptUnchecked
		}},
		{policy.ShopStaff(), "NIST, ASVS and the length of PCI 8.3.6", func(p policy.Policy) bool {
			return p.MinLength == 15 && p.MinLength >= policy.PCI401Staff().MinLength && p.MinGuessesLog10 == 10
		}},
		{policy.ShopStaff(), "PCI 8.3.6 by two more fields", func(p policy.Policy) bool {
			p.NeedLetter, p.NeedDigit = true, true
			return p.Validate() == nil && !pass(p, letters) && pass(p, letters+"7")
		}},
		{policy.ShopStaff(), "a source that is down keeps staff out", func(p policy.Policy) bool {
			p.Breach = []policy.List{answer{err: policy.ErrUnchecked}}
			_, err := p.Check(t.Context(), letters)
			return p.Unchecked == policy.RefuseUnchecked && err != nil
		}},
	} {
		require.True(t, c.holds(c.preset), "%s: %s", c.preset.Name, c.clause)
		require.NoError(t, c.preset.Validate(), c.preset.Name)
		require.Empty(t, c.preset.Breach, "a preset asks no network by itself")
	}
}

// longPhrase is a text of 257 signs that nobody has chosen.
var longPhrase = strings.Repeat("winter harbor 9 zebra, lantern! Moss & velvet; walrus? tulip: 7 turtles ", 4)[:257]

func TestPresetByName(t *testing.T) {
	for _, name := range policy.Presets() {
		for _, written := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			p, err := policy.Preset(written)
			require.NoError(t, err)
			require.Equal(t, name, p.Name)
		}
	}
	for _, name := range []string{"", "nist", "ShopCustomer ", "NIST-63B4"} {
		_, err := policy.Preset(name)
		require.ErrorContains(t, err, "ShopCustomer", "%q: the error lists what there is", name)
	}
}

// TestPresetsAreFresh: who changes one changes nobody else's.
func TestPresetsAreFresh(t *testing.T) {
	p := policy.ShopCustomer()
	p.Lists[0] = answer{}
	require.True(t, policy.ShopCustomer().Preview("passwordpassword").Has(policy.TooCommon))
	policy.Presets()[0] = "mine"
	require.NotContains(t, policy.Presets(), "mine")
}
