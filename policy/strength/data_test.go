package strength_test

import (
	"bufio"
	"compress/gzip"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength"
)

// lines reads a list of the directory that STRENGTH_DATA names: dev holds the
// leaks, common the words that passphrases are made of. The lists do not ship;
// see internal/tables/NOTICE.md.
func lines(t testing.TB, name string) []string {
	t.Helper()
	directory := os.Getenv("STRENGTH_DATA")
	if directory == "" {
		t.Skip("STRENGTH_DATA is not set")
	}
	file, err := os.Open(filepath.Join(directory, name))
	require.NoError(t, err)
	defer file.Close()
	plain, err := gzip.NewReader(file)
	require.NoError(t, err)
	var all []string
	for scan := bufio.NewScanner(plain); scan.Scan(); {
		all = append(all, scan.Text())
	}
	return all
}

// TestFalseAlarms: none of 18 000 generated passwords and passphrases of 52
// bits or more is refused.
func TestFalseAlarms(t *testing.T) {
	words := lines(t, "common/eff_large.rank.txt.gz")
	random := rand.New(rand.NewPCG(20261122, 1234))
	of := func(signs string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = signs[random.IntN(len(signs))]
		}
		return string(b)
	}
	phrase := func(n int, between string) string {
		w := make([]string, n)
		for i := range w {
			w[i] = words[random.IntN(len(words))]
		}
		return strings.Join(w, between)
	}
	const lower, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	alnum := lower + strings.ToUpper(lower) + digits
	var all strings.Builder
	for c := '!'; c <= '~'; c++ {
		all.WriteRune(c)
	}
	refusals := 0
	for range 2000 {
		for _, password := range []string{
			of(all.String(), 16), of(alnum, 16), of(alnum, 12), of(lower, 20), of(alnum, 6) + "-" + of(alnum, 6) + "-" + of(alnum, 6),
			phrase(5, " "), phrase(5, "-"), phrase(5, ""), phrase(4, " "),
		} {
			if strength.Estimate(password).GuessesLog10 < refused {
				refusals++
			}
		}
	}
	require.Zero(t, refusals)
}

// TestSiteName: who knows the name of the site gets almost every password that
// is built on it.
func TestSiteName(t *testing.T) {
	all, passed, without := 0, 0, 0
	for _, line := range lines(t, "dev/phpbb.freq.tsv.gz") {
		_, password, _ := strings.Cut(line, "\t")
		if !strings.Contains(strings.ToLower(password), "phpbb") {
			continue
		}
		all++
		if strength.Estimate(password).GuessesLog10 >= refused {
			without++
		}
		if strength.Estimate(password, "phpbb").GuessesLog10 >= refused {
			passed++
			if testing.Verbose() {
				t.Logf("passes: %q", password)
			}
		}
	}
	t.Logf("%d passwords, %.1f %% pass, %.1f %% without the name", all, 100*float64(passed)/float64(all), 100*float64(without)/float64(all))
	require.Greater(t, all, 1000)
	require.LessOrEqual(t, float64(passed), 0.05*float64(all))
}

// TestGuessNumbers compares with the guess numbers of Carnegie Mellon's
// service. The tables know these passwords, so this is a check of the scale
// and no measure of the method; gen eval is.
func TestGuessNumbers(t *testing.T) {
	var weak, weakPassed, strong, strongRefused float64
	for _, line := range lines(t, "dev/rockyou-offline.ref.tsv.gz") {
		parts := strings.SplitN(line, "\t", 3)
		guesses, err := strconv.ParseFloat(parts[0], 64)
		require.NoError(t, err)
		passes := strength.Estimate(parts[2]).GuessesLog10 >= refused
		switch {
		case guesses < 1e6:
			weak++
			if passes {
				weakPassed++
			}
		case guesses > 9e14:
			strong++
			if !passes {
				strongRefused++
			}
		}
	}
	t.Logf("guessed before 10^6 but passes: %.2f %%; not guessed in 10^14 but refused: %.2f %%", 100*weakPassed/weak, 100*strongRefused/strong)
	require.Less(t, weakPassed/weak, 0.02)
	require.Less(t, strongRefused/strong, 0.25, "there are fifteen")
}
