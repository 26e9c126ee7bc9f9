package argon2_test

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash/internal/argon2"
)

// TestTool compares keys with those of the argon2 command line (Debian's package
// argon2), where it is installed. What it printed elsewhere is in testdata.
func TestTool(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("argon2")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "the argon2 command line is not installed")
		t.Skip("the argon2 command line is not installed")
	}
	engines := argon2.Kernels()
	for i := range 36 {
		p := argon2.Params{
			Variant:   argon2.Variant(i % 3),
			Version:   []argon2.Version{argon2.Version10, argon2.Version13}[i/3%2],
			Time:      1 + uint32(i%5),
			Lanes:     1 + uint32(i*i%7),
			KeyLength: 4 + uint32(i*i),
		}
		p.Memory = 8*p.Lanes + uint32(i*41)
		password, salt := strings.Repeat("p", 1+i), fmt.Sprintf("salt%04d%s", i, strings.Repeat("s", i))
		call := exec.Command(tool, salt, []string{"-d", "-i", "-id"}[p.Variant], "-v", []string{"10", "13"}[i/3%2], "-r",
			"-t", fmt.Sprint(p.Time), "-k", fmt.Sprint(p.Memory), "-p", fmt.Sprint(p.Lanes), "-l", fmt.Sprint(min(p.KeyLength, 512)))
		p.KeyLength = min(p.KeyLength, 512)
		call.Stdin = strings.NewReader(password)
		out, err := call.CombinedOutput()
		require.NoError(t, err, "%s", out)
		for name, engine := range engines {
			key, err := engine.Key(p, argon2.Input{Password: []byte(password), Salt: []byte(salt)})
			require.NoError(t, err)
			require.Equal(t, strings.TrimSpace(string(out)), hex.EncodeToString(key), "%s %+v", name, p)
		}
	}
}
