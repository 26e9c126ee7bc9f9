package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
	"github.com/tillkey/tillkey/policy/breach/embedded"
)

func write(t *testing.T, directory, name, text string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, os.WriteFile(filepath.Join(directory, name), b.Bytes(), 0o600))
}

func TestRun(t *testing.T) {
	directory, out := t.TempDir(), filepath.Join(t.TempDir(), "out.pwb")
	write(t, directory, "one.freq.tsv.gz", "9\twalrus\n4\tZebra\n1\t\xffbytes and more\n1\twith\ttabulator\n1\tonce\n1\tonce\n1\ttwice\n2\t\n")
	write(t, directory, "two.freq.tsv.gz", "3\twalrus\n7\tzebra\n1\ttwice\n")
	write(t, directory, "three.rank.txt.gz", "walrus\n\nключ\n")
	write(t, directory, "four.ref.tsv.gz", "1\t1\tnotreadatall\n")
	report, err := run(out, directory)
	require.NoError(t, err)
	require.EqualValues(t, 7, report.Keys)
	c, err := corpus.Open(out, corpus.OpenOptions{})
	require.NoError(t, err)
	defer c.Close()
	for password, want := range map[string]int{
		"walrus": 9, "Zebra": 4, "zebra": 7, "\xffbytes and more": 1, "with\ttabulator": 1, "twice": 1,
		"ключ":         1, // short and once, but the head of a list
		"once":         0, // seen once, whatever the lines
		"notreadatall": 0, "Walrus": 0,
	} {
		count, err := c.Seen(t.Context(), password)
		require.NoError(t, err)
		require.Equal(t, want, count, "%q", password)
	}

	first, err := os.ReadFile(out)
	require.NoError(t, err)
	_, err = run(out, directory)
	require.NoError(t, err)
	second, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, first, second)

	_, err = run(out, t.TempDir())
	require.ErrorContains(t, err, "no passwords")
	for name, text := range map[string]string{"none": "walrus\n", "zero": "0\twalrus\n", "large": "4294967296\twalrus\n", "long": "1\t" + strings.Repeat("x", 1<<17)} {
		bad := t.TempDir()
		write(t, bad, name+".freq.tsv.gz", text)
		_, err := run(out, bad)
		require.ErrorContains(t, err, name+".freq.tsv.gz")
	}
	require.NoError(t, os.WriteFile(filepath.Join(directory, "bad.rank.txt.gz"), []byte("no gzip"), 0o600))
	_, err = run(out, directory)
	require.ErrorContains(t, err, "bad.rank.txt.gz")
}

// TestShippedFile makes the shipped file anew from the lists that NOTICE.md
// names, and asks for every password of them. The lists do not ship: set
// PASSWORD_LISTS to their directory.
func TestShippedFile(t *testing.T) {
	directory := os.Getenv("PASSWORD_LISTS")
	if directory == "" {
		t.Skip("PASSWORD_LISTS is not set")
	}
	out := filepath.Join(t.TempDir(), "embedded.pwb")
	_, err := run(out, directory)
	require.NoError(t, err)
	made, err := os.ReadFile(out)
	require.NoError(t, err)
	shipped, err := os.ReadFile("../embedded.pwb")
	require.NoError(t, err)
	require.True(t, bytes.Equal(shipped, made), "the file is not the shipped one")

	counts, err := readLists(directory)
	require.NoError(t, err)
	require.Len(t, counts, 277_294)
	for password, want := range counts {
		count, err := embedded.List{}.Seen(t.Context(), password)
		require.NoError(t, err)
		if count != int(want) {
			t.Errorf("a password of %d bytes is found %d times, not %d", len(password), count, want)
		}
	}
}
