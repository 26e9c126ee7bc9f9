package corpus_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// folder is 1,048,576 range files that it does not hold.
type folder struct {
	special map[string][]byte // that are not the usual one
	form    string
	missing string
}

// usual is the only row of a usual range.
func usual(prefix int) []byte {
	return fmt.Appendf(nil, "8%034X:%d", prefix, 1+prefix%7)
}

func (f folder) Open(name string) (fs.File, error) {
	prefix, err := strconv.ParseUint(name[:min(len(name), 5)], 16, 20)
	if err != nil || name == f.missing || fmt.Sprintf(f.form, prefix) != name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	content, ok := f.special[name]
	if !ok {
		content = usual(int(prefix))
	}
	return &memoryFile{bytes.NewReader(content)}, nil
}

type memoryFile struct{ *bytes.Reader }

func (f *memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Name() string               { return "" }
func (f *memoryFile) Mode() fs.FileMode          { return 0 }
func (f *memoryFile) ModTime() time.Time         { return time.Time{} }
func (f *memoryFile) IsDir() bool                { return false }
func (f *memoryFile) Sys() any                   { return nil }

// Ranges give the same corpus as the text of them all.
func TestRanges(t *testing.T) {
	var lines bytes.Buffer
	special := map[string][]byte{
		"00000.txt": []byte(strings.Repeat("0", 35) + ":5\r\n" + strings.Repeat("0", 34) + "1:6\r\n"),
		"5BAA6.txt": []byte("1E4C9B93F3F0682250B6CF8331B7EE68FD8:10"),
		"7C4A8.txt": []byte("D09CA3762AF61E59520943DC26494F8941B:20\n"),
	}
	for prefix := range 1 << 20 {
		name := fmt.Sprintf("%05X.txt", prefix)
		content, ok := special[name]
		if !ok {
			content = usual(prefix)
		}
		for row := range bytes.Lines(content) {
			lines.WriteString(name[:5])
			lines.Write(bytes.TrimRight(row, "\r\n"))
			lines.WriteByte('\n')
		}
	}
	o := corpus.Options{Counts: true, Full: true, Stamp: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}
	want, report := build(t, source(lines.Bytes()), o)
	require.True(t, report.Full)
	path, _ := build(t, corpus.RangeFS(folder{special: special, form: "%05X.txt"}), o)
	require.True(t, bytes.Equal(read(t, want), read(t, path)))

	c := open(t, path, corpus.Map)
	n, err := c.Seen(t.Context(), "password")
	require.NoError(t, err)
	require.Equal(t, 10, n)
	require.Equal(t, o.Stamp, c.Info().Stamp)

	for name, f := range map[string]struct {
		folder
		line   int64
		reason string
	}{
		"7C4A9.txt": {folder{form: "%05X.txt", missing: "7C4A9.txt"}, 0, "is missing"},
		"00100.txt": {folder{form: "%05X.txt", special: map[string][]byte{"00100.txt": nil}}, 0, "holds no row"},
		"00101.txt": {folder{form: "%05X.txt", special: map[string][]byte{"00101.txt": []byte(strings.Repeat("A", 35) + ":1\n" + strings.Repeat("B", 35) + ":0\n")}}, 2, "count zero"},
		"00102.txt": {folder{form: "%05X.txt", special: map[string][]byte{"00102.txt": []byte(strings.Repeat("B", 35) + ":1\n" + strings.Repeat("A", 35) + ":1\n")}}, 2, "out of order"},
		"00103.txt": {folder{form: "%05X.txt", special: map[string][]byte{"00103.txt": []byte(strings.Repeat("B", 27) + ":1\n")}}, 1, "32 characters"},
		"00104.txt": {folder{form: "%05X.txt", special: map[string][]byte{"00104.txt": []byte("<html>")}}, 1, "does not begin with a hash"},
	} {
		bad := requireRefused(t, corpus.RangeFS(f.folder), corpus.Options{Workers: 2})
		require.Equal(t, name, bad.Name)
		require.Equal(t, f.line, bad.Line)
		require.Contains(t, bad.Problem, f.reason)
	}
	// Without the two passwords it is no full corpus.
	bad := requireRefused(t, corpus.RangeFS(folder{form: "%05x"}), corpus.Options{Full: true})
	require.Contains(t, bad.Problem, "common passwords")
	require.Contains(t, requireRefused(t, corpus.RangeDir(t.TempDir()), corpus.Options{}).Problem, "lacks the file of range")
}

// A full corpus must have something in every range.
func TestFullLacksRange(t *testing.T) {
	bad := requireRefused(t, source(text(rows(1000, 1), "\n")), corpus.Options{Full: true})
	require.Contains(t, bad.Problem, "missing")
}

// A list of passwords gives the corpus of its hashes, each with how often the
// list has it. 400,000 lines are more than are sorted in memory at once.
func TestPasswords(t *testing.T) {
	for _, n := range []int{1, 5, 10_000, 400_000} {
		var list bytes.Buffer
		counts := make(map[string]int)
		for i := range n {
			password := fmt.Sprint("pass ", i*i%max(n*3/4, 1))
			counts[password]++
			list.WriteString(password + []string{"\n", "\r\n", "\n\n"}[i%3])
		}
		name := filepath.Join(t.TempDir(), "list")
		require.NoError(t, os.WriteFile(name, bytes.TrimRight(list.Bytes(), "\r\n"), 0o600))
		for _, kind := range []corpus.Kind{corpus.SHA1, corpus.NTLM} {
			path, report := build(t, corpus.PasswordFile(name), corpus.Options{Kind: kind, Counts: true, RemainderBits: 32})
			require.EqualValues(t, len(counts), report.Rows)
			c := open(t, path, corpus.Map)
			for password, want := range counts {
				if got, err := c.Seen(t.Context(), password); err != nil || got != want {
					t.Fatalf("%q: %d, %v, want %d", password, got, err, want)
				}
			}
			if kind == corpus.NTLM || n == 1 {
				continue
			}
			var all []row
			for password, count := range counts {
				all = append(all, row{sha1.Sum([]byte(password)), uint32(count)})
			}
			sortRows(all)
			same, _ := build(t, source(text(all, "\n")), corpus.Options{Counts: true, RemainderBits: 32})
			require.True(t, bytes.Equal(read(t, same), read(t, path)))
		}
	}
}

func TestBadPasswords(t *testing.T) {
	name := filepath.Join(t.TempDir(), "list")
	for content, o := range map[string]corpus.Options{
		"a\nb\n" + strings.Repeat("x", 64<<10+1) + "\n":    {},
		"a\nb\n" + strings.Repeat("x", 200_000):            {},
		"a\nb\n\xff\nc\n":                                  {Kind: corpus.NTLM},
		"a\r\n\r\n" + strings.Repeat("y", 65_537) + "\r\n": {},
	} {
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		bad := requireRefused(t, corpus.PasswordFile(name), o)
		require.EqualValues(t, 3, bad.Line)
		require.NotContains(t, bad.Error(), "xx")
	}
	require.NoError(t, os.WriteFile(name, []byte("\n\r\n"), 0o600))
	require.Contains(t, requireRefused(t, corpus.PasswordFile(name), corpus.Options{}).Problem, "no password")
	require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("z", 64<<10)), 0o600))
	build(t, corpus.PasswordFile(name), corpus.Options{})
}

// The NTLM of these two are vectors: the MD4 of their UTF-16LE text, as
// printf %s PASSWORD | iconv -t UTF-16LE | openssl dgst -md4 -provider legacy
// prints it.
func TestNTLM(t *testing.T) {
	lines := []string{"32ED87BDB5FDC5E9CBA88547376818D4:37359195", "8846F7EAEE8FB117AD06BDD830B7586C:9545824"}
	path, _ := build(t, source([]byte(strings.Join(lines, "\n")+"\n")), corpus.Options{Kind: corpus.NTLM, Counts: true, RemainderBits: 40})
	c := open(t, path, corpus.Map)
	for password, want := range map[string]int{"123456": 37359195, "password": 9545824, "Password": 0, "päss€𐍈": 0} {
		got, err := c.Seen(t.Context(), password)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	sum, err := hex.DecodeString(lines[0][:32])
	require.NoError(t, err)
	n, err := c.Count(sum)
	require.NoError(t, err)
	require.Equal(t, 37359195, n)
	_, err = c.Seen(t.Context(), "\xff")
	requireReason(t, err, corpus.ReasonNotText)
	_, err = c.Count(append(sum, 1, 2, 3, 4))
	requireReason(t, err, corpus.ReasonWidth)
	require.Contains(t, requireRefused(t, corpus.CorpusFile(path), corpus.Options{}).Problem, "NTLM")
	require.Contains(t, requireRefused(t, source(text(rows(5, 1), "\n")), corpus.Options{Kind: corpus.NTLM}).Problem, "40 characters, as SHA-1")
}

// What a corpus does not have cannot be had from it.
func TestCorpusFileLacks(t *testing.T) {
	plain, _ := build(t, source(text(rows(20_000, 1), "\n")), corpus.Options{MinCount: 2})
	target := filepath.Join(t.TempDir(), "x")
	for reason, o := range map[string]corpus.Options{
		"no counts to keep": {Counts: true}, "no counts to compare": {MinCount: 3}, "too few": {RemainderBits: 40},
	} {
		_, err := corpus.Build(context.Background(), target, corpus.CorpusFile(plain), o)
		require.ErrorContains(t, err, reason)
	}
	require.NoFileExists(t, target)
	b := read(t, plain)
	b[len(b)-100] ^= 1
	require.NoError(t, os.WriteFile(plain, b, 0o600))
	require.Contains(t, requireRefused(t, corpus.CorpusFile(plain), corpus.Options{}).Problem, "damaged block")
	require.NoError(t, os.WriteFile(plain, b[:8000], 0o600))
	require.Contains(t, requireRefused(t, corpus.CorpusFile(plain), corpus.Options{}).Problem, "cut")
}

// A large corpus has bits for one block with longer remainders, but one block
// cannot have so many keys.
func TestCorpusFileTooShallow(t *testing.T) {
	t.Parallel()
	plain, _ := build(t, source(text(rows(750_000, 1), "\n")), corpus.Options{})
	_, err := corpus.Build(t.Context(), filepath.Join(t.TempDir(), "x"), corpus.CorpusFile(plain), corpus.Options{RemainderBits: 24})
	require.ErrorContains(t, err, "keeps too few bits of its hashes, 36, for so many with 24 remainder bits")
	small, _ := build(t, source(text(rows(10, 1), "\n")), corpus.Options{})
	_, err = corpus.Build(t.Context(), filepath.Join(t.TempDir(), "x"), corpus.Merge(corpus.CorpusFile(plain), corpus.CorpusFile(small)), corpus.Options{})
	require.ErrorContains(t, err, "keeps too few bits of its hashes, 28,")
}
