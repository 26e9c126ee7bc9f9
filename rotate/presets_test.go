package rotate

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

func presets() map[string]func() Rules {
	return map[string]func() Rules{
		"NIST63B4": NIST63B4, "PCI401Staff": PCI401Staff, "ASVS5": ASVS5,
		"ShopCustomer": ShopCustomer, "ShopStaff": ShopStaff,
	}
}

// TestPresetsAreValues: each is valid, knows its own name, and is made anew, so
// that an edit of one changes no other.
func TestPresetsAreValues(t *testing.T) {
	for name, preset := range presets() {
		r := preset()
		require.NoError(t, r.Validate(), name)
		require.Equal(t, name, r.Name)
		r.Remind[0] = -1
		require.NotEqual(t, r, preset(), name)
		require.Positive(t, preset().Remind[0], name)
	}
}

// rule is one demand of a standard on a preset.
type rule struct {
	clause string
	holds  func(Rules) bool
}

// TestPresetsAgainstTheStandards: each row names the clause it is from.
func TestPresetsAgainstTheStandards(t *testing.T) {
	nist := []rule{
		{"NIST SP 800-63B-4, 3.1.1.2(6): no periodic change", func(r Rules) bool { return r.MaxAge == 0 && r.ForbidAge }},
		{"NIST SP 800-63B-4, 3.2.2: disabled at 100 consecutive failures of one authenticator", func(r Rules) bool {
			return r.Password.DisableAfter <= 100 && r.Code.DisableAfter <= 100
		}},
		{"NIST SP 800-63B-4, 3.2.2: growing waits are allowed, and here there is no timed lock of the password", func(r Rules) bool {
			return r.Password.From > 0 && r.Password.First < r.Password.Max && r.Password.LockAfter == 0
		}},
		{"NIST SP 800-63B-4, 3.1.4.2: codes below 64 bits are throttled, within a defined drift", func(r Rules) bool {
			return r.Code.Validate() == nil && r.Window.Validate() == nil
		}},
		{"NIST SP 800-63B-4, 4.2.1.2: a code by e-mail is good for at most 24 hours", func(r Rules) bool { return r.ResetFor <= 24*time.Hour }},
		{"NIST SP 800-63B-4: it asks for no history", func(r Rules) bool { return r.History == 0 }},
		{"NIST SP 800-63B-4, 2.1: at the first level one factor is enough", func(r Rules) bool { return !r.RequireFactor }},
	}
	pci := []rule{
		{"PCI DSS 4.0.1, 8.3.4: at most 10 tries, then at least 30 minutes", func(r Rules) bool {
			return r.Password.LockAfter >= 1 && r.Password.LockAfter <= 10 && r.Password.LockFor >= 30*time.Minute
		}},
		{"PCI DSS 4.0.1, 8.3.7: none of the last four, unusable for 12 months", func(r Rules) bool {
			return r.History >= 4 && r.HistoryFor >= 365*day
		}},
		{"PCI DSS 4.0.1, 8.3.9: 90 days where the password is the only factor", func(r Rules) bool {
			return r.MaxAge > 0 && r.MaxAge <= 90*day && !r.MaxAgeWithFactor && !r.ForbidAge
		}},
		{"PCI DSS 4.0.1, 8.4: a second factor", func(r Rules) bool { return r.RequireFactor }},
	}
	asvs := []rule{
		{"OWASP ASVS 5.0, 6.2.10: no periodic change", func(r Rules) bool { return r.MaxAge == 0 && r.ForbidAge }},
		{"OWASP ASVS 5.0, 6.3.3: a second factor", func(r Rules) bool { return r.RequireFactor }},
		{"OWASP ASVS 5.0, 6.5.5: a code lives for 30 seconds at most", func(r Rules) bool { return r.Window == totp.Window{} }},
		{"OWASP ASVS 5.0, 6.3.1: guesses are limited, without a malicious lockout", func(r Rules) bool {
			return r.Password.From > 0 && r.Password.LockAfter == 0 && r.Code.Validate() == nil
		}},
	}
	for name, c := range map[string]struct {
		preset func() Rules
		rules  []rule
	}{
		"NIST63B4":    {NIST63B4, nist},
		"PCI401Staff": {PCI401Staff, append(pci, rule{"PCI DSS 4.0.1, 8.3.4: for the codes too", func(r Rules) bool { return r.Code.LockAfter <= 10 && r.Code.LockFor >= 30*time.Minute }})},
		"ASVS5":       {ASVS5, asvs},
		"ShopCustomer": {ShopCustomer, append(nist,
			rule{"our own: from the fifth failure on, 1 s doubling to 15 minutes, off at 100", func(r Rules) bool {
				return reflect.DeepEqual(r.Password, Throttle{From: 5, First: time.Second, Max: 15 * time.Minute, DisableAfter: 100})
			}},
			rule{"our own: ten codes in 15 minutes, a hundred in all", func(r Rules) bool {
				return reflect.DeepEqual(r.Code, Throttle{LockAfter: 10, LockFor: 15 * time.Minute, DisableAfter: 100})
			}},
			rule{"our own: one step either way", func(r Rules) bool { return r.Window == totp.Window{Past: 1, Future: 1} }},
			rule{"our own: mailed tickets for an hour", func(r Rules) bool { return r.ResetFor == time.Hour }},
		)},
		"ShopStaff": {ShopStaff, append(pci,
			rule{"our own: from the third failure on", func(r Rules) bool { return r.Password.From == 3 }},
			rule{"our own: five codes, ten in all", func(r Rules) bool { return r.Code.LockAfter == 5 && r.Code.DisableAfter == 10 }},
			rule{"our own: one step back", func(r Rules) bool { return r.Window == totp.Window{Past: 1} }},
			rule{"our own: mailed tickets for 15 minutes", func(r Rules) bool { return r.ResetFor == 15*time.Minute }},
		)},
	} {
		for _, want := range c.rules {
			require.True(t, want.holds(c.preset()), "%s: %s", name, want.clause)
		}
	}
}
