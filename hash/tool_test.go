package hash_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
)

// TestInterchangeWithTools makes hashes of 1 MiB here, with argon2id and with
// the argon2 command line where it is installed (Debian's package argon2), and
// has the others verify them. HASH_INTERCHANGE=10000 is how many, instead of 12.
func TestInterchangeWithTools(t *testing.T) {
	t.Parallel()
	n := 12
	if text := os.Getenv("HASH_INTERCHANGE"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	params := hash.Params{Memory: 1024, Time: 2, Parallelism: 1}
	hasher := newHasher(t, hash.Config{Params: params})
	tool, err := exec.LookPath("argon2")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "the argon2 command line is not installed")
	}
	for i := range n {
		password := fmt.Sprintf("correct horse %d ☃", i)
		ours := mustHash(t, hasher, password)
		for bytes.IndexByte(saltOf(t, ours), 0) >= 0 { // the tool takes its salt as an argument
			ours = mustHash(t, hasher, password)
		}
		match, err := argon2id.ComparePasswordAndHash(password, ours)
		require.NoError(t, err)
		require.True(t, match, ours)
		theirs, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		require.NoError(t, err)
		require.NoError(t, hasher.Verify(context.Background(), theirs, password))
		require.ErrorIs(t, hasher.Verify(context.Background(), theirs, password+"x"), hash.ErrMismatch)
		if tool == "" {
			continue
		}
		require.Equal(t, ours, encodedBy(t, tool, password, string(saltOf(t, ours))))
		made := encodedBy(t, tool, password, fmt.Sprintf("salt of %08d", i))
		require.NoError(t, hasher.Verify(context.Background(), made, password))
	}
}

func saltOf(t *testing.T, encoded string) []byte {
	t.Helper()
	salt, err := base64.RawStdEncoding.DecodeString(strings.Split(encoded, "$")[4])
	require.NoError(t, err)
	return salt
}

func encodedBy(t *testing.T, tool, password, salt string) string {
	t.Helper()
	call := exec.Command(tool, salt, "-id", "-v", "13", "-t", "2", "-k", "1024", "-p", "1", "-l", "32", "-e")
	call.Stdin = strings.NewReader(password)
	out, err := call.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return strings.TrimSpace(string(out))
}
