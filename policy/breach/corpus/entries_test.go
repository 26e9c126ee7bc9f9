package corpus_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// The entries are those that the corpus was built of, in their order.
func TestEntries(t *testing.T) {
	t.Parallel()
	all := rows(30_000, 12)
	for _, o := range []corpus.Options{{RemainderBits: 40, Counts: true}, {Counts: true, MinCount: 3}, {MinCount: 2}} {
		path, report := build(t, source(text(all, "\n")), o)
		c := open(t, path, corpus.Map)
		most := kept(all, report.Info)
		depth := min(uint(report.BlockBits+12+report.RemainderBits), 64)
		var before corpus.Entry
		n := 0
		for e, err := range c.Entries(t.Context()) {
			require.NoError(t, err)
			if n > 0 && bytes.Compare(before.Sum[:], e.Sum[:]) >= 0 {
				t.Fatal("out of order")
			}
			var r row
			copy(r.sum[:], e.Sum[:])
			want, ok := most[truncated(r, depth)]
			if !o.Counts {
				want = max(o.MinCount, 1)
			}
			if !ok || want != e.Count {
				t.Fatalf("%x: %d, want %d", e.Sum, e.Count, want)
			}
			before = e
			n++
		}
		require.Equal(t, len(most), n)
		for range c.Entries(t.Context()) {
			break
		}
	}
}

func TestEntriesFail(t *testing.T) {
	t.Parallel()
	path, _ := build(t, source(text(rows(30_000, 12), "\n")), corpus.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	only := func(c *corpus.Corpus) (err error) {
		for _, err = range c.Entries(ctx) {
		}
		return err
	}
	c := open(t, path, corpus.Map)
	require.ErrorIs(t, only(c), context.Canceled)
	b := read(t, path)
	b[len(b)-100] ^= 1
	require.NoError(t, os.WriteFile(path, b, 0o600))
	ctx = t.Context()
	var bad *corpus.FileError
	require.ErrorAs(t, only(open(t, path, corpus.Map)), &bad)
	require.NoError(t, c.Close())
	requireReason(t, only(c), corpus.ReasonClosed)
}
