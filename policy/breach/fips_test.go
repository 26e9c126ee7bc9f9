package breach_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/policy/breach/embedded"
)

const fipsChild = "TILLKEY_TEST_FIPS_CHILD"

// TestMain lets the test below run this program again in another mode.
func TestMain(m *testing.M) {
	if os.Getenv(fipsChild) == "" {
		os.Exit(m.Run())
	}
	r, err := breach.NewRange(breach.RangeConfig{})
	ntlm, ntlmErr := breach.NewRange(breach.RangeConfig{NTLM: true})
	if err := errors.Join(err, ntlmErr); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	content := leakedHash + ":1\n"
	f, err := breach.NewFile(strings.NewReader(content), int64(len(content)))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, list := range []policy.List{r, ntlm, f, breach.Chain{Offline: f, Online: r}} {
		count, err := list.Seen(context.Background(), leaked)
		var unchecked *breach.UncheckedError
		fmt.Println(count, errors.Is(err, policy.ErrUnchecked), errors.As(err, &unchecked) && unchecked.Reason == breach.ReasonNoSHA1)
	}
	count, err := breach.Chain{Embedded: embedded.List{}}.Seen(context.Background(), leaked)
	fmt.Println(count, errors.Is(err, policy.ErrUnchecked), err)
}

// Where SHA-1 is forbidden, every source answers "unchecked" instead of
// ending the process.
func TestForbiddenSHA1IsUnchecked(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program)
	command.Env = append(os.Environ(), fipsChild+"=1", "GODEBUG=fips140=only")
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Equal(t, strings.Repeat("0 true true\n", 4)+"0 true corpus: not checked: SHA-1 and MD4 are forbidden by GODEBUG=fips140=only\n", string(out))
}
