package corpus_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

var update = flag.Bool("update", false, "write the golden files again")

// goldenRows is what the golden files are made of: 300 passwords, "tea 0" to
// "tea 299", with the square of the number plus one as their counts.
func goldenRows() []row {
	var all []row
	for i := range 300 {
		all = append(all, passwordRow(fmt.Sprint("tea ", i), uint32(i*i+1)))
	}
	sortRows(all)
	return all
}

var goldenForms = map[string]corpus.Options{
	"testdata/v1-16.pwb":       {},
	"testdata/v1-16-count.pwb": {Counts: true, Stamp: time.Unix(1_700_000_000, 0)},
	"testdata/v1-40-least.pwb": {Counts: true, RemainderBits: 40, MinCount: 100},
}

func golden(t testing.TB) []byte { return read(t, "testdata/v1-16-count.pwb") }

// The bytes of the format do not change, and what was written once is read for
// ever. -update writes them again, for a new version of the format only.
func TestGolden(t *testing.T) {
	all := goldenRows()
	for name, o := range goldenForms {
		path, _ := build(t, source(text(all, "\n")), o)
		if *update {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(name, read(t, path), 0o644))
		}
		require.True(t, bytes.Equal(read(t, name), read(t, path)), name)
		c := open(t, name, corpus.Map)
		require.NoError(t, c.Verify(t.Context()))
		for i := range 300 {
			want := i*i + 1
			switch {
			case uint32(want) < o.MinCount:
				want = 0
			case !o.Counts:
				want = 1
			}
			got, err := c.Seen(t.Context(), fmt.Sprint("tea ", i))
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		got, err := c.Seen(t.Context(), "coffee")
		require.NoError(t, err)
		require.Zero(t, got)
	}
}
