package breach_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

var (
	rowPattern  = regexp.MustCompile(`^([0-9A-Fa-f]{35}):(0|[1-9][0-9]{0,9})\r?$`)
	ntlmPattern = regexp.MustCompile(`^([0-9A-Fa-f]{27}):(0|[1-9][0-9]{0,9})\r?$`)
	linePattern = regexp.MustCompile(`^([0-9A-Fa-f]{40}):(0|[1-9][0-9]{0,9})\r?$`)
)

// match reads a row or line the slow way.
func match(pattern *regexp.Regexp, row string) (hash string, count uint32, ok bool) {
	parts := pattern.FindStringSubmatch(row)
	if parts == nil {
		return "", 0, false
	}
	n, err := strconv.ParseUint(parts[2], 10, 32)
	return parts[1], uint32(n), err == nil
}

// slowRange reads a range the slow way. A CR without LF at the end of the body
// is a cut line end.
func slowRange(body string, width int) (rows []breach.Row, ok bool) {
	if strings.HasSuffix(body, "\r") {
		return nil, false
	}
	pattern := rowPattern
	if width == breach.NTLMSuffix {
		pattern = ntlmPattern
	}
	lines := strings.Split(body, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for _, line := range lines {
		hash, count, ok := match(pattern, line)
		if !ok {
			return nil, false
		}
		if count > 0 {
			suffix, err := strconv.ParseUint(hash[:16], 16, 64)
			if err != nil {
				return nil, false
			}
			rows = append(rows, breach.Row{Suffix: suffix, Count: count})
		}
	}
	return rows, true
}

// realRows returns the rows of a body that are not padding.
func realRows(body string) string {
	var real strings.Builder
	for line := range strings.Lines(body) {
		if !strings.HasSuffix(strings.TrimRight(line, "\r\n"), ":0") {
			real.WriteString(line)
		}
	}
	return real.String()
}

// contentMD5 returns the header of RFC 1864 for a text.
func contentMD5(text string) string {
	sum := md5.Sum([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// The fast parser of ranges accepts and reads exactly what the slow one does.
func FuzzParseRange(f *testing.F) {
	hit := leakedHash[5:]
	for _, seed := range []string{
		"", "\n", hit + ":1", hit + ":1\r\n", hit + ":0\n" + hit + ":4294967295", strings.ToLower(hit) + ":12\r",
		hit + ":4294967296", hit + ":01", hit + ":", hit, hit + ":1\n\n", fullBody(), hit[:34] + "@:1", hit[:34] + "`:1",
		hit[:34] + "\x10:1", hit[:34] + "\xb1:1", hit[:3] + "/" + hit[4:] + ":1",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(strings.ReplaceAll(seed, hit, hit[:27])), true)
	}
	f.Fuzz(func(t *testing.T, body []byte, ntlm bool) {
		width := breach.SHA1Suffix
		if ntlm {
			width = breach.NTLMSuffix
		}
		got, ok := breach.ParseRange(body, width)
		want, wantOK := slowRange(string(body), width)
		require.Equal(t, wantOK, ok)
		if len(got) > 0 || len(want) > 0 {
			require.Equal(t, want, got)
		}
		if !ok {
			return
		}
		// A checksum of the rows fits in any form, and that of other rows in none.
		real := realRows(string(body))
		require.True(t, breach.Intact([]string{contentMD5(string(body))}, body, width))
		require.True(t, breach.Intact([]string{contentMD5(real)}, body, width))
		require.True(t, breach.Intact([]string{contentMD5(strings.TrimRight(real, "\r\n"))}, body, width))
		require.False(t, breach.Intact([]string{contentMD5(real + "0")}, body, width))
	})
}

// Every byte value at every place of a row is judged as the slow parser does,
// in the last row and before others.
func TestParseRangeEveryByte(t *testing.T) {
	for _, width := range []int{breach.SHA1Suffix, breach.NTLMSuffix} {
		for _, more := range []string{"", leaked2Hash[5:5+width] + ":3\r\n"} {
			row := []byte(leakedHash[5:5+width] + ":12\r\n" + more)
			for at := range row {
				for c := range 256 {
					body := bytes.Clone(row)
					body[at] = byte(c)
					requireParsed(t, body, width)
				}
			}
		}
	}
}

// Counts of every length, with every line end and without.
func TestParseRangeEveryCount(t *testing.T) {
	counts := []string{"", "00", "01", "000001", "4294967295", "4294967296", "9999999999", "10000000000", "+1", "1 ", " 1", "1e3", "0x1"}
	for digits := range 11 {
		counts = append(counts, "1"+strings.Repeat("0", digits), strings.Repeat("9", digits), "9876543210"[:digits])
	}
	for i := range 1100 {
		counts = append(counts, strconv.Itoa(i*i), strconv.Itoa(i))
	}
	for _, width := range []int{breach.SHA1Suffix, breach.NTLMSuffix} {
		for _, end := range []string{"", "\n", "\r\n", "\r", "\n\n", "\r\r\n", " \r\n", "\x00"} {
			for _, count := range counts {
				row := leakedHash[5:5+width] + ":" + count + end
				for _, more := range []string{"", leaked2Hash[5:5+width] + ":3\r\n"} {
					requireParsed(t, []byte(row+more), width)
				}
			}
		}
	}
}

// requireParsed checks the fast parser by the slow one.
func requireParsed(t *testing.T, body []byte, width int) {
	got, ok := breach.ParseRange(body, width)
	want, wantOK := slowRange(string(body), width)
	if ok != wantOK || ok && !slices.Equal(want, got) {
		require.Equal(t, wantOK, ok, "%q", body)
		require.Equal(t, want, got, "%q", body)
	}
}

// Parsing a line and printing it is the identity, but for case and line end.
func FuzzParseLine(f *testing.F) {
	for _, seed := range []string{"", leakedHash, leakedHash + ":", leakedHash + ":83129\r\n", leaked2Hash + ":0", leakedHash + ":00\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		text, n := breach.ParseLine(b)
		line, _, ended := strings.Cut(string(b), "\n")
		_, _, ok := match(linePattern, line)
		if !ended && strings.HasSuffix(line, "\r") {
			ok = false
		}
		require.Equal(t, ok, n > 0)
		if n == 0 {
			return
		}
		require.Equal(t, text, strings.ToLower(strings.TrimRight(string(b[:n]), "\r\n")))
	})
}

// In a sorted file of any size and form every member is found with its count,
// and nothing else is.
func FuzzFileMembers(f *testing.F) {
	f.Add(uint64(1), uint16(1), byte(0))
	f.Add(uint64(2), uint16(90), byte(1))
	f.Add(uint64(3), uint16(3000), byte(2))
	f.Add(uint64(4), uint16(700), byte(7))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, form byte) {
		random := rand.New(rand.NewPCG(seed, 0))
		counts := make(map[string]int)
		for range 1 + n%4096 {
			counts[fmt.Sprint("member ", random.Uint64())] = int(random.Uint32() >> random.IntN(32))
		}
		lineEnd := "\n"
		if form&1 != 0 {
			lineEnd = "\r\n"
		}
		content := corpus(counts, lineEnd)
		if form&2 != 0 {
			content = bytes.ToLower(content)
		}
		if form&4 != 0 {
			content = bytes.TrimSuffix(content, []byte(lineEnd))
		}
		file := newFile(t, content)
		require.NoError(t, file.Verify(t.Context()))
		for password, want := range counts {
			got, err := file.Seen(t.Context(), password)
			require.NoError(t, err)
			require.Equal(t, want, got)
			got, err = file.Seen(t.Context(), "not "+password)
			require.NoError(t, err)
			require.Zero(t, got)
		}
	})
}

// Arbitrary bytes never panic, and a file that Verify accepts answers as a
// reader of every line would.
func FuzzFileBytes(f *testing.F) {
	f.Add([]byte(""), leaked)
	f.Add([]byte(leakedHash+":7\r\n"+leaked2Hash+":8"), leaked)
	f.Add([]byte(leaked2Hash+":8\n"+leakedHash+":7\n"), leaked2)
	f.Add(corpus(members(300), "\n"), "member 7")
	f.Add(bytes.Repeat([]byte("x"), 5000), "x")
	f.Add(bytes.Repeat([]byte("\n"), 9000), "x")
	f.Add(append(append(corpus(members(100), "\n"), bytes.Repeat([]byte("a"), 9000)...), []byte("\n"+strings.Repeat("F", 40)+":1")...), "member 8")
	f.Fuzz(func(t *testing.T, content []byte, password string) {
		file, err := breach.NewFile(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			require.Nil(t, file)
			return
		}
		verified := file.Verify(t.Context()) == nil
		want := 0
		for line := range strings.Lines(string(content)) {
			hash, count, ok := match(linePattern, strings.TrimSuffix(line, "\n"))
			require.True(t, ok || !verified)
			if ok && strings.EqualFold(hash, hashOf(password)) {
				want = int(count)
			}
		}
		got, err := file.Seen(t.Context(), password)
		if verified && password != "" {
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
		if err != nil {
			require.Zero(t, got)
		}
	})
}
