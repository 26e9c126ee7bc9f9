package corpus_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// mend makes the checksums of the header, the directory and one block right
// again, so that the checks behind them are tried too.
func mend(b []byte) {
	table := crc32.MakeTable(crc32.Castagnoli)
	if len(b) < 4096 {
		return
	}
	if n := binary.LittleEndian.Uint32(b[36:]); n > 0 && n <= 8 {
		at, size := binary.LittleEndian.Uint64(b[72:]), binary.LittleEndian.Uint64(b[80:])
		if at <= uint64(len(b)) && size <= uint64(len(b))-at {
			binary.LittleEndian.PutUint32(b[88:], crc32.Checksum(b[at:at+size], table))
		}
	}
	binary.LittleEndian.PutUint32(b[4092:], crc32.Checksum(b[:4092], table))
	if at := 8192; len(b) >= at+16 && len(b) >= 4096+8 {
		keys := binary.LittleEndian.Uint64(b[4096:]) & 0xffff
		prefix := binary.LittleEndian.AppendUint64(nil, keys)
		crc := crc32.Update(crc32.Checksum(prefix, table), table, b[at:len(b)-4])
		binary.LittleEndian.PutUint32(b[len(b)-4:], crc)
	}
}

// Arbitrary bytes, with right checksums or wrong ones, open or do not, and then
// never panic.
func FuzzReader(f *testing.F) {
	for name := range goldenForms {
		b := read(f, name)
		f.Add(b, uint32(0), byte(0), true)
		f.Add(b, uint32(17), byte(3), true)
		f.Add(b, uint32(8192+130), byte(0xff), true)
		f.Add(b, uint32(len(b)-100), byte(0x55), true)
		f.Add(b[:9000], uint32(20), byte(7), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, at uint32, change byte, mended bool) {
		b = bytes.Clone(b)
		if int(at) < len(b) {
			b[at] ^= change
		}
		if mended {
			mend(b)
		}
		c, err := corpus.FromBytes(b)
		if err != nil {
			return
		}
		sum := make([]byte, c.Info().Kind.Size())
		r := rand.New(rand.NewPCG(uint64(at), uint64(change)))
		for range 300 {
			for i := range sum {
				sum[i] = byte(r.Uint32())
			}
			if n, err := c.Count(sum); err != nil {
				require.Zero(t, n)
			}
		}
		_ = c.Verify(t.Context())
	})
}

var linePattern = regexp.MustCompile(`^([0-9A-Fa-f]{40}):([1-9][0-9]{0,9})\r?$`)

// slowText reads a text the slow way. It returns false if a line is bad.
func slowText(content string) (all []row, ok bool) {
	for line := range strings.Lines(content) {
		parts := linePattern.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if parts == nil || !strings.HasSuffix(line, "\n") {
			return nil, false
		}
		count, err := strconv.ParseUint(parts[2], 10, 32)
		if err != nil {
			return nil, false
		}
		r := row{count: uint32(count)}
		for i := range r.sum {
			b, err := strconv.ParseUint(parts[1][2*i:2*i+2], 16, 8)
			if err != nil {
				return nil, false
			}
			r.sum[i] = byte(b)
		}
		if len(all) > 0 && bytes.Compare(all[len(all)-1].sum[:], r.sum[:]) >= 0 {
			return nil, false
		}
		all = append(all, r)
	}
	return all, len(all) > 0
}

// The fast reader of texts accepts and reads exactly what the slow one does.
func FuzzText(f *testing.F) {
	some := string(text(rows(4, 1), "\n"))
	for _, seed := range []string{
		"", "\n", some, string(text(rows(300, 2), "\r\n")), strings.ToLower(some), some + some, some[:len(some)-1],
		strings.Replace(some, ":", ":0", 1), strings.Replace(some, "\n", "\r\r\n", 1), some[:60] + "\x10" + some[61:],
		some[:40] + ":4294967295\n" + some[46:], some[:40] + ":4294967296\n" + some[46:], some[:40] + ":12345678\n" + some[46:],
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		want, ok := slowText(content)
		path := filepath.Join(t.TempDir(), "corpus")
		report, err := corpus.Build(t.Context(), path, source([]byte(content)), corpus.Options{Counts: true, RemainderBits: 40})
		require.Equal(t, ok, err == nil, "%v", err)
		if !ok {
			var bad *corpus.FileError
			require.ErrorAs(t, err, &bad)
			return
		}
		require.EqualValues(t, len(want), report.Rows)
		requireMembers(t, open(t, path, corpus.Map), want)
	})
}

// Every byte value at every place of a line is judged as the slow reader does: in
// the first line, in the fast path, and at the end of the text.
func TestEveryByteOfALine(t *testing.T) {
	// The fast path takes lines of one range.
	near := rows(40, 1)
	for i := range near {
		copy(near[i].sum[3:], near[i].sum[:17])
		clear(near[i].sum[:3])
	}
	content := text(near, "\r\n")
	if _, ok := slowText(string(content)); !ok {
		t.Fatal("the text is bad")
	}
	second := bytes.IndexByte(content, '\n') + 1
	last := bytes.LastIndexByte(content[:len(content)-1], '\n') + 1
	for _, begin := range []int{0, second, last} {
		for at := begin; at < begin+45 && at < len(content); at++ {
			for c := range 256 {
				changed := bytes.Clone(content)
				changed[at] = byte(c)
				all, ok := slowText(string(changed))
				n, rows := corpus.Scan(changed)
				if ok != (n == len(changed)) || ok && rows != int64(len(all)) {
					t.Fatalf("%d at %d: %v, %d", c, at, ok, n)
				}
			}
		}
	}
}
