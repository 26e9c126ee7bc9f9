package corpus_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// The bytes of the files beside a corpus do not change, so that an update that
// one version began or ended is gone on with by a later one. The golden files
// have 16 ranges: the ETags after a download of 300 rows, and the
// answers of one that stopped at range 9 after the counts of ranges 2 and 5 had
// grown. -update writes them again, for a new version only.
func TestUpdateGolden(t *testing.T) {
	t.Parallel()
	all := goldenRows()
	o := corpus.Options{Counts: true, MinCount: 2}
	m := newMirror(1, text(all, "\n"))
	path := filepath.Join(t.TempDir(), "corpus")
	m.update(t, path, m.config(o), text(all, "\n"))
	state := read(t, path+".sync")
	for i, r := range all {
		if p := r.sum[0] >> 4; p == 2 || p == 5 {
			all[i].count += 1000
		}
	}
	lines := text(all, "\n")
	m.serve(lines)
	c := m.config(o)
	c.Parallel = 1
	m.change = func(_ *http.Request, prefix string, _ int) *http.Response {
		if prefix == "9" {
			return answer(http.StatusForbidden, "", nil)
		}
		return nil
	}
	before := read(t, path)
	_, err := corpus.Update(t.Context(), path, c)
	require.Error(t, err)
	journal := read(t, path+".updating")
	for name, b := range map[string][]byte{"testdata/v1.sync": state, "testdata/v1.updating": journal} {
		if *update {
			require.NoError(t, os.WriteFile(name, b, 0o644))
		}
		require.True(t, bytes.Equal(read(t, name), b), name)
	}
	for name, b := range map[string][]byte{"": before, ".sync": read(t, "testdata/v1.sync"), ".updating": read(t, "testdata/v1.updating")} {
		require.NoError(t, os.WriteFile(path+name, b, 0o600))
	}
	m.change = nil
	m.forget()
	report := m.update(t, path, m.config(o), lines)
	require.Equal(t, 9, report.Resumed)
	require.Equal(t, 2, report.Changed)
	require.Zero(t, m.whole.Load())
}

// Whatever the files beside a corpus hold, an update makes a whole corpus or
// says what is wrong, and never panics.
func FuzzBeside(f *testing.F) {
	state, journal := read(f, "testdata/v1.sync"), read(f, "testdata/v1.updating")
	f.Add(state, journal)
	f.Add(state[:100], journal[:len(journal)-3])
	f.Add([]byte{}, journal[:92])
	f.Add(journal, state)
	f.Add(state, append(bytes.Clone(journal), state[92:]...))
	all := goldenRows()
	lines := text(all, "\n")
	m := newMirror(1, lines)
	first := filepath.Join(f.TempDir(), "corpus")
	o := corpus.Options{Counts: true, MinCount: 2}
	_, err := corpus.Update(context.Background(), first, m.config(o))
	require.NoError(f, err)
	before := read(f, first)
	f.Fuzz(func(t *testing.T, state, journal []byte) {
		path := filepath.Join(t.TempDir(), "corpus")
		for name, b := range map[string][]byte{"": before, ".sync": state, ".updating": journal} {
			require.NoError(t, os.WriteFile(path+name, b, 0o600))
		}
		_, err := corpus.Update(t.Context(), path, m.config(o))
		if err != nil {
			var bad *corpus.FileError
			require.ErrorAs(t, err, &bad)
		}
		require.NoError(t, open(t, path, corpus.Read).Verify(t.Context()))
	})
}

// slowRange reads the rows of a range the slow way. It returns false if an
// answer with them must not be taken for one.
func slowRange(prefix, body string) (lines []byte, ok bool) {
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if strings.HasSuffix(line, ":0") && linePattern.MatchString(prefix+line[:len(line)-1]+"1") {
			continue
		}
		lines = fmt.Appendf(lines, "%s%s\n", prefix, line)
	}
	if len(lines) == 0 {
		return nil, true
	}
	_, ok = slowText(string(lines))
	return lines, ok
}

// The reader of answers accepts exactly what the slow one does, and an update
// makes the same of it as a build.
func FuzzRangeAnswer(f *testing.F) {
	long := strings.Repeat("7", 39)
	for _, body := range []string{
		"", long + ":1", long + ":1\n", long + ":0", long + ":1\r\n" + long[1:] + "8:0\r\n", long + ":1\r\n" + long[1:] + "8:1",
		strings.ToLower(strings.Repeat("A", 39)) + ":4294967295", long + ":4294967296", "\n", "<html>:0", long + ":00", long + ":0 ",
		strings.Repeat("1", 39) + ":3\n" + strings.Repeat("2", 39) + ":5\n\n", long + ":1\r\r\n",
	} {
		f.Add(body)
	}
	all := rows(300, 4)
	lines := text(all, "\n")
	at := bytes.Index(lines, []byte("\n7")) + 1
	end := bytes.Index(lines, []byte("\n8")) + 1
	f.Fuzz(func(t *testing.T, body string) {
		own, ok := slowRange("7", body)
		m := newMirror(1, lines)
		m.change = func(_ *http.Request, prefix string, n int) *http.Response {
			switch {
			case prefix != "7":
				return nil
			case n > 1:
				return answer(http.StatusForbidden, "", nil)
			}
			return answer(http.StatusOK, body, nil)
		}
		o := corpus.Options{Counts: true, RemainderBits: 24}
		path := filepath.Join(t.TempDir(), "corpus")
		synctest.Test(t, func(t *testing.T) {
			_, err := corpus.Update(t.Context(), path, m.config(o))
			require.Equal(t, ok, err == nil, "%v", err)
		})
		if ok {
			requireUpdated(t, path, o, slices.Concat(lines[:at], own, lines[end:]))
		}
	})
}
