package rotate

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestCheckAccount and groups: bounds in bytes, text without control characters.
func TestCheckAccount(t *testing.T) {
	for _, good := range []string{"1", "c-1", "0190b5c2-1111-7000-8000-000000000000", "ä", " ", strings.Repeat("a", 255)} {
		require.NoError(t, checkAccount(good), "%q", good)
	}
	for _, bad := range []string{"", "a\n", "\x00", "a\u0085", "\xff", "a\xc3", strings.Repeat("a", 256), strings.Repeat("ä", 128)} {
		require.ErrorIs(t, checkAccount(bad), ErrAccount, "%q", bad)
	}
	for _, good := range []string{"customers", "store-1/customers", "a/b/c", strings.Repeat("a", 255)} {
		require.NoError(t, checkGroup(good), "%q", good)
	}
	for _, bad := range []string{"", "/", "/a", "a/", "a//b", "a\t", "\xff", strings.Repeat("a", 256)} {
		require.ErrorIs(t, checkGroup(bad), ErrGroup, "%q", bad)
	}
}

// TestFoldName: all the ways to type one name give one key.
func TestFoldName(t *testing.T) {
	for want, typed := range map[string][]string{
		"ada@example.com": {"ada@example.com", " Ada@Example.COM\t", "ADA@EXAMPLE.COM\r\n", "ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "\u3000Ada@example.com\u00a0"},
		"strasse":         {"straße", "STRASSE", "Straße", "STRAẞE"},
		"caf\u00e9":       {"caf\u00e9", "cafe\u0301", "CAF\u00c9", "CAFE\u0301"},
		"\u03c3":          {"\u03a3", "\u03c2", "\u03c3"},
		"file":            {"\ufb01le", "FILE"},
		"\uac00":          {"\uac00", "\u1100\u1161"},
		"12":              {"\u2460\u2461", "１２"},
		"a\ufffdb":        {"a\xffb", "A\xfe\xffB"},
		"":                {"", " ", "\u3000\t"},
	} {
		for _, s := range typed {
			require.Equal(t, want, foldName(s), "%q", s)
		}
	}
	require.NotEqual(t, foldName("ada"), foldName("adá"), "an accent is another name")
	require.NotEqual(t, foldName("a da"), foldName("ada"))
}

// TestFoldNameIsBounded: before any work, whatever was typed.
func TestFoldNameIsBounded(t *testing.T) {
	long := strings.Repeat("a", maxNameBytes)
	require.Equal(t, long, foldName(long))
	require.Equal(t, long, foldName(long+"b"), "the rest is not looked at")
	// U+FDFA is the longest to fold: 3 bytes make 33.
	require.LessOrEqual(t, len(foldName(strings.Repeat("\ufdfa", 1<<20))), 12*maxNameBytes)
	cut := foldName(strings.Repeat("a", maxNameBytes-1) + "ä")
	require.True(t, utf8.ValidString(cut), "cut within a letter")
}

// FuzzFoldName: never panics, always text, always bounded, and case, width and
// blanks around make no difference.
func FuzzFoldName(f *testing.F) {
	for _, s := range []string{"", "Ada@example.com", "ａ", "e\u0301", "\xff\xfe", "İstanbul", "\u0345\u0399", strings.Repeat("ä", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := foldName(s)
		if !utf8.ValidString(folded) {
			t.Fatalf("%q is not text", folded)
		}
		if len(folded) > 12*maxNameBytes {
			t.Fatalf("%d bytes of %d", len(folded), len(s))
		}
		if len(s) < maxNameBytes-2 && foldName(" "+s+"\n") != folded {
			t.Fatalf("%q has another key with blanks around", s)
		}
	})
}

// TestNewEpoch: in the range that JSON numbers hold, never 0, never twice.
func TestNewEpoch(t *testing.T) {
	seen := map[int64]bool{}
	high := 0
	for range 10000 {
		e := newEpoch()
		require.Positive(t, e)
		require.Less(t, e, int64(1)<<53)
		require.Equal(t, e, int64(float64(e)))
		require.False(t, seen[e])
		seen[e] = true
		if e >= 1<<52 {
			high++
		}
	}
	// Half of them are above the middle; 600 is 12 standard deviations.
	require.InDelta(t, 5000, high, 600)
	require.NotEqual(t, newID(), newID())
	require.GreaterOrEqual(t, len(newID()), 26, "128 bits in base32 (RFC 4648)")
}
