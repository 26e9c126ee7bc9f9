package browser

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tools are the programs of other people that judge the shop.
type tools struct{ chromium, zbarimg, oathtool string }

// findTools skips the test if a program is missing, and fails where CI is set:
// there nothing may be left out in silence.
func findTools(t *testing.T) tools {
	t.Helper()
	find := func(debian string, names ...string) string {
		for _, name := range names {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		message := strings.Join(names, " or ") + " is missing: install the Debian package " + debian
		if os.Getenv("CI") == "true" {
			require.Fail(t, message)
		}
		t.Skip(message)
		return ""
	}
	return tools{
		chromium: find("chromium", "chromium", "chromium-browser", "google-chrome"),
		zbarimg:  find("zbar-tools", "zbarimg"),
		oathtool: find("oathtool", "oathtool"),
	}
}

// output runs a program with a text as its input, so that no secret is among
// its arguments.
func output(t *testing.T, input, program string, args ...string) string {
	t.Helper()
	var errors bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(input), &errors
	text, err := cmd.Output()
	require.NoError(t, err, "%s: %s", program, errors.String())
	return strings.TrimSpace(string(text))
}
