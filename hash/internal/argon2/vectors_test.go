package argon2_test

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash/internal/argon2"
)

// The vectors of RFC 9106, sections 5.1 to 5.3.
func TestRFC9106(t *testing.T) {
	t.Parallel()
	in := argon2.Input{
		Password: bytes.Repeat([]byte{1}, 32),
		Salt:     bytes.Repeat([]byte{2}, 16),
		Secret:   bytes.Repeat([]byte{3}, 8),
		Data:     bytes.Repeat([]byte{4}, 12),
	}
	for variant, want := range map[argon2.Variant]string{
		argon2.D:  "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb",
		argon2.I:  "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8",
		argon2.ID: "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
	} {
		for name, engine := range argon2.Kernels() {
			key, err := engine.Key(argon2.Params{
				Variant: variant, Version: argon2.Version13, Time: 3, Memory: 32, Lanes: 4, KeyLength: 32,
			}, in)
			require.NoError(t, err)
			require.Equal(t, want, hex.EncodeToString(key), "%s, variant %d", name, variant)
		}
	}
}

//go:embed testdata/libargon2.txt
var libargon2 string

// Keys of the reference software, with secrets, associated data, both versions
// and all variants. testdata/vectors.c made them.
func TestLibargon2(t *testing.T) {
	t.Parallel()
	engines, seen := argon2.Kernels(), map[string]bool{}
	for line := range strings.Lines(libargon2) {
		var p argon2.Params
		var fields [5]string
		n, err := fmt.Sscan(line, &p.Variant, &p.Version, &p.Time, &p.Memory, &p.Lanes, &fields[0], &fields[1], &fields[2], &fields[3], &fields[4])
		require.NoError(t, err)
		require.Equal(t, 10, n)
		var parts [5][]byte
		for i, field := range fields {
			parts[i], err = hex.DecodeString(strings.TrimPrefix(field, "-"))
			require.NoError(t, err)
		}
		p.KeyLength = uint32(len(parts[4]))
		for name, engine := range engines {
			key, err := engine.Key(p, argon2.Input{Password: parts[0], Salt: parts[1], Secret: parts[2], Data: parts[3]})
			require.NoError(t, err)
			require.Equal(t, fields[4], hex.EncodeToString(key), "%s %s", name, line)
		}
		seen[fmt.Sprint(p.Variant, p.Version)] = true
	}
	require.Len(t, seen, 6, "three variants and two versions")
}
