package corpus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// requireRefused builds and requires a FileError; the file before is untouched
// and nothing else is left.
func requireRefused(t *testing.T, s corpus.Source, o corpus.Options) *corpus.FileError {
	t.Helper()
	path := filepath.Join(t.TempDir(), "corpus")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	_, err := corpus.Build(context.Background(), path, s, o)
	var bad *corpus.FileError
	require.ErrorAs(t, err, &bad)
	require.Equal(t, "old", string(read(t, path)))
	requireAlone(t, path)
	return bad
}

// Every mistake in a text is named with its line and its reason, wherever in a
// text of any size it is.
func TestBadText(t *testing.T) {
	const hash = "21BD12DC183F740EE76F27B78EB39C8AD972A757"
	for name, c := range map[string]struct {
		change func(line string) string // of the line in the middle
		reason string
	}{
		"not hexadecimal":  {func(l string) string { return "G" + l[1:] }, "does not begin with a hash"},
		"too long":         {func(l string) string { return "0" + l }, "hash of 41 characters"},
		"too short":        {func(l string) string { return l[:39] + l[40:] }, "hash of 39 characters"},
		"NTLM":             {func(l string) string { return l[:32] + l[40:] }, "hash of 32 characters, as NTLM"},
		"no count":         {func(l string) string { return l[:40] }, "has no count"},
		"empty count":      {func(l string) string { return l[:41] }, "not a number"},
		"zero":             {func(l string) string { return l[:41] + "0" }, "count zero"},
		"leading zero":     {func(l string) string { return l[:41] + "07" }, "not a number"},
		"negative":         {func(l string) string { return l[:41] + "-7" }, "not a number"},
		"too large":        {func(l string) string { return l[:41] + "4294967296" }, "not a number"},
		"far too large":    {func(l string) string { return l[:41] + strings.Repeat("9", 100) }, "not a number"},
		"space":            {func(l string) string { return l + " " }, "not a number"},
		"lone CR":          {func(l string) string { return l + "\r\r" }, "not a number"},
		"empty line":       {func(string) string { return "" }, "is empty"},
		"unsorted":         {func(l string) string { return strings.Repeat("0", 40) + l[40:] }, "out of order"},
		"twice":            {func(string) string { return hash + ":7" }, ""},
		"words":            {func(string) string { return "correct horse" }, "does not begin with a hash"},
		"another colon":    {func(l string) string { return l[:41] + "1:1" }, "not a number"},
		"byte above ASCII": {func(l string) string { return l[:20] + "\xb5" + l[21:] }, "does not begin with a hash"},
	} {
		for _, n := range []int{3, 200, 20_000} {
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) {
				lines := strings.Split(strings.TrimSuffix(string(text(rows(n, 4), "\n")), "\n"), "\n")
				at := n / 2
				if name == "twice" {
					lines[at] = lines[at-1]
					c.change = func(l string) string { return l }
					c.reason = "repeats the hash"
				}
				lines[at] = c.change(lines[at])
				bad := requireRefused(t, source([]byte(strings.Join(lines, "\n")+"\n")), corpus.Options{Workers: 2})
				require.EqualValues(t, at+1, bad.Line, "%v", bad)
				require.Contains(t, bad.Problem, c.reason)
				require.NotEmpty(t, bad.Remedy)
				require.NotContains(t, bad.Error(), "21BD")
			})
		}
	}
}

func TestCutText(t *testing.T) {
	lines := text(rows(20_000, 4), "\r\n")
	for _, cut := range []int{1, 2, 3, 10, 40} {
		bad := requireRefused(t, source(lines[:len(lines)-cut]), corpus.Options{})
		require.EqualValues(t, 20_000, bad.Line)
		require.Contains(t, bad.Problem, "cut")
	}
	require.Contains(t, requireRefused(t, source(nil), corpus.Options{}).Problem, "holds no line")
}

// A text without a range of hashes is refused, at either end and within.
func TestMissingRange(t *testing.T) {
	all := rows(50_000, 4)
	for name, c := range map[string]struct {
		kept []row
		line int64
	}{
		"begin":  {all[1000:], 1},
		"middle": {append(append([]row(nil), all[:20_000]...), all[20_100:]...), 20_001},
		"end":    {all[:49_000], 49_000},
	} {
		t.Run(name, func(t *testing.T) {
			bad := requireRefused(t, source(text(c.kept, "\n")), corpus.Options{})
			require.Contains(t, bad.Problem, "missing")
			require.Equal(t, c.line, bad.Line)
		})
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "corpus")
	for field, o := range map[string]corpus.Options{
		"Kind": {Kind: 3}, "RemainderBits": {RemainderBits: 12}, "Workers": {Workers: 65},
	} {
		_, err := corpus.Build(t.Context(), path, source(text(rows(10, 1), "\n")), o)
		require.ErrorContains(t, err, field)
	}
	require.NoFileExists(t, path)
	_, err := corpus.Build(t.Context(), filepath.Join(t.TempDir(), "none", "corpus"), source(nil), corpus.Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = corpus.Build(t.Context(), path, corpus.Merge(), corpus.Options{})
	require.ErrorContains(t, err, "Merge")
}

// A build whose context ends leaves everything as it was.
func TestCanceledBuild(t *testing.T) {
	lines := text(rows(200_000, 4), "\n")
	path := filepath.Join(t.TempDir(), "corpus")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	told := 0
	_, err := corpus.Build(ctx, path, source(lines), corpus.Options{Progress: func(corpus.Progress) {
		if told++; told == 3 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "old", string(read(t, path)))
	requireAlone(t, path)
}

func TestProgress(t *testing.T) {
	lines := text(rows(200_000, 4), "\n")
	var seen []corpus.Progress
	_, report := build(t, source(lines), corpus.Options{Workers: 2, Progress: func(p corpus.Progress) { seen = append(seen, p) }})
	require.Greater(t, len(seen), 5)
	for i, p := range seen[1:] {
		require.GreaterOrEqual(t, p.Done, seen[i].Done*btoi(p.Stage == seen[i].Stage))
		require.LessOrEqual(t, p.Done, p.Total)
	}
	last := seen[len(seen)-1]
	require.Equal(t, corpus.Progress{Stage: corpus.StageSync, Done: report.Bytes, Total: report.Bytes, Keys: report.Keys}, last)
	encoded := seen[len(seen)-2]
	require.Equal(t, corpus.Progress{Stage: corpus.StageEncode, Done: int64(len(lines)), Total: int64(len(lines)), Keys: report.Keys}, encoded)
}

func btoi(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// failing gives an error from some offset on.
type failing struct {
	*bytes.Reader
	from int64
}

var errDisk = errors.New("the disk is broken")

func (f failing) ReadAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) > f.from {
		return 0, errDisk
	}
	return f.Reader.ReadAt(b, at)
}

func TestUnreadableText(t *testing.T) {
	lines := text(rows(100_000, 4), "\n")
	for _, from := range []int64{0, 1_000_000, int64(len(lines)) - 10} {
		bad := requireRefused(t, corpus.TextReader(failing{bytes.NewReader(lines), from}, int64(len(lines))), corpus.Options{})
		require.ErrorIs(t, bad, errDisk)
	}
}
