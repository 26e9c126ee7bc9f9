package policy

import (
	"fmt"
	"strings"
)

// NIST63B4 returns the policy of NIST SP 800-63B-4 for a password that is the
// only factor: at least 15 code points (3.1.1.2(1)), up to 256 where at least
// 64 are asked for (3.1.1.2(2)), any signs (3.1.1.2(3)(4)), no composition
// rules (3.1.1.2(5)), a blocklist of common and expected values compared whole
// (3.1.1.2). Where a second factor is always used, MinLength may be 8. Its
// rating is advisory: no threshold is set. Set Words and Breach for "expected"
// and "compromised" values.
func NIST63B4() Policy {
	return Policy{
		Name:      "NIST63B4",
		MinLength: 15,
		Lists:     []List{Common()},
	}
}

// PCI401Staff returns the policy of PCI DSS v4.0.1 for staff, administrators
// and anyone else within its scope; customers are not: at least 12 code points
// with a letter and a digit (8.3.6). The list of common passwords is good
// practice, not a requirement.
func PCI401Staff() Policy {
	return Policy{
		Name:       "PCI401Staff",
		MinLength:  12,
		NeedLetter: true,
		NeedDigit:  true,
		Lists:      []List{Common()},
	}
}

// ASVS5 returns the policy of OWASP ASVS 5.0, level 2: at least 8 code points
// (6.2.1, which strongly recommends 15), any signs (6.2.5), 64 and more
// allowed (6.2.9), no common passwords (6.2.4) and no context words (6.2.11:
// set Words). For 6.2.12 set Breach. Level 1 needs neither.
func ASVS5() Policy {
	return Policy{
		Name:      "ASVS5",
		MinLength: 8,
		Lists:     []List{Common()},
	}
}

// ShopCustomer returns what we recommend for a shop's customers. They are
// outside PCI DSS 8 and mostly have no second factor, so the length is NIST's:
// 15 (SP 800-63B-4, 3.1.1.2(1)). Beyond NIST, a rating below 10^8 guesses is
// refused, the reach of an attacker who tries a password online for years. Set
// Words and Breach; a breach source that is down does not keep a customer out.
func ShopCustomer() Policy {
	return Policy{
		Name:            "ShopCustomer",
		MinLength:       15,
		MinGuessesLog10: 8,
		Lists:           []List{Common()},
		Unchecked:       AcceptUnchecked,
	}
}

// ShopStaff returns what we recommend for a shop's staff, with a second factor
// required elsewhere: 15 code points meet NIST, ASVS and the length of PCI DSS
// v4.0.1, 8.3.6. For its letter and digit set NeedLetter and NeedDigit. A
// rating below 10^10 guesses is refused. Set Words and Breach; a password that
// could not be checked against every source is refused.
func ShopStaff() Policy {
	return Policy{
		Name:            "ShopStaff",
		MinLength:       15,
		MinGuessesLog10: 10,
		Lists:           []List{Common()},
		Unchecked:       RefuseUnchecked,
	}
}

// Presets returns the names that Preset knows.
func Presets() []string {
	return []string{"NIST63B4", "PCI401Staff", "ASVS5", "ShopCustomer", "ShopStaff"}
}

// Preset returns a preset by the name of its function, in any case. The error
// of an unknown name lists the known ones.
func Preset(name string) (Policy, error) {
	for _, preset := range []func() Policy{NIST63B4, PCI401Staff, ASVS5, ShopCustomer, ShopStaff} {
		if p := preset(); strings.EqualFold(name, p.Name) {
			return p, nil
		}
	}
	return Policy{}, fmt.Errorf("policy: no preset %s, want one of %s", quoted(name), strings.Join(Presets(), ", "))
}
