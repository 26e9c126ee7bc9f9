package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/generate"
)

// alphabet is what generate makes passwords of without flags.
const alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// words are the words that generate makes passphrases of without flags.
func words() []string {
	list, err := generate.Words("")
	if err != nil {
		panic(err)
	}
	return list
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]struct{ pattern, bits string }{
		"":                                 {`^[` + alphabet + `]{20}$`, "116 bits each\n"},
		"--length 15":                      {`^[` + alphabet + `]{15}$`, "87 bits each\n"},
		"--length 128":                     {`^[` + alphabet + `]{128}$`, "746 bits each\n"},
		"--length 8 --preset asvs5":        {`^[` + alphabet + `]{8}$`, "46 bits each\n"},
		"--length 12 --preset PCI401Staff": {`^[` + alphabet + `]{12}$`, "69 bits each\n"},
		"--length 20 --look-alikes":        {`^[a-zA-Z0-9]{20}$`, "118 bits each\n"},
		"--length 20 --symbols":            {`^[` + alphabet + `#%*+=?]{20}$`, "119 bits each\n"},
		"--symbols --look-alikes":          {`^[!-~]{18}$`, "112 bits each\n"},
		"--bits 64 --preset asvs5":         {`^[` + alphabet + `]{12}$`, "69 bits each\n"},
		"--words 5":                        {`^[a-z-]{15,}$`, "64 bits each\n"},
		"--words 3 --preset ShopStaff":     {`^[a-z-]{15,}$`, "38 bits each\n"},
		"--words 5 --preset PCI401Staff":   {`^[a-z-]+-[2-9]$`, "67 bits each\n"},
		"--passphrase":                     {`^[a-z]+(-[a-z]+){4}$`, "64 bits each\n"},
		"--passphrase --bits 100":          {`^[a-z]+(-[a-z]+){7}$`, "103 bits each\n"},
		"--language de":                    {`^[a-z]+(-[a-z]+){4}$`, "64 bits each\n"},
		"--language FR":                    {`^[a-z]+(-[a-z]+){5}$`, "64 bits each\n"},
		"--separator .":                    {`^[a-z-]+(\.[a-z-]+){4}$`, "64 bits each\n"},
		"--preset PCI401Staff --words 5 --separator _": {`^[a-z-]+(_[a-z-]+){4}_[2-9]$`, "67 bits each\n"},
	} {
		command := strings.Fields("generate --count 60 " + args)
		r := execute(t, "", command...)
		require.Equal(t, exitFine, r.code, r.stderr)
		require.Equal(t, want.bits, r.stderr, args)
		passwords := strings.Fields(r.stdout)
		require.Len(t, passwords, 60)
		for _, password := range passwords {
			require.Regexp(t, want.pattern, password, args)
		}
		slices.Sort(passwords)
		require.Len(t, slices.Compact(passwords), 60, "all differ")

		preset := "ShopCustomer"
		if _, name, ok := strings.Cut(args, "--preset "); ok {
			preset, _, _ = strings.Cut(name, " ")
		}
		require.Equal(t, exitFine, execute(t, r.stdout, "check", "--batch", "--preset", preset).code, args)
	}
}

func TestGenerateWithSpaces(t *testing.T) {
	t.Parallel()
	r := execute(t, "", "generate", "--separator", " ")
	require.Equal(t, exitFine, r.code)
	require.Len(t, strings.Fields(r.stdout), 5)
}

func TestGenerateJSON(t *testing.T) {
	t.Parallel()
	r := execute(t, "", "generate", "--json", "--count", "3", "--words", "5")
	require.Equal(t, exitFine, r.code)
	require.Empty(t, r.stderr)
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	require.Len(t, lines, 3)
	for _, line := range lines {
		var g generated
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&g))
		require.Equal(t, 64.5, g.Bits)
		require.Equal(t, exitFine, execute(t, g.Password, "check").code)
	}
}

func TestGenerateFromFile(t *testing.T) {
	t.Parallel()
	file := policyFile(t, shopFile)
	for _, c := range []struct{ group, pattern, stderr string }{
		{"staff", `[0-9]`, "118 bits each\n"},
		{"customers", `^.{20,}$`, "not asked: 1 of the policy's lists and breach sources\n118 bits each\n"},
	} {
		r := execute(t, "", "generate", "--policy", file, "--group", c.group, "--length", "20", "--look-alikes")
		require.Equal(t, exitFine, r.code, r.stderr)
		require.Regexp(t, c.pattern, strings.TrimSpace(r.stdout))
		require.Equal(t, c.stderr, r.stderr)
	}
}

func TestGenerateUsage(t *testing.T) {
	t.Parallel()
	file, tight := policyFile(t, shopFile), policyFile(t, `{"version": 1, "groups": {"g": {"max_length": 6}}}`)
	for args, message := range map[string]string{
		"--length 14":                        "--length takes 15 to 256 with policy ShopCustomer",
		"--length 7 --preset ASVS5":          "--length takes 8 to 256 with policy ASVS5",
		"--length 257":                       "--length takes 15 to 256",
		"--length 0":                         "--length takes 15 to 256",
		"--length -3":                        "--length takes 15 to 256",
		"--words 2":                          "--words takes 3 to 256",
		"--words 0":                          "--words takes 3 to 256",
		"--words -1":                         "--words takes 3 to 256",
		"--words 257":                        "--words takes 3 to 256",
		"--words 5 --length 20":              "are not for passphrases",
		"--passphrase --symbols":             "are not for passphrases",
		"--language xx":                      "no words of that language, want one of en, de, fr, es, it, pt, cs",
		"--separator hunter2":                "Separator has more than 4 signs",
		"--separator ab":                     "Separator is not of signs of ASCII",
		"--separator=":                       "--separator takes 1 to 4 signs",
		"--bits 37":                          "--bits takes 38 to 512",
		"--bits 513":                         "--bits takes 38 to 512",
		"--bits NaN":                         "--bits takes 38 to 512",
		"--length 15 --bits 100":             "worth 87.5 bits, not 100.0",
		"--words 3 --language fr":            "no such passwords with policy ShopCustomer: passwords of this recipe are worth 32.1 bits, not 38.0",
		"--count 0":                          "--count takes 1 to 100000",
		"--count 100001":                     "--count takes 1 to 100000",
		"--preset nonesuch":                  "no such preset",
		"--length hunter2":                   "the value of --length cannot be read",
		"--words 99999999999999999999999999": "the value of --words cannot be read",
		"--group staff":                      "--group needs --policy",
		"--policy " + file:                   "--group is missing. Groups: customers, staff.",
		"--group x --policy " + file:         "no such group. Groups: customers, staff.",
		"--preset ASVS5 --policy " + tight:   "--preset and --policy exclude each other",
		"--policy " + tight:                  "no such passwords with policy g: ",
	} {
		r := execute(t, "", append([]string{"generate"}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.stderr, message)
		require.NotContains(t, r.stderr, "hunter2")
		require.Empty(t, r.stdout)
	}
}

func TestGenerateNotice(t *testing.T) {
	t.Parallel()
	require.Equal(t, result{exitFine, generate.Notice(), ""}, execute(t, "", "generate", "--notice"))
}
