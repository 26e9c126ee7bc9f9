package strength_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

var _ policy.Estimator = strength.Estimator{}

// refused is the default threshold of policy.ShopCustomer.
const refused = 8.0

// TestWeak: what other estimators let pass, and what people think is strong.
func TestWeak(t *testing.T) {
	for _, password := range []string{
		"", "a", "123456", "password", "Password123!", "P@ssw0rd2024!", "Summer2026!Summer2026!", "letmeinletmein1A!",
		"abababababababab", "trustno1trustno1", "парольпароль", "qwertyuiop", "QWERTYUIOP", "😀😀😀😀😀😀😀😀",
		"1qaz2wsx3edc", "qwertzuiop", "azertyuiop", "йцукенгшщз", "asdfghjkl;'", "147258369", "abcdefghijklm", "zyxwvutsrq",
		"01.02.1985", "19850201", "Sommer2025!", "drowssap", "nimda12345", "Michael1987", "Berlin2024!", "iloveyou143",
		"aaaaaaaaaaaaaaaaaaaaaaaa", "passwordpasswordpassword", strings.Repeat("abc", 200), strings.Repeat("password", 100),
		"Welcome2024!", "Qwerty123456!", "monkey-monkey", "Passwort1", "Passw0rd!", "пароль123", "привет", "TaylorSwift13!", "bitcoin100k",
		"xXnarutoXx", "Weihnachtsmann1", "Eichhoernchen",
	} {
		require.Less(t, strength.Estimate(password).GuessesLog10, refused, password)
	}
}

func TestStrong(t *testing.T) {
	for _, password := range []string{
		"kX9#mQ2$vL7!pR4z", "winter harbor nine zebra", "correct-battery-walnut-oxide", "xkqvbtrjzwhm", "Xh2kP9qLmW4t", "93kfa0vwl2mx",
	} {
		require.GreaterOrEqual(t, strength.Estimate(password).GuessesLog10, refused+1, password)
	}
}

func TestScore(t *testing.T) {
	for _, c := range []struct {
		password string
		score    int
	}{{"123456", 0}, {"kX9#mQ2$vL7!pR4z", 4}} {
		require.Equal(t, c.score, strength.Estimate(c.password).Score, c.password)
	}
	last := 0
	for n := range 12 {
		score := strength.Estimate("kX9#mQ2$vL7!"[:n]).Score
		require.GreaterOrEqual(t, score, last)
		last = score
	}
	require.Equal(t, 4, last)
}

// TestShort: fewer than eight bytes never reach 10^8, and of eight random signs
// of the keyboard nearly all do.
func TestShort(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 7))
	pass := 0
	for range 2000 {
		password := make([]byte, 8)
		for i := range password {
			password[i] = byte('!' + random.IntN('~'-'!'+1))
		}
		require.Less(t, strength.Estimate(string(password[:7])).GuessesLog10, refused, "%s", password[:7])
		if strength.Estimate(string(password)).GuessesLog10 >= refused {
			pass++
		}
	}
	require.GreaterOrEqual(t, pass, 1960)
	require.Greater(t, strength.Estimate("とりかごまどべ").GuessesLog10, refused, "seven signs of 21 bytes")
}

// TestEstimator: the interface gives the same number.
func TestEstimator(t *testing.T) {
	for _, password := range []string{"letmein", "Tillkey2026!", "kX9#mQ2$vL7!pR4z"} {
		require.Equal(t, strength.Estimate(password, "Tillkey").GuessesLog10, strength.Estimator{}.GuessesLog10(password, "Tillkey"))
	}
}

// TestWithPolicy: the estimator serves a policy as it is.
func TestWithPolicy(t *testing.T) {
	p := policy.ShopCustomer()
	p.MinLength, p.Lists, p.Estimator = 8, nil, strength.Estimator{}
	require.Error(t, p.Preview("Password123!").Err())
	require.NoError(t, p.Preview("winter harbor nine zebra").Err())
}

// TestInvalidText: whatever comes in, a number comes out.
func TestInvalidText(t *testing.T) {
	for _, password := range []string{"\xff\xfe", "\x00", "a\xffb", strings.Repeat("\xff", 5000), "\ufffd\U0010ffff"} {
		require.GreaterOrEqual(t, strength.Estimate(password, "\xff\xff\xff", "").GuessesLog10, 0.0)
	}
}

// TestLonger: what lies beyond the window makes a password no weaker.
func TestLonger(t *testing.T) {
	var long strings.Builder
	for x := uint32(7); long.Len() < 300; x = x*1664525 + 1013904223 {
		fmt.Fprintf(&long, "%c", '!'+x>>16%94)
	}
	last := 0.0
	for n := 130; n <= 300; n += 10 {
		next := strength.Estimate(long.String()[:n]).GuessesLog10
		require.Greater(t, next, last)
		last = next
	}
}

func TestAllocations(t *testing.T) {
	about := []string{"maria.lopez@shop.example", "Maria Lopez", "Tillkey"}
	for _, password := range []string{"monkey7", "Tillkey-Maria-2026!", "P@ssw0rd1!", strings.Repeat("kX9#mQ2$vL7!", 100)} {
		require.Zero(t, testing.AllocsPerRun(10, func() { strength.Estimate(password, about...) }), password)
		require.Zero(t, testing.AllocsPerRun(10, func() { strength.EstimateChange("Summer2025!", password, about...) }), password)
	}
}
