package main

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestGenerate(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]struct{ pattern, bits string }{
		"":                                 {`^[a-zA-Z2-9]{20}$`, "116 bits each\n"},
		"--length 15":                      {`^[a-zA-Z2-9]{15}$`, "87 bits each\n"},
		"--length 128":                     {`^[a-zA-Z2-9]{128}$`, "746 bits each\n"},
		"--length 8 --preset asvs5":        {`^[a-zA-Z2-9]{8}$`, "46 bits each\n"},
		"--length 12 --preset PCI401Staff": {`^[a-zA-Z2-9]{12}$`, "69 bits each\n"},
		"--words 5":                        {`^[a-z-]{15,}$`, "64 bits each\n"},
		"--words 3 --preset ShopStaff":     {`^[a-z-]{15,}$`, "38 bits each\n"},
		"--words 5 --preset PCI401Staff":   {`^[a-z-]+-[2-9]$`, "67 bits each\n"},
	} {
		command := strings.Fields("generate --count 200 " + args)
		r := execute(t, "", command...)
		require.Equal(t, exitFine, r.code, r.stderr)
		require.Equal(t, want.bits, r.stderr, args)
		passwords := strings.Fields(r.stdout)
		require.Len(t, passwords, 200)
		for _, password := range passwords {
			require.Regexp(t, want.pattern, password, args)
		}
		slices.Sort(passwords)
		require.Len(t, slices.Compact(passwords), 200, "all differ")

		preset := "ShopCustomer"
		if _, name, ok := strings.Cut(args, "--preset "); ok {
			preset = name
		}
		require.Equal(t, exitFine, execute(t, r.stdout, "check", "--batch", "--preset", preset).code, args)
	}
}

func TestGenerateUsage(t *testing.T) {
	t.Parallel()
	for args, message := range map[string]string{
		"--length 14":                        "--length takes 15 to 128 with preset ShopCustomer",
		"--length 7 --preset ASVS5":          "--length takes 8 to 128 with preset ASVS5",
		"--length 129":                       "--length takes 15 to 128",
		"--length 0":                         "--length takes 15 to 128",
		"--length -3":                        "--length takes 15 to 128",
		"--words 2":                          "--words takes 3 to 20",
		"--words -1":                         "--words takes 3 to 20",
		"--words 21":                         "--words takes 3 to 20",
		"--words 5 --length 20":              "exclude each other",
		"--count 0":                          "--count takes 1 to 100000",
		"--count 100001":                     "--count takes 1 to 100000",
		"--preset nonesuch":                  "no such preset",
		"--length hunter2":                   "the value of --length cannot be read",
		"--words 99999999999999999999999999": "the value of --words cannot be read",
	} {
		r := execute(t, "", append([]string{"generate"}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.stderr, message)
		require.NotContains(t, r.stderr, "hunter2")
		require.Empty(t, r.stdout)
	}
	strict := recipe{words: 3, list: words(), policy: policy.Policy{Name: "Strict", MinGuessesLog10: 12}}
	require.ErrorContains(t, strict.check(), "too easy to guess for preset Strict")
	impossible := recipe{length: 20, policy: policy.Policy{MinLength: 21}}
	_, err := impossible.draw()
	require.ErrorContains(t, err, "no password of this kind")
}

// The bits are those of a fair draw: every sign comes up as often as the others.
func TestPickIsFair(t *testing.T) {
	t.Parallel()
	const n, draws = 57, 57 * 2000
	var seen [n]int
	for range draws {
		seen[pick(n)]++
	}
	chi := 0.0
	for _, count := range seen {
		d := float64(count) - draws/n
		chi += d * d / (draws / n)
	}
	// 56 degrees of freedom: mean 56, deviation 10.6. A fair draw exceeds 140
	// less than once in 10^8 runs; modulo bias of one byte would give over 900.
	require.Less(t, chi, 140.0)
}

// PCI401Staff draws again for the want of a digit; that costs
// -log2(1 - (49/57)^12 - (8/57)^12) bits.
func TestBitsOfDrawingAgain(t *testing.T) {
	t.Parallel()
	plain, pci := recipe{length: 12}, recipe{length: 12, policy: policy.PCI401Staff()}
	require.InDelta(t, 12*math.Log2(57), plain.bits(), 1e-9)
	require.InDelta(t, 0.2565, plain.bits()-pci.bits(), 1e-3)
}

func TestWords(t *testing.T) {
	t.Parallel()
	list := words()
	require.Len(t, list, 7776, "6^5: one word for five dice")
	require.True(t, slices.IsSorted(list))
	require.Len(t, slices.Compact(list), 7776)
	total := 0
	for _, word := range list {
		require.Regexp(t, `^[a-z]+(-[a-z]+)?$`, word)
		total += len(word)
	}
	require.Greater(t, 3*total/len(list)+2, 20, "what recipe says of three words")
	r := execute(t, "", "generate", "--notice")
	require.Equal(t, exitFine, r.code)
	require.Contains(t, r.stdout, "Creative Commons Attribution")
}
