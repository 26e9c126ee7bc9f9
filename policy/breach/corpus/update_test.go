package corpus_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

func folderOf(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// prefixOf returns the range of a row.
func prefixOf(r row, digits int) int {
	return (int(r.sum[0])<<16 | int(r.sum[1])<<8 | int(r.sum[2])) >> (24 - 4*digits)
}

// changed returns some rows after a change of every nth range.
func changed(all []row, digits, nth int, change func(row) []row) []row {
	var list []row
	for _, r := range all {
		if prefixOf(r, digits)%nth == 0 {
			list = append(list, change(r)...)
		} else {
			list = append(list, r)
		}
	}
	sortRows(list)
	return list
}

// thinned returns two thirds of the rows of every range.
func thinned(all []row, digits int) []row {
	var list []row
	place := make(map[int]int)
	for _, r := range all {
		if p := prefixOf(r, digits); place[p]%3 > 0 || place[p] == 0 {
			list = append(list, r)
		}
		place[prefixOf(r, digits)]++
	}
	return list
}

// grown returns how rows become more: each with some others beside it, which
// differ from one byte of the hash on.
func grown(r *rand.Rand, more, from int) func(row) []row {
	return func(one row) []row {
		list := []row{one}
		for range more {
			other := one
			for i := from; i < len(other.sum); i++ {
				other.sum[i] = byte(r.Uint32())
			}
			other.count = aCount(r)
			list = append(list, other)
		}
		return list
	}
}

// However a corpus changes, an update makes the file that a build of all its
// rows makes, and asks for the rows of those ranges only that changed.
func TestUpdateIsBuild(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		digits  int
		options corpus.Options
	}{
		"16": {2, corpus.Options{}}, "16 counts": {2, corpus.Options{Counts: true}}, "8": {2, corpus.Options{RemainderBits: 8, Workers: 1}},
		"40 counts": {3, corpus.Options{RemainderBits: 40, Counts: true}}, "least": {2, corpus.Options{Counts: true, MinCount: 3}},
		"ntlm": {2, corpus.Options{Kind: corpus.NTLM, Counts: true, RemainderBits: 24}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(4, 4))
			lines := func(all []row) []byte {
				if c.options.Kind == corpus.NTLM {
					return ntlmText(all)
				}
				return text(all, "\r\n")
			}
			all := rows(24_000, 3)
			path := filepath.Join(t.TempDir(), "corpus")
			ranges := 1 << (4 * c.digits)
			m := newMirror(c.digits, lines(all))
			report := m.update(t, path, m.config(c.options), lines(all))
			require.Equal(t, ranges, report.Changed)
			require.EqualValues(t, len(all), report.Rows)
			require.Equal(t, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), report.Stamp)

			once := func(nth int, change func(row) []row) func([]row) []row {
				return func(all []row) []row { return changed(all, c.digits, nth, change) }
			}
			more := func(one row) []row { one.count++; return []row{one} }
			for name, step := range []struct {
				most   int // ranges that change
				change func([]row) []row
			}{
				{0, once(1, func(one row) []row { return []row{one} })},
				{ranges/100 + 1, once(100, more)},
				{ranges/50 + 1, once(50, grown(r, 1, 2))},
				// Half of the ranges grow, but the others have too few bits for twice
				// as many blocks.
				{ranges, once(2, grown(r, 4, 2))},
				{1, once(ranges, more)},
				{ranges, once(1, more)},
				// Half as many blocks.
				{ranges, func(all []row) []row { return thinned(all, c.digits) }},
				{ranges, func(all []row) []row { return thinned(all, c.digits) }},
				{ranges, func(all []row) []row { return thinned(all, c.digits) }},
				{1, once(ranges, more)},
			} {
				before := all
				all = step.change(all)
				m.serve(lines(all))
				report := m.update(t, path, m.config(c.options), lines(all))
				require.EqualValues(t, len(all), report.Rows)
				require.LessOrEqual(t, report.Changed, step.most, name)
				require.EqualValues(t, report.Changed, m.whole.Load())
				require.Equal(t, slices.Equal(before, all), report.Unchanged, name)
				if step.most < ranges {
					require.Equal(t, ranges, m.requests())
				}
				if name == 3 {
					require.Equal(t, ranges, report.Changed)
					require.GreaterOrEqual(t, m.requests(), ranges+ranges/2)
				}
			}
		})
	}
}

// A corpus that was built in another way, or whose ETags were lost, is
// downloaded whole.
func TestUpdateWithoutETags(t *testing.T) {
	t.Parallel()
	all := rows(12_000, 6)
	lines := text(all, "\n")
	m := newMirror(2, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	o := corpus.Options{Counts: true, RemainderBits: 24}
	_, err := corpus.Build(t.Context(), path, source(text(rows(9000, 7), "\n")), o)
	require.NoError(t, err)
	again := func(whole int) {
		t.Helper()
		m.forget()
		m.update(t, path, m.config(corpus.Options{Counts: true, RemainderBits: 24}), lines)
		require.EqualValues(t, whole, m.whole.Load())
	}
	again(256)
	again(0)
	state := read(t, path+".sync")
	require.NoError(t, os.Remove(path+".sync"))
	again(256)
	state[len(state)/2] ^= 1
	require.NoError(t, os.WriteFile(path+".sync", state, 0o600))
	again(256)
	require.NoError(t, os.WriteFile(path+".sync", state[:len(state)-1], 0o600))
	again(256)
	_, err = corpus.Build(t.Context(), path, source(text(rows(9000, 8), "\n")), o)
	require.NoError(t, err)
	again(256)
	// Another server has ETags of its own.
	for _, c := range []struct {
		url   string
		whole int
	}{{"https://mirror.example/", 0}, {"https://mirror.example/else", 256}, {"https://mirror.example/else/", 0}, {"https://mirror.example", 256}} {
		config := m.config(corpus.Options{Counts: true, RemainderBits: 24})
		config.BaseURL = c.url
		m.forget()
		m.update(t, path, config, lines)
		require.EqualValues(t, c.whole, m.whole.Load(), c.url)
	}
	// So are those of another version, kind, layout, corpus or address.
	state = read(t, path+".sync")
	for _, at := range []int{4, 6, 7, 8, 9, 12, 16, 48, 80} {
		other := bytes.Clone(state)
		other[at] ^= 1
		binary.LittleEndian.PutUint32(other[88:], crc32.Checksum(other[:88], crc32.MakeTable(crc32.Castagnoli)))
		require.NoError(t, os.WriteFile(path+".sync", other, 0o600))
		again(256)
	}
	require.NoError(t, os.WriteFile(path+".sync", state, 0o600))
	again(0)
}

// What the corpus holds stays, and an option that contradicts it is refused.
func TestUpdateKeepsOptions(t *testing.T) {
	t.Parallel()
	lines := text(rows(6000, 6), "\n")
	m := newMirror(mirrorDigits, lines)
	path := filepath.Join(t.TempDir(), "corpus")
	o := corpus.Options{Counts: true, RemainderBits: 24, MinCount: 2}
	m.update(t, path, m.config(o), lines)
	_, err := corpus.Update(t.Context(), path, m.config(corpus.Options{}))
	require.NoError(t, err)
	requireUpdated(t, path, o, lines)
	before := read(t, path)
	for _, other := range []corpus.Options{{Kind: corpus.NTLM}, {RemainderBits: 16}, {MinCount: 1}} {
		_, err := corpus.Update(t.Context(), path, m.config(other))
		var bad *corpus.FileError
		require.ErrorAs(t, err, &bad)
		require.Contains(t, bad.Problem, "is a corpus with")
	}
	require.Equal(t, before, read(t, path))
	require.Equal(t, []string{"corpus", "corpus.sync"}, folderOf(t, path))
}

func TestUpdateConfig(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "corpus")
	for problem, c := range map[string]corpus.UpdateConfig{
		"UserAgent":                {},
		"UserAgent must":           {UserAgent: "shop\n"},
		"Parallel":                 {UserAgent: agent, Parallel: 65},
		"MinRows":                  {UserAgent: agent, MinRows: -2},
		"no URL":                   {UserAgent: agent, BaseURL: "https://secret:\x7f@x"},
		"must have no user name":   {UserAgent: agent, BaseURL: "https://user:secret@x"},
		"plain http":               {UserAgent: agent, BaseURL: "http://secret.example"},
		"https://host":             {UserAgent: agent, BaseURL: "secret"},
		"RemainderBits":            {UserAgent: agent, Options: corpus.Options{RemainderBits: 12}},
		"cannot be written; check": {UserAgent: agent},
	} {
		target := path
		if problem == "cannot be written; check" {
			target = filepath.Join(path, "nowhere")
			problem = "cannot be written"
		}
		_, err := corpus.Update(context.Background(), target, c)
		require.ErrorContains(t, err, problem)
		require.NotContains(t, err.Error(), "secret")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Empty(t, entries)
}

// All 1,048,576 ranges, with 3 rows each: CORPUS_UPDATE=1, some 3 minutes.
func TestUpdateOfAllRanges(t *testing.T) {
	if os.Getenv("CORPUS_UPDATE") == "" {
		t.Skip("CORPUS_UPDATE=1 asks for a million ranges")
	}
	all := rows(3<<20, 9)
	o := corpus.Options{Counts: true}
	path := filepath.Join(t.TempDir(), "corpus")
	for i, change := range []func(row) []row{
		func(one row) []row { return []row{one} },
		func(one row) []row { one.count++; return []row{one} },
		grown(rand.New(rand.NewPCG(1, 1)), 1, 3),
	} {
		all = changed(all, 5, []int{1, 5000, 300}[i], change)
		lines := text(all, "\n")
		m := newMirror(5, lines)
		begin := time.Now()
		report := m.update(t, path, m.config(o), lines)
		t.Logf("%d of %d ranges in %v", report.Changed, report.Ranges, time.Since(begin))
	}
}
