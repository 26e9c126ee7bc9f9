package policy_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func onList(t testing.TB, list policy.List, password string) bool {
	t.Helper()
	count, err := list.Seen(context.Background(), password)
	require.NoError(t, err)
	return count > 0
}

// Passwords that an entropy of 60 bits alone lets pass: each must fall.
var overrated = []string{
	"Password123!", "P@ssw0rd2024!", "Summer2026!Summer2026!", "letmeinletmein1A!", "abababababababab",
	"trustno1trustno1", "парольпароль", "qwertyuiop", "QWERTYUIOP",
}

func TestOverratedPasswordsAreRefused(t *testing.T) {
	for _, password := range overrated {
		require.True(t, onList(t, policy.Common(), password), "%q", password)
		require.Error(t, check(t, policy.ShopCustomer(), password).Err(), "%q", password)

		// Length alone must not be the reason.
		long := policy.ShopCustomer()
		long.MinLength = 8
		require.True(t, check(t, long, password).Has(policy.TooCommon), "%q", password)
	}
}

// TestFormsOfListedWords turns listed passwords into the forms that reach
// fifteen code points without making them harder to guess.
func TestFormsOfListedWords(t *testing.T) {
	list := policy.Common()
	forms := map[string]func(string) string{
		"as it is":          func(s string) string { return s },
		"capitals":          strings.ToUpper,
		"title":             func(s string) string { return strings.ToUpper(s[:1]) + s[1:] },
		"mixed case":        mixed,
		"leet":              strings.NewReplacer("a", "@", "e", "3", "i", "1", "o", "0", "s", "$").Replace,
		"twice":             func(s string) string { return s + s },
		"three times":       func(s string) string { return s + s + s },
		"with a separator":  func(s string) string { return s + "-" + s },
		"each sign twice":   doubled,
		"mirrored":          func(s string) string { return s + backwards(s) },
		"backwards, twice":  func(s string) string { return backwards(s) + backwards(s) },
		"numbered":          func(s string) string { return s + "1" + s + "2" },
		"year and sign":     func(s string) string { return s + "2026!" },
		"year in front":     func(s string) string { return "2026" + s },
		"rising digits":     func(s string) string { return s + "123456789" },
		"tail for rules":    func(s string) string { return s + "1A!" },
		"padded with signs": func(s string) string { return s + "..............." },
		"padded with x":     func(s string) string { return s + "xxxxxxxxx" },
		"keyboard row":      func(s string) string { return s + "qwerty" },
		"row in front":      func(s string) string { return "qwerty" + s },
		"spelt out":         func(s string) string { return strings.Join(strings.Split(s, ""), ".") },
		"full width":        fullWidth,
	}
	for _, word := range []string{
		"password", "dragon", "monkey", "princess", "iloveyou", "football", "michael", "sunshine", "trustno1", "letmein",
	} {
		for name, form := range forms {
			require.True(t, onList(t, list, form(word)), "%s of %q: %q", name, word, form(word))
		}
	}
	for _, word := range []string{"пароль", "привет", "любовь", "contraseña", "passwort", "motdepasse"} {
		for _, form := range []string{word, word + word, strings.ToUpper(word) + "2026!", word + "123" + word} {
			require.True(t, onList(t, list, form), "%q", form)
		}
	}
	require.True(t, onList(t, list, "Frühling2026!"))
	require.True(t, onList(t, list, "pаsswоrd1234567"), "two letters are Cyrillic")
}

func mixed(s string) string {
	b := []byte(s)
	for i := range b {
		if i%2 == 1 && 'a' <= b[i] && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

func doubled(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		b.WriteRune(r)
	}
	return b.String()
}

func backwards(s string) string {
	var b strings.Builder
	for i := len(s) - 1; i >= 0; i-- {
		b.WriteByte(s[i])
	}
	return b.String()
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
}

func TestPatternsNeedNoList(t *testing.T) {
	for _, password := range []string{
		"aaaaaaaaaaaaaaaa", "123456789012345", "abcdefghijklmnop", "1qaz2wsx3edc4rfv", "qwertyuiopasdfghjkl",
		"121212121212121", "24121987", "йцукенгшщзхъ", "фывапролджэфывапролджэ", "abc123abc123abc123",
	} {
		require.True(t, onList(t, policy.Common(), password), "%q", password)
	}
}

// TestGoodPasswordsPass holds the law that what nobody guesses is accepted, by
// every preset whose length and composition it meets.
func TestGoodPasswordsPass(t *testing.T) {
	r, list := seeded(), words(t)
	good := []string{}
	for range 1000 {
		good = append(good, randomPassword(r, 16), passphrase(r, list, 5))
	}
	about := []string{"maria.lopez@shop.example", "Maria Lopez"}
	for _, name := range policy.Presets() {
		p, err := policy.Preset(name)
		require.NoError(t, err)
		p.Words = []string{"Tillkey", "The Corner Shop"}
		p.Breach = []policy.List{answer{}}
		judged := 0
		for _, password := range good {
			if p.NeedLetter && !strings.ContainsAny(strings.ToLower(password), "abcdefghijklmnopqrstuvwxyz") ||
				p.NeedDigit && !strings.ContainsAny(password, "0123456789") {
				continue
			}
			judged++
			v := check(t, p, password, about...)
			require.NoError(t, v.Err(), "%s: %q: %v", name, password, v.Problems)
			require.Equal(t, 4, v.Score, "%q", password)
		}
		require.Greater(t, judged, 500, "%s", name)
	}
}

// TestWholeValueOnly: SP 800-63B-4, 3.1.1.2 compares the entire password. A
// listed word inside a longer phrase is no reason to refuse.
func TestWholeValueOnly(t *testing.T) {
	for _, password := range []string{
		"my password is a river", "dragon lantern velvet moss", "letmein through the side gate",
		"princess of seven turtles", "iloveyou said the walrus",
	} {
		p := policy.NIST63B4()
		p.Words = []string{"lantern", "river"}
		require.NoError(t, check(t, p, password, "turtles@walrus.example").Err(), "%q", password)
	}
}

func TestCommonBounds(t *testing.T) {
	list := policy.Common()
	require.False(t, onList(t, list, ""))
	require.False(t, onList(t, list, "abc"))
	require.False(t, onList(t, list, strings.Repeat("password", 1000)), "above 4096 bytes nothing is listed")
	require.True(t, onList(t, list, strings.Repeat("password", 32)))
}
