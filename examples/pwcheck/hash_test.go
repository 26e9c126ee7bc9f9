package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
)

func TestHash(t *testing.T) {
	t.Parallel()
	for _, password := range []string{good, "x", " spaces stay ", "\u00e9tude \u00e0 quatre mains"} {
		for _, end := range []string{"", "\n", "\r\n"} {
			r := execute(t, password+end, "hash")
			require.Equal(t, exitFine, r.code, r.stderr)
			require.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\n$`, r.stdout)
			hasher, err := hash.New(hash.Config{})
			require.NoError(t, err)
			require.NoError(t, hasher.Verify(t.Context(), strings.TrimSpace(r.stdout), password))
		}
	}
}

func TestHashRefuses(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]result{
		"":                         {exitUsage, "", "the password is empty"},
		"\n":                       {exitUsage, "", "the password is empty"},
		"two lines\nof it\n":       {exitUsage, "", "more than one line"},
		strings.Repeat("x", 1025):  {exitWeak, "", "too long: use at most 1024 bytes"},
		strings.Repeat("x", 1<<20): {exitWeak, "", "too long: use at most 1024 bytes"},
		"not \xff text":            {exitWeak, "", "not valid UTF-8"},
	} {
		r := execute(t, input, "hash")
		require.Equal(t, want.code, r.code)
		require.Contains(t, r.stderr, want.stderr)
		require.Empty(t, r.stdout)
	}
}

// Strings of the argon2 reference suite and of libxcrypt's tests.
const (
	weakArgon2id  = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4" // "password"
	weakBcrypt    = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.z6PrHbuSsMSSwIGFy1JGevQZf6CqJ1y"                         // "Hello world!"
	argon2i       = "$argon2i$v=19$m=1234,t=7,p=2$Lm9vSkJuU3M1SllaaTNwZA$5izrDfbWtpkSBH9EczQ8U1yjSOvAkhE4AuYrbBHwi5k"
	dearArgon2id  = "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	emptyArgon2id = "$argon2id$v=19$m=256,t=0,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	fresh := execute(t, good, "hash").stdout
	for _, c := range []struct {
		stored string
		json   string
		text   string
		stale  int // exit code of --stale
	}{
		{fresh, `{"scheme":"argon2id","cost":"m=19456 t=2 p=1","salt_length":16,"key_length":32,"stale":false}`, "argon2id m=19456 t=2 p=1", exitFine},
		{weakArgon2id, `{"scheme":"argon2id","cost":"m=256 t=2 p=1","salt_length":8,"key_length":32,"stale":true}`, "argon2id m=256 t=2 p=1", exitWeak},
		{weakBcrypt + "\n", `{"scheme":"bcrypt","cost":"cost=5","stale":true}`, "bcrypt cost=5", exitWeak},
	} {
		r := execute(t, c.stored, "inspect", "--json")
		require.Equal(t, result{exitFine, c.json + "\n", ""}, r)
		r = execute(t, c.stored, "inspect")
		require.Equal(t, exitFine, r.code)
		require.Contains(t, r.stdout, c.text)
		require.Equal(t, c.stale, execute(t, c.stored, "inspect", "--stale").code)
	}
	for _, broken := range []string{"", "hunter2hunter2", argon2i + "x", emptyArgon2id, strings.Repeat("$", 1<<20)} {
		r := execute(t, broken, "inspect")
		require.Equal(t, exitFailed, r.code)
		require.Regexp(t, "^pwcheck: (stored string|time is 0)", r.stderr)
		require.Empty(t, r.stdout)
	}
}
