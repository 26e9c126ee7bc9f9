package breach_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

func TestNewFileRefuses(t *testing.T) {
	good := string(corpus(members(20_000), "\n"))
	lines := strings.SplitAfter(good, "\n")
	n := len(lines) - 1
	reversed := slices.Clone(lines[:n])
	slices.Reverse(reversed)
	var ntlm []string
	for i := range 1000 {
		ntlm = append(ntlm, fmt.Sprintf("%X:%d\r\n", md5.Sum([]byte(fmt.Sprint(i))), i))
	}
	slices.Sort(ntlm)
	tests := []struct {
		name, content, problem, remedy string
		line                           int64
	}{
		{"empty", "", "holds no line", "download", 0},
		{"a line end", "\n", "holds no line", "download", 0},
		{"a hash cut short", leakedHash[:30], "holds no line", "download", 0},
		{"NTLM", strings.Join(ntlm, ""), "32 characters", "SHA-1 corpus", 1},
		{"SHA-256", strings.Repeat("a", 64) + ":1\n", "64 characters", "HASH:COUNT", 1},
		{"hashes only", leakedHash + "\n" + leaked2Hash + "\n", "no count", "HASH:COUNT", 1},
		{"words", strings.Repeat("password\n", 100), "does not begin with a hash", "HASH:COUNT", 1},
		{"7z archive", "7z\xbc\xaf\x27\x1c" + strings.Repeat("\x00", 100), "does not begin with a hash", "unpack", 1},
		{"one long line", strings.Repeat("a", 10_000), "too long", "HASH:COUNT", 0},
		{"spaces around the colon", leakedHash + " : 1\n", "does not begin with a hash", "HASH:COUNT", 1},
		{"count with a sign", leakedHash + ":+1\n", "count", "HASH:COUNT", 1},
		{"count with a leading zero", leakedHash + ":01\n", "count", "HASH:COUNT", 1},
		{"count too large", leakedHash + ":4294967296\n", "count", "HASH:COUNT", 1},
		{"empty line at the end", good + "\n", "is empty", "remove", 0},
		{"last line cut", good[:len(good)-6-len(lines[n-1])+20], "has a hash of", "HASH:COUNT", 0},
		{"two lines out of order", leaked2Hash + ":1\n" + leakedHash + ":1\n", "out of order", "sort", 2},
		{"two equal lines", leakedHash + ":1\n" + leakedHash + ":1\n", "repeats", "sort", 2},
		{"reversed", strings.Join(reversed, ""), "", "sort", 2},
		{"second half first", strings.Join(lines[n/2:n], "") + strings.Join(lines[:n/2], ""), "", "", 0},
		{"first half only", strings.Join(lines[:n/2], ""), "spread", "download", 0},
		{"second half only", strings.Join(lines[n/2:n], ""), "spread", "download", 0},
		{"without the last hundredth", strings.Join(lines[:n-n/100], ""), "lacks its end", "download", 0},
		{"without the first hundredth", strings.Join(lines[n/100:n], ""), "lacks its beginning", "download", 0},
		{"a hole in the middle", strings.Join(lines[:n/3], "") + strings.Join(lines[n/2:n], ""), "spread", "download", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := breach.NewFile(strings.NewReader(test.content), int64(len(test.content)))
			require.Error(t, err)
			assert.Nil(t, f)
			var bad *breach.FileError
			require.ErrorAs(t, err, &bad)
			assert.Contains(t, bad.Problem, test.problem)
			assert.Contains(t, bad.Remedy, test.remedy)
			assert.Contains(t, err.Error(), bad.Problem)
			assert.Contains(t, err.Error(), bad.Remedy)
			if test.line > 0 {
				assert.Equal(t, test.line, bad.Line)
			}
		})
	}
}

// Verify names the first bad line, with its number and its offset, wherever
// it is, also where no sample of Open looks.
func TestVerifyNamesTheFirstBadLine(t *testing.T) {
	good := corpus(members(60_000), "\n")
	lines := bytes.SplitAfter(good, []byte("\n"))
	damages := map[string]struct {
		damage  func(line []byte) []byte
		problem string
	}{
		"not hexadecimal": {func(b []byte) []byte { b[7] = 'g'; return b }, "does not begin with a hash"},
		"no colon":        {func(b []byte) []byte { b[40] = '0'; return b }, "has a hash of"},
		"no count":        {func(b []byte) []byte { return append(b[:41:41], '\n') }, "count"},
		"empty line":      {func(b []byte) []byte { return append([]byte("\n"), b...) }, "is empty"},
		"too high":        {func(b []byte) []byte { return append(bytes.Repeat([]byte("f"), 40), b[40:]...) }, "out of order"},
		"too low":         {func(b []byte) []byte { return append(bytes.Repeat([]byte("0"), 40), b[40:]...) }, "out of order"},
		"joined lines":    {func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\n")) }, "count"},
		"repeated":        {func(b []byte) []byte { return append(bytes.Clone(b), b...) }, "repeats"},
	}
	for name, d := range damages {
		for _, at := range []int{3, 5000, 31_111, 59_990} {
			t.Run(fmt.Sprint(name, " ", at), func(t *testing.T) {
				damaged := slices.Clone(lines)
				damaged[at] = d.damage(bytes.Clone(lines[at]))
				content := bytes.Join(damaged, nil)
				reader := &changing{content: good}
				f, err := breach.NewFile(reader, int64(len(good)))
				require.NoError(t, err)
				reader.set(append(content, bytes.Repeat([]byte("\n"), 100)...)) // long enough to be read whole
				line := int64(at) + 1
				if name == "too high" || name == "repeated" {
					line++ // the line after is the first that is not above its neighbour
				}
				err = f.Verify(t.Context())
				var bad *breach.FileError
				require.ErrorAs(t, err, &bad)
				assert.Equal(t, line, bad.Line, err)
				assert.Equal(t, int64(len(bytes.Join(bytes.SplitAfter(content, []byte("\n"))[:line-1], nil))), bad.Offset)
				assert.Contains(t, bad.Problem, d.problem)
			})
		}
	}
}

// One missing range of the 1,048,576 is too little for the samples of Open,
// not for Verify. Here 100 of 60,000 lines stand for it.
func TestVerifyFindsMissingRange(t *testing.T) {
	lines := bytes.SplitAfter(corpus(members(60_000), "\n"), []byte("\n"))
	content := bytes.Join(append(slices.Clone(lines[:40_000]), lines[40_100:]...), nil)
	f := newFile(t, content)
	err := f.Verify(t.Context())
	var bad *breach.FileError
	require.ErrorAs(t, err, &bad)
	assert.EqualValues(t, 40_001, bad.Line)
	assert.Contains(t, bad.Problem, "missing")

	// The end of the corpus may be missing too.
	err = newFile(t, bytes.Join(lines[:59_935], nil)).Verify(t.Context())
	require.ErrorAs(t, err, &bad)
	assert.EqualValues(t, 59_935, bad.Line)
}

func TestVerifyCanceled(t *testing.T) {
	f := newFile(t, corpus(members(100), "\n"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, f.Verify(ctx), context.Canceled)
}

// No error repeats what a file holds: it might be a list of passwords.
func TestFileErrorsHoldNoContent(t *testing.T) {
	for _, content := range []string{
		strings.Repeat("hunter2\n", 100), strings.Repeat("hunter2:1\n", 100), leakedHash + ":hunter2\n",
		leakedHash + ":1\n" + leaked2Hash + ":hunter2\n",
	} {
		_, err := breach.NewFile(strings.NewReader(content), int64(len(content)))
		require.Error(t, err)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "hunter2")
	}
}
