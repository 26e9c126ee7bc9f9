package totp_test

import (
	"encoding/base32"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// rfcKey is the 20 byte key of RFC 4226 appendix D and RFC 6238 appendix B.
const rfcKey = "12345678901234567890"

// fromKey makes a secret of known key bytes.
func fromKey(t testing.TB, key string, o totp.Options) totp.Secret {
	t.Helper()
	s, err := totp.ParseSecretWith(base32.StdEncoding.EncodeToString([]byte(key)), o)
	require.NoError(t, err)
	return s
}

// noon is a time in the middle of a step of every period that divides 120 s.
var noon = time.Unix(1_800_000_000, 0).Add(7 * time.Second)

// kinds are the settings that tests run over.
func kinds() []totp.Options {
	var all []totp.Options
	for _, a := range []totp.Algorithm{totp.SHA1, totp.SHA256, totp.SHA512} {
		for digits := totp.MinDigits; digits <= totp.MaxDigits; digits++ {
			for _, period := range []time.Duration{totp.MinPeriod, 30 * time.Second, totp.MaxPeriod} {
				all = append(all, totp.Options{Algorithm: a, Digits: digits, Period: period})
			}
		}
	}
	return all
}
