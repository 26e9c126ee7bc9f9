package kettle

import (
	"context"
	"crypto/sha1"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// A corpus file answers as its text does, and a newer one takes its place while
// the shop is open.
func TestCorpusFile(t *testing.T) {
	folder := t.TempDir()
	text, file := filepath.Join(folder, "leaked.txt"), filepath.Join(folder, "leaked.pwb")
	leak := func(password string, count int) {
		t.Helper()
		line := fmt.Sprintf("%X:%d\n", sha1.Sum([]byte(password)), count)
		require.NoError(t, os.WriteFile(text, []byte(line), 0o600))
		_, err := corpus.Build(t.Context(), file, corpus.TextFile(text), corpus.Options{Counts: true})
		require.NoError(t, err)
	}
	leak("plum kettle orbit", 7)
	var open []corpusFile
	for _, path := range []string{text, file} {
		c, err := openCorpus(path)
		require.NoError(t, err)
		n, err := c.Seen(t.Context(), "plum kettle orbit")
		require.NoError(t, err)
		require.Equal(t, 7, n)
		open = append(open, c)
	}
	require.NoError(t, open[0].Close())

	var log strings.Builder
	s := &Shop{corpus: open[1], log: slog.New(slog.NewTextHandler(&log, nil))}
	leak("fjord", 3)
	seen := func() int {
		n, err := s.corpus.Seen(t.Context(), "fjord")
		require.NoError(t, err)
		return n
	}
	require.Zero(t, seen())
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		go s.renewCorpus(ctx)
		time.Sleep(renewEvery + time.Second)
		require.Equal(t, 3, seen())
		require.Empty(t, log.String())
		// A file that is not whole is told of, and the old one stays.
		require.NoError(t, os.Truncate(text, 20))
		require.NoError(t, os.Rename(text, file))
		time.Sleep(renewEvery)
		synctest.Wait()
		require.Equal(t, 3, seen())
		require.Contains(t, log.String(), "is no corpus of this format")
		stop()
		synctest.Wait()
	})
	require.NoError(t, s.corpus.Close())
	_, err := openCorpus(file)
	require.Error(t, err)
}
