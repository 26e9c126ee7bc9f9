package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// On a terminal progress is shown without being asked for, in one line.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t)
	var stdout bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: term.program, now: time.Now}
	code := p.run(t.Context(), []string{"corpus", "build", "--in", leakedText(t, nil), "--out", filepath.Join(t.TempDir(), "out")})
	require.Equal(t, exitFine, code)
	shown := term.seen()
	require.Contains(t, shown, "\rencode: ")
	require.Equal(t, 1, strings.Count(shown, "\n"), shown)
	require.NotContains(t, stdout.String(), "encode")
}
