package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/internal/common"
	"github.com/tillkey/tillkey/policy/internal/fold"
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
	directory := t.TempDir()
	write(t, directory, "one.freq.tsv.gz", "9\tlongenough\n4\twalrus\n3\tzebra\n2\tcat\n1\t\xffinvalidtext\n1\twith\ttabulator\n")
	write(t, directory, "two.rank.txt.gz", "LongEnough\nwalrus\ncat\n\nключница\n")
	write(t, directory, "three.ref.tsv.gz", "1\t1\tnotreadatall\n")
	words, out := filepath.Join(directory, "words.txt"), filepath.Join(directory, "out.bin")
	require.NoError(t, os.WriteFile(words, []byte("# not this\n\nmoss\n"), 0o600))
	require.NoError(t, run(directory, words, out))

	file, err := os.ReadFile(out)
	require.NoError(t, err)
	set := common.Set(file)
	require.NoError(t, set.Valid())
	for text, want := range map[string]bool{
		"longenough":      true, // also written with capitals, and there once
		"walrus":          true, // short, but in two lists
		"ключница":        true,
		"moss":            true,
		"with\ttabulator": true,
		"zebra":           false, // short, and in one list only
		"cat":             false, // three code points
		"notreadatall":    false,
		"# not this":      false,
		"":                false,
	} {
		require.Equal(t, want, set.Has(fold.Skeleton(fold.Lower(text))), "%q", text)
	}
	require.Equal(t, 5, set.Len())

	again := filepath.Join(directory, "again.bin")
	require.NoError(t, run(directory, words, again))
	second, err := os.ReadFile(again)
	require.NoError(t, err)
	require.Equal(t, file, second)

	require.Error(t, run(t.TempDir(), words, out), "a directory without lists")
	require.Error(t, run(directory, filepath.Join(directory, "none.txt"), out))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "bad.freq.tsv.gz"), []byte("no gzip"), 0o600))
	require.ErrorContains(t, run(directory, words, out), "bad.freq.tsv.gz")
}

// TestShippedFile makes the shipped file anew from the lists that NOTICE.md
// names, and asks for every password of them. The lists do not ship: set
// PASSWORD_LISTS to their directory.
func TestShippedFile(t *testing.T) {
	directory := os.Getenv("PASSWORD_LISTS")
	if directory == "" {
		t.Skip("PASSWORD_LISTS is not set")
	}
	out := filepath.Join(t.TempDir(), "common.bin")
	require.NoError(t, run(directory, "../words.txt", out))
	made, err := os.ReadFile(out)
	require.NoError(t, err)
	require.True(t, string(made) == string(common.Embedded()), "the file is not the shipped one")

	var lists tally
	require.NoError(t, lists.addDirectory(directory))
	long, longest := 0, 0
	for password := range lists.keep {
		if utf8.RuneCountInString(password) < enough {
			continue
		}
		long++
		longest = max(longest, len(fold.Lower(password)))
		count, err := policy.Common().Seen(t.Context(), password)
		require.NoError(t, err)
		if count == 0 && len(strings.TrimSpace(password)) > 0 {
			t.Errorf("a listed password of %d bytes is not found", len(password))
		}
	}
	require.Greater(t, long, 100000)
	require.LessOrEqual(t, longest, 128, "policy looks up no more than 128 code points")
}
