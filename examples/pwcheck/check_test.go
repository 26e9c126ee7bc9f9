package main

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		input string
		args  string
		code  int
		codes []string
	}{
		"good":                  {good, "", exitFine, []string{}},
		"good with LF":          {good + "\n", "", exitFine, []string{}},
		"good with CRLF":        {good + "\r\n", "", exitFine, []string{}},
		"every preset":          {good, "--preset nist63b4", exitFine, []string{}},
		"any case":              {good, "--preset shopSTAFF", exitFine, []string{}},
		"common":                {weak1, "", exitWeak, []string{"too_common", "too_guessable"}},
		"nothing":               {"", "", exitWeak, []string{"too_short", "too_guessable"}},
		"one empty line":        {"\n", "", exitWeak, []string{"too_short", "too_guessable"}},
		"context":               {"annabella.leeuwenhoek", "--about annabella.leeuwenhoek@shop.example", exitWeak, []string{"contains_context", "too_guessable"}},
		"no context":            {"annabella.leeuwenhoek", "--about someone@shop.example", exitFine, []string{}},
		"short for NIST":        {"ruminant-okapi", "--preset NIST63B4", exitWeak, []string{"too_short"}},
		"long enough for ASVS":  {"ruminant-okapi", "--preset ASVS5", exitFine, []string{}},
		"no digit for PCI":      {"ruminant-okapi", "--preset PCI401Staff", exitWeak, []string{"needs_digit"}},
		"not text":              {"\xff\xfe" + good, "", exitWeak, []string{"not_text"}},
		"257 characters":        {strings.Repeat("xyz", 85) + "pq", "", exitWeak, []string{"too_long"}},
		"1 MB":                  {strings.Repeat("x", 1<<20), "", exitWeak, []string{"too_long"}},
		"1 MB of lines":         {strings.Repeat("some line of text\n", 60000), "", exitWeak, []string{"too_long"}},
		"1 MB that is no text":  {strings.Repeat("\xff\n", 1<<19), "", exitWeak, []string{"too_long"}},
		"a CR inside":           {good + "\rx", "", exitFine, []string{}},
		"NUL and DEL are signs": {good + "\x00\x7f", "", exitFine, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"check"}, strings.Fields(c.args)...)
			r := execute(t, c.input, append(args, "--json")...)
			require.Equal(t, c.code, r.code, r.stdout+r.stderr)
			require.Empty(t, r.stderr)
			list := reports(t, r.stdout)
			require.Len(t, list, 1)
			require.Equal(t, c.codes, codes(list[0]))
			require.Equal(t, c.code == exitFine, list[0].OK)
			require.Nil(t, list[0].Breached)

			r = execute(t, c.input, args...)
			require.Equal(t, c.code, r.code)
			for _, p := range list[0].Problems {
				require.Contains(t, r.stdout, p.Text)
			}
		})
	}
}

// The text is part of the contract with programs that read it.
func TestCheckJSON(t *testing.T) {
	t.Parallel()
	guesses := func(password string) string {
		p := policy.ShopCustomer()
		p.Estimator = strength.Estimator{}
		p.MaxBytes, p.MaxLength = 4096, 1024
		return fmt.Sprint(math.Floor(p.Preview(password).GuessesLog10*1000) / 1000)
	}
	require.Equal(t, `{"ok":true,"score":4,"guesses_log10":`+guesses(good)+`,"breached":null,"problems":[]}`+"\n",
		execute(t, good, "check", "--json").stdout)
	require.Equal(t, `{"ok":false,"score":0,"guesses_log10":0,"breached":null,"problems":[`+
		`{"code":"too_short","params":{"length":0,"min":8},"text":"Use at least 8 characters. A few unrelated words in a row are easy to remember."}]}`+"\n",
		execute(t, "", "check", "--json", "--preset", "ASVS5").stdout)
	long := strings.Repeat(randomText(100), 11)
	require.Equal(t, `{"line":1,"ok":false,"score":4,"guesses_log10":`+guesses(long[:512])+`,"breached":null,"problems":[`+
		`{"code":"too_long","params":{"max":1024,"unit":"bytes"},"text":"This password is too long: use at most 1024 bytes."}]}`+"\n",
		execute(t, long, "check", "--batch").stdout)
}

// The score never contradicts the number that is printed beside it.
func TestScoreFollowsGuesses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		guesses float64
		printed string
	}{
		{2.9999, "2.999"}, {3, "3"}, {5.99999999, "5.999"}, {7.9996, "7.999"}, {9.99951, "9.999"}, {10, "10"}, {1000, "1000"},
	} {
		r := report{GuessesLog10: c.guesses, Problems: []policy.Problem{}}
		require.Contains(t, string(r.json()), `"guesses_log10":`+c.printed+",")
	}
}

// Refused without a look at the rest, they are rated all the same, and what is
// random rates above what is not.
func TestOverTheCapIsRated(t *testing.T) {
	t.Parallel()
	rate := func(input string) report {
		return reports(t, execute(t, input, "check", "--batch").stdout)[0]
	}
	same, random := rate(strings.Repeat("a", 2000)), rate(randomText(2000))
	require.Equal(t, []string{"too_long"}, codes(random))
	require.Positive(t, same.GuessesLog10)
	require.Greater(t, random.GuessesLog10, 100.0)
	require.Less(t, same.GuessesLog10, 6.0)
	require.Equal(t, 4, random.Score)
	notText := rate(randomText(40) + "\xff")
	require.Equal(t, []string{"not_text"}, codes(notText))
	require.Greater(t, notText.GuessesLog10, 30.0)
}

func TestCheckUsage(t *testing.T) {
	t.Parallel()
	about := strings.Repeat("--about x ", maxAbout+1)
	for args, message := range map[string]string{
		"check --preset nonesuch-preset":               "no such preset. Presets: NIST63B4,",
		"check " + about:                               "--about may be given 32 times",
		"check --about " + strings.Repeat("x", 257):    "--about takes at most 256 bytes",
		"check --preset":                               "--preset needs a value",
		"check --batch=maybe":                          "the value of --batch cannot be read",
		"check --batch --preset nonesuch":              "no such preset",
		"check --json --about a --about b --nonesuch":  "no such flag. Flags: --about,",
		"check -- " + strings.Repeat("secretive", 3):   neverArgument,
		"check --json " + strings.Repeat("secret", 3):  neverArgument,
		"check --batch " + strings.Repeat("secret", 3): neverArgument,
	} {
		r := execute(t, good, strings.Fields(args)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.stderr, message, args)
		require.Contains(t, r.stderr, "Run 'pwcheck check --help'", args)
		require.Empty(t, r.stdout, args)
	}
	r := execute(t, "one password\nand another\n", "check")
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "standard input has more than one line")
}

func TestAboutKeepsCommas(t *testing.T) {
	t.Parallel()
	r := execute(t, "Leeuwenhoek, Annabella", "check", "--about", "Leeuwenhoek, Annabella", "--json")
	require.Equal(t, exitWeak, r.code)
	require.Contains(t, codes(reports(t, r.stdout)[0]), policy.ContainsContext)
}
