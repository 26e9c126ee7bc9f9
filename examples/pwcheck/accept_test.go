package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// faults are passwords that go-password-validator v0.3.0 accepts at 60 bits, or
// rates apart from their twins, although they are among the first to be tried.
var faults = []string{
	"Password123!", "P@ssw0rd2024!", "Summer2026!Summer2026!", "letmeinletmein1A!", "abababababababab",
	"trustno1trustno1", "парольпароль", "qwertyuiop", "QWERTYUIOP", "😀😀",
}

func TestFaultsAreRefused(t *testing.T) {
	t.Parallel()
	for _, password := range faults {
		r := execute(t, password, "check", "--json")
		require.Equal(t, exitWeak, r.code)
		require.Less(t, reports(t, r.stdout)[0].Score, 4)
	}
	r := execute(t, strings.Join(faults, "\n"), "check", "--batch")
	require.Equal(t, exitWeak, r.code)
	list := reports(t, r.stdout)
	require.Len(t, list, len(faults))
	for _, line := range list {
		require.False(t, line.OK)
	}
}

// chance is a fixed sequence, so that the test says the same every time.
func chance() *rand.Rand { return rand.New(rand.NewPCG(2, 71)) }

const printable = ` !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_` + "`abcdefghijklmnopqrstuvwxyz{|}~"

func randomText(n int) string { return randomOf(chance(), printable, n) }

func randomOf(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func TestRandomIsAccepted(t *testing.T) {
	t.Parallel()
	list := words()
	phrase := func(separator string) func(*rand.Rand) string {
		return func(r *rand.Rand) string {
			parts := make([]string, 5)
			for i := range parts {
				parts[i] = list[r.IntN(len(list))]
			}
			return strings.Join(parts, separator)
		}
	}
	for name, draw := range map[string]func(*rand.Rand) string{
		"16 printable":        func(r *rand.Rand) string { return randomOf(r, printable, 16) },
		"16 letters, digits":  func(r *rand.Rand) string { return randomOf(r, alphabet, 16) },
		"16 small letters":    func(r *rand.Rand) string { return randomOf(r, "abcdefghijklmnopqrstuvwxyz", 16) },
		"5 words with spaces": phrase(" "),
		"5 words with dashes": phrase("-"),
		"5 words together":    phrase(""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := chance()
			passwords := make([]string, 1000)
			for i := range passwords {
				passwords[i] = draw(r)
			}
			got := execute(t, strings.Join(passwords, "\n"), "check", "--batch")
			for i, line := range reports(t, got.stdout) {
				require.True(t, line.OK, "%q: %v", passwords[i], line)
			}
			require.Equal(t, exitFine, got.code)
		})
	}
}
