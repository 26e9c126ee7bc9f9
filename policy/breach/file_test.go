package breach_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
)

func newFile(t testing.TB, content []byte) *breach.File {
	t.Helper()
	f, err := breach.NewFile(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	return f
}

func TestFileFindsEveryMember(t *testing.T) {
	for _, n := range []int{1, 2, 3, 85, 90, 95, 200, 20_000} {
		counts := members(n)
		upper := corpus(counts, "\n")
		forms := map[string][]byte{
			"LF":                  upper,
			"CRLF":                corpus(counts, "\r\n"),
			"no last line end":    bytes.TrimSuffix(upper, []byte("\n")),
			"no last CRLF":        bytes.TrimSuffix(corpus(counts, "\r\n"), []byte("\r\n")),
			"lower case":          bytes.ToLower(upper),
			"mixed ends and case": mixed(upper),
		}
		for name, content := range forms {
			t.Run(fmt.Sprint(n, " ", name), func(t *testing.T) {
				f := newFile(t, content)
				require.NoError(t, f.Verify(t.Context()))
				asked := 0
				for password, want := range counts {
					if asked++; n > 1000 && name != "LF" && asked > n/10 {
						break // one form of the large file has all asked, the others a tenth
					}
					if got, err := f.Seen(t.Context(), password); err != nil || got != want {
						t.Fatalf("Seen(%q) = %d, %v, want %d", password, got, err, want)
					}
				}
				for i := range 1000 {
					if got, err := f.Seen(t.Context(), fmt.Sprint("stranger ", i)); err != nil || got != 0 {
						t.Fatalf("stranger %d: %d, %v", i, got, err)
					}
				}
			})
		}
	}
}

// mixed makes every second line lower case with CRLF.
func mixed(content []byte) []byte {
	var b bytes.Buffer
	for i, line := range strings.SplitAfter(string(content), "\n") {
		if i%2 == 0 {
			line = strings.ToLower(strings.Replace(line, "\n", "\r\n", 1))
		}
		b.WriteString(line)
	}
	return b.Bytes()
}

func TestFileVectors(t *testing.T) {
	// The two lines are in order, since 2 comes before 5.
	f := newFile(t, []byte(leakedHash+":83129\r\n"+leaked2Hash+":4294967295\r\n"))
	for password, want := range map[string]int{leaked: 83129, leaked2: 4294967295, "another": 0} {
		got, err := f.Seen(t.Context(), password)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestFileCountZeroIsPadding(t *testing.T) {
	f := newFile(t, []byte(leakedHash+":0\n"+leaked2Hash+":2\n"))
	got, err := f.Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Zero(t, got)
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pwned.txt")
	require.NoError(t, os.WriteFile(path, corpus(members(1000), "\r\n"), 0o600))
	f, err := breach.Open(path)
	require.NoError(t, err)
	got, err := f.Seen(t.Context(), "member 77")
	require.NoError(t, err)
	assert.Equal(t, members(78)["member 77"], got)
	require.NoError(t, f.Verify(t.Context()))

	require.NoError(t, f.Close())
	for _, password := range []string{"member 77", "stranger"} {
		got, err = f.Seen(t.Context(), password)
		requireUnchecked(t, password, got, err, breach.ReasonRead)
		require.ErrorIs(t, err, os.ErrClosed)
	}
	require.ErrorIs(t, f.Verify(t.Context()), os.ErrClosed)
	require.ErrorIs(t, f.Close(), os.ErrClosed)
}

func TestOpenRefusesPath(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.txt")
	_, err := breach.Open(missing)
	var bad *breach.FileError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, missing, bad.Name)
	require.ErrorIs(t, err, os.ErrNotExist)

	_, err = breach.Open(t.TempDir())
	require.ErrorAs(t, err, &bad)
	assert.NotEmpty(t, bad.Remedy)
}

func TestFileNeverLooksUp(t *testing.T) {
	f := newFile(t, corpus(members(100), "\n"))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	count, err := f.Seen(t.Context(), "")
	requireUnchecked(t, "", count, err, breach.ReasonEmpty)
	for i := range 20 {
		password := fmt.Sprint("member ", i)
		count, err = f.Seen(canceled, password)
		requireUnchecked(t, password, count, err, breach.ReasonCanceled)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// changing is a reader whose content changes after Open.
type changing struct {
	mu      sync.Mutex
	content []byte
	reads   atomic.Int64
}

func (c *changing) ReadAt(b []byte, at int64) (int, error) {
	c.reads.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.NewReader(c.content).ReadAt(b, at)
}

func (c *changing) set(content []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.content = content
}

// A byte that no line can hold never turns a member into "not leaked",
// wherever in its line it is.
func TestFileDamagedLineIsUnchecked(t *testing.T) {
	counts := members(400)
	good := corpus(counts, "\r\n")
	for password, want := range counts {
		begin := bytes.Index(good, []byte(hashOf(password)))
		end := begin + bytes.IndexByte(good[begin:], '\n')
		reader := &changing{content: good}
		f, err := breach.NewFile(reader, int64(len(good)))
		require.NoError(t, err)
		for at := begin; at <= end; at++ {
			damaged := bytes.Clone(good)
			damaged[at] = 'x'
			reader.set(damaged)
			count, err := f.Seen(t.Context(), password)
			requireUnchecked(t, password, count, err, breach.ReasonMalformed)
		}
		reader.set(good)
		count, err := f.Seen(t.Context(), password)
		require.NoError(t, err)
		require.Equal(t, want, count)
	}
}

// A file cut after it was opened gives right answers or none.
func TestFileCutAfterOpen(t *testing.T) {
	counts := members(400)
	good := corpus(counts, "\n")
	reader := &changing{content: good}
	f, err := breach.NewFile(reader, int64(len(good)))
	require.NoError(t, err)
	for size := 0; size < len(good); size += 997 {
		reader.set(good[:size])
		failed := 0
		for password, want := range counts {
			got, err := f.Seen(t.Context(), password)
			if err != nil {
				requireUnchecked(t, password, got, err, breach.ReasonCut)
				failed++
				continue
			}
			require.Equal(t, want, got)
		}
		require.NotZero(t, failed)
	}
	require.ErrorIs(t, f.Verify(t.Context()), policy.ErrUnchecked)
}

// A file overwritten in place by another corpus of the same size never
// answers from a mixture of the two without notice at its ends.
func TestFileOverwrittenInPlace(t *testing.T) {
	reader := &changing{content: corpus(members(50), "\n")}
	f, err := breach.NewFile(reader, int64(len(reader.content)))
	require.NoError(t, err)
	other := make(map[string]int)
	for password, count := range members(50) {
		other[password+" of another file"] = count
	}
	reader.set(corpus(other, "\n"))
	for password := range members(50) {
		count, err := f.Seen(t.Context(), password)
		requireUnchecked(t, password, count, err, breach.ReasonUnsorted)
	}
}

func TestFileUnsortedAtLookUp(t *testing.T) {
	good := corpus(members(50), "\n")
	lines := bytes.SplitAfter(good, []byte("\n"))
	lines[20], lines[21] = lines[21], lines[20]
	reader := &changing{content: good}
	f, err := breach.NewFile(reader, int64(len(good)))
	require.NoError(t, err)
	reader.set(bytes.Join(lines, nil))
	count, err := f.Seen(t.Context(), "member 7")
	requireUnchecked(t, "member 7", count, err, breach.ReasonUnsorted)
}

type failing struct{ io.ReaderAt }

func (failing) ReadAt([]byte, int64) (int, error) {
	return 0, fmt.Errorf("disk: sector at offset of 21BD12DC183F740E")
}

// What a reader says may tell a place in the file, so it is not repeated.
func TestFileReadErrorTellsNoPlace(t *testing.T) {
	good := corpus(members(50), "\n")
	reader := &struct{ io.ReaderAt }{bytes.NewReader(good)}
	f, err := breach.NewFile(reader, int64(len(good)))
	require.NoError(t, err)
	reader.ReaderAt = failing{}
	count, err := f.Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonRead)
}

// In a corpus a thousand times larger than a block, a look-up reads a handful
// of blocks.
func TestFileReadsFewBlocks(t *testing.T) {
	counts := members(100_000)
	content := corpus(counts, "\n")
	reader := &changing{content: content}
	f, err := breach.NewFile(reader, int64(len(content)))
	require.NoError(t, err)
	total, most := int64(0), int64(0)
	for i := range 2000 {
		before := reader.reads.Load()
		_, err := f.Seen(t.Context(), fmt.Sprint("member ", i*99))
		require.NoError(t, err)
		reads := reader.reads.Load() - before
		total, most = total+reads, max(most, reads)
	}
	t.Logf("reads: mean %.2f, most %d", float64(total)/2000, most)
	assert.LessOrEqual(t, most, int64(8))
	assert.Less(t, total, int64(2000*4))
}

func TestFileParallel(t *testing.T) {
	counts := members(5000)
	f := newFile(t, corpus(counts, "\n"))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for password, want := range counts {
				got, err := f.Seen(t.Context(), password)
				if !assert.NoError(t, err) || !assert.Equal(t, want, got) {
					return
				}
			}
		})
	}
	group.Go(func() { assert.NoError(t, f.Verify(t.Context())) })
	group.Wait()
}
