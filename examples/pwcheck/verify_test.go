package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	fresh := strings.TrimSpace(execute(t, good, "hash").stdout)
	const stale = "The hash is weaker than new ones: hash the password again and replace it.\n"
	for name, c := range map[string]struct {
		stored, password string
		want             result
	}{
		"match":         {fresh, good, result{exitFine, "match\n", ""}},
		"no match":      {fresh, good + "x", result{exitWeak, "no match\n", ""}},
		"empty":         {fresh, "", result{exitWeak, "no match\n", ""}},
		"weak argon2id": {weakArgon2id, "password", result{exitFine, "match\n", ""}},
		"bcrypt":        {weakBcrypt, "Hello world!", result{exitFine, "match\n", stale}},
		"not bcrypt":    {weakBcrypt, "Hello World!", result{exitWeak, "no match\n", ""}},
		"broken":        {"hunter2hunter2", good, result{exitFailed, "", "pwcheck: stored string has an unknown or broken format: no scheme knows its prefix\n"}},
		"dear":          {dearArgon2id, "password1", result{exitFailed, "", "pwcheck: memory is 4194304 KiB, allowed are 8 to 262144\n"}},
		"too long":      {fresh, strings.Repeat("x", 1<<20), result{exitFailed, "", "pwcheck: password length is 4097 bytes, allowed are 0 to 4096\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, end := range []string{"\n", "\r\n"} {
				run := execute
				if c.stored == weakArgon2id { // "password" is in the advice
					run = func(t *testing.T, input string, args ...string) result { return executeOpenly(t, nil, input, args...) }
					c.want.stderr = stale
				}
				require.Equal(t, c.want, run(t, c.stored+end+c.password+end, "verify"))
			}
		})
	}
	for input, message := range map[string]string{
		"":           "standard input needs 2 lines",
		fresh:        "standard input needs 2 lines",
		fresh + "\n": "standard input needs 2 lines",
		fresh + "\n" + good + "\nand some more\n": "standard input has more than 2 lines",
	} {
		r := execute(t, input, "verify")
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.stderr, message)
	}
}

// line returns a line of verify --batch.
func line(t *testing.T, fields map[string]any) string {
	t.Helper()
	text, err := json.Marshal(fields)
	require.NoError(t, err)
	return string(text) + "\n"
}

func TestVerifyBatch(t *testing.T) {
	t.Parallel()
	fresh := strings.TrimSpace(execute(t, good, "hash").stdout)
	match, mismatch := `"match":true`, `"match":false`
	fault := func(text string) string { return fmt.Sprintf(`"error":%q`, text) }
	type fields = map[string]any
	cases := []struct {
		input, want string
		code        int
	}{
		{line(t, fields{"scheme": "argon2id", "password": good, "stored": fresh}), match, exitFine},
		{line(t, fields{"scheme": "ARGON2ID", "password": good, "stored": fresh, "id": 7, "note": []int{1}}), match, exitFine},
		{line(t, fields{"format": "argon2", "password": "password", "stored": weakArgon2id}), match, exitFine},
		{line(t, fields{"scheme": "bcrypt", "format": "ignored", "password": "Hello world!", "stored": weakBcrypt}), match, exitFine},
		{line(t, fields{"password": "Hello world!", "stored": weakBcrypt, "salt": nil, "site_key": "", "params": fields{}}), match, exitFine},
		{`{"scheme":"bcrypt","password":"Hello w\u006frld!","stored":"` + weakBcrypt + "\"}\r\n", match, exitFine},
		{line(t, fields{"scheme": "argon2id", "password": good + "!", "stored": fresh}), mismatch, exitWeak},
		{line(t, fields{"scheme": "bcrypt", "password": "", "stored": weakBcrypt}), mismatch, exitWeak},
		{line(t, fields{"scheme": "bcrypt", "password": "Hello\x00world!", "stored": weakBcrypt}), mismatch, exitWeak},

		{line(t, fields{"scheme": "rot13", "password": good, "stored": fresh}), fault("the scheme is not known"), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "password": good, "stored": fresh}), fault("the stored string is not of its scheme"), exitFailed},
		{line(t, fields{"scheme": "argon2id", "password": good, "stored": weakBcrypt}), fault("the stored string is not of its scheme"), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "password": good}), fault(`"stored" is missing`), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "stored": weakBcrypt}), fault(`"password" is missing`), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "stored": weakBcrypt, "password": good, "site_key": "sesame-secret"}), fault(`the scheme has no "site_key": its stored string says everything`), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "stored": weakBcrypt, "password": good, "salt": "sodium-chloride"}), fault(`the scheme has no "salt": its stored string says everything`), exitFailed},
		{line(t, fields{"scheme": "argon2i", "stored": argon2i, "password": "password"}), fault("stored string has an unknown or broken format: no scheme knows its prefix"), exitFailed},
		{line(t, fields{"scheme": "argon2id", "stored": dearArgon2id, "password": "password"}), fault("memory is 4194304 KiB, allowed are 8 to 262144"), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "stored": weakBcrypt, "password": strings.Repeat("x", 5000)}), fault("password length is 5000 bytes, allowed are 0 to 4096"), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "stored": weakBcrypt, "password": strings.Repeat("x", maxCase)}), fault("the line has more than 65536 bytes"), exitFailed},
		{line(t, fields{"scheme": "bcrypt", "stored": weakBcrypt, "password": 12345678}), fault("the line is not a JSON object with text in its fields"), exitFailed},
		{"hunter2hunter2\n", fault("the line is not a JSON object with text in its fields"), exitFailed},
		{"{}{}\n", fault("the line is not a JSON object with text in its fields"), exitFailed},
		{"\n", fault("the line is not a JSON object with text in its fields"), exitFailed},
		{"null\n", fault(`"stored" is missing`), exitFailed},
		{"{\"scheme\":\"bcrypt\",\"password\":\"hunter2\xff\",\"stored\":\"" + weakBcrypt + "\"}\n", fault("the line is not valid UTF-8"), exitFailed},
	}
	var all strings.Builder
	for i, c := range cases {
		r := execute(t, c.input, "verify", "--batch")
		require.Equal(t, result{c.code, `{"line":1,` + c.want + "}\n", ""}, r, i)
		all.WriteString(c.input)
	}
	r := execute(t, all.String(), "verify", "--batch")
	require.Equal(t, exitFailed, r.code)
	for i, got := range strings.Split(strings.TrimSuffix(r.stdout, "\n"), "\n") {
		require.Equal(t, fmt.Sprintf(`{"line":%d,%s}`, i+1, cases[i].want), got)
	}
	for _, secret := range []string{good, "Hello world!", "sesame-secret", "sodium-chloride", "hunter2", fresh, weakBcrypt} {
		requireSilent(t, r, secret)
	}
	require.Equal(t, exitWeak, execute(t, cases[0].input+cases[6].input+cases[1].input, "verify", "--batch").code)
	require.Equal(t, result{}, execute(t, "", "verify", "--batch"))
}

func FuzzVerifyLine(f *testing.F) {
	f.Add(`{"scheme":"bcrypt","password":"x","stored":"$2a$31$CCCCCCCCCCCCCCCCCCCCC.z6PrHbuSsMSSwIGFy1JGevQZf6CqJ1y"}`)
	f.Add(`{"stored":"$","password":"\ud800","params":[[]]}`)
	// Cheap costs, so that the fuzzer spends its time on lines.
	hasher, err := hash.New(hash.Config{
		Params:          hash.Params{Memory: 8, Time: 1, Parallelism: 1},
		UnsafeAllowWeak: true,
		Foreign:         []legacy.Scheme{legacy.Bcrypt{MaxCost: 4}},
		Limits:          hash.Limits{Memory: 64, Time: 2},
	})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, line string) {
		a := verifyLine(t.Context(), hasher, 1, line)
		require.NoError(t, a.err)
		var r verifyResult
		require.NoError(t, json.Unmarshal(a.text, &r))
		require.Equal(t, r.Match == nil, r.Error != "")
		require.Equal(t, r.Match == nil, a.code == exitFailed)
	})
}
