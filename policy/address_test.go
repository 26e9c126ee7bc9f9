package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestAnAddressIsNoPassword: the customer's own e-mail address, whole, decorated,
// without its signs, in leet or backwards. A phrase that holds it among other
// words is accepted: NIST SP 800-63B-4, 3.1.1.2 compares the entire password.
func TestAnAddressIsNoPassword(t *testing.T) {
	p := policy.ShopCustomer()
	about := []string{"fay@example.com", "fay.lovelace@example.com"}
	for _, password := range []string{
		"fay@example.com", "fay@example.com!", "fay@example.com1", "FAY@EXAMPLE.COM2026", "fay.lovelace@example.com",
		"fayexamplecom12345", "example.comexample.com", "f4y@3xampl3.c0m", "moc.elpmaxe@yaf", "fay@examplecom99",
	} {
		v := p.Preview(password, about...)
		require.Contains(t, codes(v), policy.ContainsContext, password)
	}
	require.Empty(t, p.Preview("plum fay@example.com kettle orbit", about...).Problems)
}
