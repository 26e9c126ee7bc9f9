package corpus_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

var _ policy.List = (*corpus.Corpus)(nil)

func requireReason(t testing.TB, err error, reason corpus.Reason) {
	t.Helper()
	var unchecked *corpus.UncheckedError
	require.ErrorAs(t, err, &unchecked)
	require.Equal(t, reason, unchecked.Reason)
	require.ErrorIs(t, err, policy.ErrUnchecked)
}

func TestNeverLooksUp(t *testing.T) {
	path, _ := build(t, source(text(rows(100, 1), "\n")), corpus.Options{})
	c := open(t, path, corpus.Map)
	_, err := c.Seen(t.Context(), "")
	requireReason(t, err, corpus.ReasonEmpty)
	_, err = c.Seen(t.Context(), strings.Repeat("x", 64<<10+1))
	requireReason(t, err, corpus.ReasonTooLong)
	_, err = c.Count(make([]byte, 16))
	requireReason(t, err, corpus.ReasonWidth)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Seen(ctx, "password")
	requireReason(t, err, corpus.ReasonCanceled)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, c.Verify(ctx), context.Canceled)

	require.NoError(t, c.Close())
	_, err = c.Seen(t.Context(), "password")
	requireReason(t, err, corpus.ReasonClosed)
	requireReason(t, c.Verify(t.Context()), corpus.ReasonClosed)
	requireReason(t, c.Reload(), corpus.ReasonClosed)
	requireReason(t, c.Close(), corpus.ReasonClosed)
	require.Zero(t, c.Info())
}

func TestOpenRefusesPath(t *testing.T) {
	var bad *corpus.FileError
	_, err := corpus.Open(filepath.Join(t.TempDir(), "none"), corpus.OpenOptions{})
	require.ErrorAs(t, err, &bad)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = corpus.Open(t.TempDir(), corpus.OpenOptions{})
	require.ErrorAs(t, err, &bad)
	path := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(path, text(rows(1000, 1), "\n"), 0o600))
	_, err = corpus.Open(path, corpus.OpenOptions{})
	require.ErrorContains(t, err, "no corpus of this format")
}

// A look-up allocates nothing, whether it is mapped or read, a hit or a miss.
func TestNoAllocation(t *testing.T) {
	if testing.CoverMode() != "" || raced {
		t.Skip("what counts coverage or finds races allocates")
	}
	all := rows(20_000, 1)
	path, _ := build(t, source(text(all, "\n")), corpus.Options{Counts: true})
	for _, access := range []corpus.Access{corpus.Map, corpus.Read} {
		c := open(t, path, access)
		i := 0
		ask := func() {
			i++
			if _, err := c.Count(all[i*37%len(all)].sum[:]); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Seen(t.Context(), "a passphrase of more than thirty-two bytes"); err != nil {
				t.Fatal(err)
			}
		}
		for range 1000 {
			ask()
		}
		require.Less(t, testing.AllocsPerRun(1000, ask), 0.5)
	}
}

// Reload takes the new file; look-ups under way never fail, and a bad new file
// leaves the old one.
func TestReload(t *testing.T) {
	first, second := rows(6_000, 1), rows(9_000, 2)
	for _, access := range []corpus.Access{corpus.Map, corpus.Read} {
		path, _ := build(t, source(text(first, "\n")), corpus.Options{RemainderBits: 40})
		c := open(t, path, access)
		require.NoError(t, c.Reload())
		done := make(chan struct{})
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				for i := 0; ; i++ {
					if i%64 == 0 {
						runtime.Gosched()
					}
					select {
					case <-done:
						return
					default:
					}
					a, err := c.Count(first[i%len(first)].sum[:])
					b, err2 := c.Count(second[i%len(second)].sum[:])
					if errors.Join(err, err2) != nil || a+b > 1 && a != b {
						t.Errorf("%d, %d, %v, %v", a, b, err, err2)
						return
					}
				}
			})
		}
		for i := range 4 {
			all := [][]row{second, first}[i%2]
			_, err := corpus.Build(t.Context(), path, source(text(all, "\n")), corpus.Options{RemainderBits: 40})
			require.NoError(t, err)
			require.NoError(t, c.Reload())
			requireMembers(t, c, all)
			runtime.GC()
		}
		require.NoError(t, os.WriteFile(path+".bad", []byte("nonsense"), 0o600))
		require.NoError(t, os.Rename(path+".bad", path))
		require.Error(t, c.Reload())
		requireMembers(t, c, first)
		require.NoError(t, os.Remove(path))
		require.ErrorIs(t, c.Reload(), os.ErrNotExist)
		requireMembers(t, c, first)
		close(done)
		group.Wait()
	}
	in, err := corpus.FromBytes(golden(t))
	require.NoError(t, err)
	require.NoError(t, in.Reload())
}

// Mapped memory is given back once nothing uses it.
func TestMemoryIsGivenBack(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	path, _ := build(t, source(text(rows(20_000, 1), "\n")), corpus.Options{})
	c, err := corpus.Open(path, corpus.OpenOptions{Preload: true})
	require.NoError(t, err)
	mapped := func() bool { return strings.Contains(string(read(t, "/proc/self/maps")), path) }
	require.True(t, mapped())
	require.NoError(t, c.Close())
	require.Eventually(t, func() bool {
		runtime.GC()
		return !mapped()
	}, 1e10, 1e6)
}

func TestParallel(t *testing.T) {
	all := rows(20_000, 1)
	path, _ := build(t, source(text(all, "\n")), corpus.Options{Counts: true, RemainderBits: 32})
	for _, access := range []corpus.Access{corpus.Map, corpus.Read} {
		c := open(t, path, access)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for _, r := range all {
					if n, err := c.Count(r.sum[:]); err != nil || n != int(r.count) {
						t.Errorf("%d, %v", n, err)
						return
					}
				}
			})
		}
		group.Go(func() {
			if err := c.Verify(context.Background()); err != nil {
				t.Error(err)
			}
		})
		group.Wait()
	}
}

// Errors of a look-up tell nothing of the password.
func TestErrorsTellNoSecret(t *testing.T) {
	all := rows(20_000, 1)
	path, _ := build(t, source(text(all, "\n")), corpus.Options{})
	b := read(t, path)
	for i := 8192; i < len(b); i += 100 {
		b[i] ^= 1
	}
	c, err := corpus.FromBytes(b)
	require.NoError(t, err)
	_, err = c.Count(all[777].sum[:])
	requireReason(t, err, corpus.ReasonDamaged)
	for _, format := range []string{"%v", "%+v", "%#v"} {
		require.NotContains(t, strings.ToLower(fmt.Sprintf(format, err)), fmt.Sprintf("%x", all[777].sum[:2]))
	}
}
