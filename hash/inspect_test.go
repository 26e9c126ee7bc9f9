package hash_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tillkey/tillkey/hash"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	for encoded, want := range map[string]struct {
		info hash.Info
		text string
	}{
		good: {hash.Info{Scheme: "argon2id", Version: 19, Params: hash.Params{Memory: 64, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}, Cost: "m=64 t=1 p=1"}, "argon2id m=64 t=1 p=1"},
		"$2a$04$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy": {hash.Info{Scheme: "bcrypt", Cost: "cost=4"}, "bcrypt cost=4"},
		"$2y$31$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy": {hash.Info{Scheme: "bcrypt", Cost: "cost=31"}, "bcrypt cost=31"},
		// Dearer than any hasher would verify, and still worth counting.
		stored(hash.Params{Memory: 1<<32 - 1, Time: 1<<32 - 1, Parallelism: 255, SaltLength: 48, KeyLength: 64}): {hash.Info{Scheme: "argon2id", Version: 19,
			Params: hash.Params{Memory: 1<<32 - 1, Time: 1<<32 - 1, Parallelism: 255, SaltLength: 48, KeyLength: 64}, Cost: "m=4294967295 t=4294967295 p=255"},
			"argon2id m=4294967295 t=4294967295 p=255"},
	} {
		info, err := hash.Inspect(encoded)
		assert.NoError(t, err, encoded)
		assert.Equal(t, want.info, info)
		assert.Equal(t, want.text, info.String())
	}
	for _, encoded := range []string{
		"", good + "=", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy",
		"$2b$32$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", strings.Repeat("x", 1025),
	} {
		info, err := hash.Inspect(encoded)
		assert.Zero(t, info)
		assert.True(t, isFormat(err) || boundsParam(err) != "", "%.80q gave %v", encoded, err)
	}
}

// Neither salt nor key nor password is in anything printed.
func TestNothingPrintsSecrets(t *testing.T) {
	t.Parallel()
	const (
		salt     = "c2FsdHNhbHRzYWx0"
		key      = "a2V5a2V5a2V5a2V5a2V5a2V5"
		password = "open sesame"
	)
	hasher := newHasher(t, hash.Config{})
	var printed []any
	for _, encoded := range []string{
		"$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=64,t=0,p=1$" + salt + "$" + key,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt + "=$" + key,
		"$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + key + "\n",
		"$argon2id$v=19$m=64,t=1,p=1," + salt + "$" + key,
		"$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + key,
		"$2b$99$" + salt + key + "aaaaaaaaaaaaa",
		"$2b$05$" + salt + key,
		salt + "$" + key,
	} {
		info, err := hash.Inspect(encoded)
		printed = append(printed, info, err)
		printed = append(printed, hasher.Verify(context.Background(), encoded, password))
	}
	printed = append(printed, hasher.Decoy(context.Background(), strings.Repeat(password, 1000)), hasher.Params(), hasher.Budget().Stats())
	_, err := hasher.Hash(context.Background(), password+"\xff")
	printed = append(printed, err)
	for _, value := range printed {
		text, err := json.Marshal(value)
		assert.NoError(t, err)
		text = fmt.Appendf(text, "%v %+v %#v %q %x", value, value, value, value, value)
		for _, secret := range []string{salt, key, password, fmt.Sprintf("%x", salt), fmt.Sprintf("%x", key), fmt.Sprintf("%x", password)} {
			assert.NotContains(t, string(text), secret)
		}
	}
}
