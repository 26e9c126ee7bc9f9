package corpus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// stopAt lets an update be cancelled once it asks for a range.
func (m *mirror) stopAt(t *testing.T, path string, o corpus.Options, prefix string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	m.change = func(_ *http.Request, asked string, _ int) *http.Response {
		if asked == prefix {
			cancel()
		}
		return nil
	}
	defer func() { m.change = nil }()
	c := m.config(o)
	c.Parallel = 1
	_, err := corpus.Update(ctx, path, c)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "stopped")
}

// A stopped update goes on where it was, however much of its journal is left and
// whatever became of the rest, and its result is the same.
func TestResumedUpdate(t *testing.T) {
	t.Parallel()
	all := rows(8000, 5)
	o := corpus.Options{Counts: true}
	m := newMirror(2, text(all, "\n"))
	path := filepath.Join(t.TempDir(), "corpus")
	m.update(t, path, m.config(o), text(all, "\n"))
	before, state := read(t, path), read(t, path+".sync")

	r := rand.New(rand.NewPCG(1, 2))
	all = changed(all, 2, 3, grown(r, 1, 2))
	lines := text(all, "\n")
	m.serve(lines)
	m.stopAt(t, path, o, "A0")
	require.Equal(t, before, read(t, path))
	require.Equal(t, []string{"corpus", "corpus.sync", "corpus.updating"}, folderOf(t, path))
	journal := read(t, path+".updating")
	m.forget()
	report := m.update(t, path, m.config(o), lines)
	require.Equal(t, 256-report.Resumed, m.requests())
	require.Greater(t, report.Resumed, 0x80)

	for i := range 40 {
		broken := bytes.Clone(journal)
		if i%2 == 0 {
			broken = broken[:r.IntN(len(broken))]
		} else {
			broken[r.IntN(len(broken))] ^= 1 << r.IntN(8)
		}
		for name, b := range map[string][]byte{"": before, ".sync": state, ".updating": broken} {
			require.NoError(t, os.WriteFile(path+name, b, 0o600))
		}
		m.forget()
		report, err := corpus.Update(t.Context(), path, m.config(o))
		var bad *corpus.FileError
		if errors.As(err, &bad) {
			t.Fatal(i, err) // a damaged head is no head
		}
		require.NoError(t, err)
		require.Equal(t, 256-report.Resumed, m.requests())
		requireUpdated(t, path, o, lines)
	}
}

// A second round is resumed as the first is.
func TestResumedSecondRound(t *testing.T) {
	t.Parallel()
	all := rows(8000, 5)
	m := newMirror(2, text(all, "\n"))
	path := filepath.Join(t.TempDir(), "corpus")
	m.update(t, path, m.config(corpus.Options{}), text(all, "\n"))
	all = changed(all, 2, 2, grown(rand.New(rand.NewPCG(1, 2)), 4, 2))
	lines := text(all, "\n")
	m.serve(lines)
	ctx, cancel := context.WithCancel(t.Context())
	m.change = func(_ *http.Request, prefix string, n int) *http.Response {
		if prefix == "81" && n == 2 {
			cancel()
		}
		return nil
	}
	c := m.config(corpus.Options{})
	c.Parallel = 1
	_, err := corpus.Update(ctx, path, c)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, m.asked["7F"])
	m.change = nil
	m.forget()
	report := m.update(t, path, m.config(corpus.Options{}), lines)
	require.Equal(t, 256, report.Resumed)
	require.Less(t, m.requests(), 128, "of half of the ranges")
	require.GreaterOrEqual(t, m.requests(), 60)
}

// The journal of an update with other options or another server is neither used
// nor thrown away.
func TestJournalOfAnother(t *testing.T) {
	t.Parallel()
	lines := text(rows(4000, 5), "\n")
	m := newMirror(2, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	m.stopAt(t, path, corpus.Options{Counts: true}, "A0")
	journal := read(t, path+".updating")
	m.forget()
	other := m.config(corpus.Options{Counts: true})
	other.BaseURL = "https://mirror.example/else"
	for _, c := range []corpus.UpdateConfig{m.config(corpus.Options{}), m.config(corpus.Options{Counts: true, RemainderBits: 24}), other} {
		_, err := corpus.Update(t.Context(), path, c)
		var bad *corpus.FileError
		require.ErrorAs(t, err, &bad)
		require.Contains(t, bad.Problem, "other options or another server")
		require.Equal(t, journal, read(t, path+".updating"))
	}
	require.Zero(t, m.requests())
	m.update(t, path, m.config(corpus.Options{Counts: true}), lines)

	// What was got for a corpus that is gone is of no use.
	m.serve(text(rows(12_000, 6), "\n"))
	m.stopAt(t, path, corpus.Options{Counts: true}, "A0")
	_, err := corpus.Build(t.Context(), path, source(lines), corpus.Options{Counts: true})
	require.NoError(t, err)
	m.serve(lines)
	report := m.update(t, path, m.config(corpus.Options{Counts: true}), lines)
	require.Zero(t, report.Resumed)
	require.Equal(t, 256, report.Changed)
}

// An update that is killed after its last answer loses none, whether its file
// had come to its place or not.
func TestKilledAtTheEnd(t *testing.T) {
	t.Parallel()
	first, second := text(rows(4000, 5), "\n"), text(rows(16_000, 6), "\n")
	m := newMirror(2, first)
	path := filepath.Join(t.TempDir(), "corpus")
	o := corpus.Options{Counts: true}
	m.update(t, path, m.config(o), first)
	before, state := read(t, path), read(t, path+".sync")
	m.serve(second)
	var unsynced []byte
	c := m.config(o)
	c.Options.Progress = func(p corpus.Progress) {
		if p.Stage == corpus.StageSync {
			unsynced = read(t, path+".updating")
		}
	}
	// Nothing can be written where the ETags should go.
	require.NoError(t, os.Mkdir(path+".sync.building", 0o700))
	_, err := corpus.Update(t.Context(), path, c)
	require.ErrorContains(t, err, "corpus.sync\" cannot be written")
	require.NoError(t, os.Remove(path+".sync.building"))
	journal, after := read(t, path+".updating"), read(t, path)
	require.NotEqual(t, before, after)
	// The end is noted once the corpus is on the disk, not before.
	require.Len(t, journal, len(unsynced)+28+32+4)
	restore := func(corpus []byte) {
		for name, b := range map[string][]byte{"": corpus, ".sync": state, ".updating": journal} {
			require.NoError(t, os.WriteFile(path+name, b, 0o600))
		}
		m.forget()
	}
	restore(before)
	report := m.update(t, path, m.config(o), second)
	require.Zero(t, m.requests())
	require.Equal(t, 256, report.Resumed)
	// The ETags are those of the corpus, however long ago that was.
	for _, age := range []time.Duration{0, 400 * 24 * time.Hour} {
		restore(after)
		m.update(t, path, corpus.WithNow(m.config(o), mirrorNow.Add(age)), second)
		require.Equal(t, 256, m.requests())
		require.Zero(t, m.whole.Load())
	}
}

// childUpdate updates for ever and says how far it is.
func childUpdate(path string) error {
	for i := 0; ; i++ {
		m := newMirror(2, text(generation(i), "\n"))
		c := m.config(corpus.Options{RemainderBits: 24, Progress: func(p corpus.Progress) { fmt.Println(p.Stage) }})
		if _, err := corpus.Update(context.Background(), path, c); err != nil {
			return err
		}
	}
}

// An update that is killed at any moment leaves a whole file, the one before or
// the one after, and the next ends what it began.
func TestKilledUpdate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("kills otherwise")
	}
	o := corpus.Options{RemainderBits: 24}
	path := filepath.Join(t.TempDir(), "corpus")
	_, err := corpus.Build(t.Context(), path, source(text(generation(0), "\n")), o)
	require.NoError(t, err)
	for i := range 12 {
		command, out, _ := startChild(t, "update", path)
		for range 1 + i*3 {
			_, err := out.ReadString('\n')
			require.NoError(t, err)
		}
		require.NoError(t, command.Process.Kill())
		require.Error(t, command.Wait())
		c := open(t, path, corpus.Map)
		require.NoError(t, c.Verify(t.Context()))
	}
	last := text(generation(1), "\n")
	m := newMirror(2, last)
	_, err = corpus.Update(t.Context(), path, m.config(o))
	require.NoError(t, err)
	// What a killed one had got of the other generation is renewed.
	m.update(t, path, m.config(o), last)
}
