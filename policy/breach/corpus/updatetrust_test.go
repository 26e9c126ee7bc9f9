package corpus_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// without returns the rows that are in other ranges.
func without(all []row, digits, prefix int) []row {
	var list []row
	for _, r := range all {
		if prefixOf(r, digits) != prefix {
			list = append(list, r)
		}
	}
	return list
}

// A range that was accepted with few rows is asked for whole once more are
// wanted, whether the ETags or a stopped update know it.
func TestMoreRowsWanted(t *testing.T) {
	t.Parallel()
	all := append(rows(256*160, 5), passwordRow("password", 9), passwordRow("123456", 8))
	sortRows(all)
	m := newMirror(2, text(without(all, 2, 0), "\n"))
	path := filepath.Join(t.TempDir(), "corpus")
	_, err := corpus.Update(t.Context(), path, m.config(corpus.Options{}))
	require.NoError(t, err)
	config := m.config(corpus.Options{Full: true})
	config.MinRows = 0
	synctest.Test(t, func(t *testing.T) {
		_, err := corpus.Update(t.Context(), path, config)
		require.ErrorContains(t, err, "range 00 has 0 rows, fewer than 100")
	})
	require.False(t, open(t, path, corpus.Map).Info().Full)

	m.serve(text(all, "\n"))
	report, err := corpus.Update(t.Context(), path, config)
	require.NoError(t, err)
	require.Equal(t, 1, report.Changed)
	require.True(t, report.Full)
}

func TestMoreRowsWantedOfJournal(t *testing.T) {
	t.Parallel()
	all := rows(256*60, 5)
	m := newMirror(2, text(without(all, 2, 0x10), "\n"))
	path := filepath.Join(t.TempDir(), "corpus")
	m.stopAt(t, path, corpus.Options{}, "A0")
	config := m.config(corpus.Options{})
	config.MinRows = 15
	synctest.Test(t, func(t *testing.T) {
		_, err := corpus.Update(t.Context(), path, config)
		require.ErrorContains(t, err, "range 10 has 0 rows, fewer than 15")
	})
	lines := text(all, "\n")
	m.serve(lines)
	require.Equal(t, 0x10, m.update(t, path, config, lines).Resumed)
}

// The answer 304 is about the ETag that was sent, or none at all is named. A
// weak one confirms a strong one, and the other way round.
func TestOtherETag(t *testing.T) {
	t.Parallel()
	lines := text(rows(6000, 5), "\n")
	for name, c := range map[string]struct {
		tags func(asked string) []string
		ok   bool
	}{
		"same":   {func(asked string) []string { return []string{asked} }, true},
		"none":   {func(string) []string { return nil }, true},
		"strong": {func(asked string) []string { return []string{strings.TrimPrefix(asked, "W/")} }, true},
		"other":  {func(string) []string { return []string{`"other"`} }, false},
		"two":    {func(asked string) []string { return []string{asked, asked} }, false},
		"empty":  {func(string) []string { return []string{""} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMirror(2, lines)
			path := filepath.Join(t.TempDir(), "corpus")
			m.update(t, path, m.config(corpus.Options{}), lines)
			m.change = func(r *http.Request, prefix string, _ int) *http.Response {
				if prefix != "80" {
					return nil
				}
				h := http.Header{}
				if tags := c.tags(r.Header.Get("If-None-Match")); tags != nil {
					h["Etag"] = tags
				}
				return answer(http.StatusNotModified, "", h)
			}
			synctest.Test(t, func(t *testing.T) {
				_, err := corpus.Update(t.Context(), path, m.config(corpus.Options{}))
				if c.ok {
					require.NoError(t, err)
					return
				}
				require.ErrorContains(t, err, "range 80 was answered with status 304 to another ETag, and so 8 times")
			})
		})
	}
}

// An update goes on with answers of up to a week, and not with those of a time
// to come.
func TestOldJournal(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	lines := text(rows(4000, 5), "\n")
	for age, kept := range map[time.Duration]bool{
		0: true, 7 * day: true, 7*day + time.Second: false, -time.Hour: true, -8 * day: false, 4000 * day: false,
	} {
		m := newMirror(2, lines)
		path := filepath.Join(t.TempDir(), "corpus")
		m.stopAt(t, path, corpus.Options{}, "A0")
		// It is as old as its first answer.
		m.stopAt(t, path, corpus.Options{}, "C0")
		m.forget()
		report := m.update(t, path, corpus.WithNow(m.config(corpus.Options{}), mirrorNow.Add(age)), lines)
		require.Equal(t, kept, report.Resumed > 0, age)
		require.Equal(t, 256-report.Resumed, m.requests())
	}
}

// An update that got no answer stands in nobody's way.
func TestJournalWithoutAnswers(t *testing.T) {
	t.Parallel()
	lines := text(rows(4000, 5), "\n")
	m := newMirror(2, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	typo := m.config(corpus.Options{RemainderBits: 32})
	typo.BaseURL += "/typo"
	_, err := corpus.Update(t.Context(), path, typo)
	require.ErrorContains(t, err, "status 404")
	m.update(t, path, m.config(corpus.Options{Counts: true}), lines)
}

// While an update ends, its corpus has its name, but another must wait until the
// ETags are beside it.
func TestUpdateWhileAnotherEnds(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("may have no file locks")
	}
	lines := text(rows(4000, 5), "\n")
	m := newMirror(2, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	var asked atomic.Bool
	var second error
	m.change = func(*http.Request, string, int) *http.Response {
		if asked.Swap(true) {
			return nil
		}
		// As when it has got its name.
		require.NoError(t, os.Rename(path+".building", path+".named"))
		_, second = corpus.Update(t.Context(), path, m.config(corpus.Options{}))
		require.NoError(t, os.Rename(path+".named", path+".building"))
		return nil
	}
	m.update(t, path, m.config(corpus.Options{}), lines)
	require.ErrorContains(t, second, "whether another update is under way")
	require.Equal(t, 256, m.requests())
}

// An answer that is damaged on the disk does not get among the ETags.
func TestJournalDamagedMeanwhile(t *testing.T) {
	t.Parallel()
	lines := text(rows(4000, 5), "\n")
	m := newMirror(2, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	c := m.config(corpus.Options{})
	c.Options.Progress = func(p corpus.Progress) {
		if p.Stage == corpus.StageSync {
			b := read(t, path+".updating")
			b[bytes.Index(b, []byte(`W/"`))+4] ^= 1
			f, err := os.OpenFile(path+".updating", os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(b, 0)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		}
	}
	_, err := corpus.Update(t.Context(), path, c)
	require.ErrorContains(t, err, "cannot be written or read: damaged")
	require.Equal(t, []string{"corpus", "corpus.updating"}, folderOf(t, path))
	m.update(t, path, m.config(corpus.Options{}), lines)
}

// Pwned Passwords is whole by whatever address it is asked.
func TestUpdateOfTheServiceIsFull(t *testing.T) {
	t.Parallel()
	m := newMirror(2, text(rows(6000, 5), "\n"))
	for address, full := range map[string]bool{
		"": true, "https://api.pwnedpasswords.com": true, "https://api.pwnedpasswords.com/": true, "https://API.PwnedPasswords.com:443": true,
		"https://api.pwnedpasswords.com/else": false, "https://api.pwnedpasswords.com.mirror.example": false,
	} {
		config := m.config(corpus.Options{})
		config.BaseURL, config.MinRows = address, 0
		config.Transport = transportFunc(func(r *http.Request) (*http.Response, error) {
			require.Equal(t, full, r.URL.Host == "api.pwnedpasswords.com" && strings.HasPrefix(r.URL.Path, "/range/"), address)
			r.Host = "mirror.example"
			return m.RoundTrip(r)
		})
		synctest.Test(t, func(t *testing.T) {
			_, err := corpus.Update(t.Context(), filepath.Join(t.TempDir(), "corpus"), config)
			if full {
				require.ErrorContains(t, err, "fewer than 100")
				return
			}
			require.NoError(t, err)
		})
	}
}

// Answers that only the disk did not take are not asked for again.
func TestDiskRefusesCorpus(t *testing.T) {
	t.Parallel()
	// So many rows need two blocks, and without those that are not told apart one:
	// the corpus is written again, into another file.
	lines := text(rows(71*2*4096/100+1, 5), "\n")
	o := corpus.Options{RemainderBits: 8}
	m := newMirror(2, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	require.NoError(t, os.Mkdir(path+".building.2", 0o700))
	_, err := corpus.Update(t.Context(), path, m.config(o))
	require.ErrorContains(t, err, "corpus.building.2")
	require.NoError(t, os.Remove(path+".building.2"))
	m.forget()
	report := m.update(t, path, m.config(o), lines)
	require.Equal(t, 256, report.Resumed)
	require.Zero(t, m.requests())
	require.NotZero(t, report.Merged)
}
