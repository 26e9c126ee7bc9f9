package ntlm_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/internal/ntlm"
)

// The first is of [MS-NLMP], section 4.2.2.1.2, the second is known of every
// list; the rest is printed by:
//
//	printf %s PASSWORD | iconv -t UTF-16LE | openssl dgst -md4 -provider legacy
func TestSum(t *testing.T) {
	for password, want := range map[string]string{
		"Password":       "a4f49c406510bdcab6824ee7c30fd852",
		"password":       "8846f7eaee8fb117ad06bdd830b7586c",
		"":               "31d6cfe0d16ae931b73c59d7e0c089c0",
		"Kaffeetöpfchen": "21b280395959c48a0d222449ef63f86d",
		"пароль":         "507e3ee80df7db7c1fdd8d50ae8db606",
		"🫖 and €":        "f16a8ba95b1279d358fc8052672c573d",
	} {
		sum, ok := ntlm.Sum(password)
		require.True(t, ok)
		require.Equal(t, want, hex.EncodeToString(sum[:]), "%q", password)
	}
	for _, password := range []string{"\xff", "a\xc3", "\xed\xa0\x80"} {
		_, ok := ntlm.Sum(password)
		require.False(t, ok, "%q", password)
	}
	_, ok := ntlm.Sum(strings.Repeat("é", 1<<15))
	require.True(t, ok)
}
