package rotate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSessionTextForm: both versions, as they lie in the session tables of shops.
// These strings must be read for ever.
func TestSessionTextForm(t *testing.T) {
	for text, want := range map[string]Session{
		"s1.Yy0x.0.0.0.": {Account: "c-1", AuthTime: time.Unix(0, 0).UTC()},
		"s1.Yy0x.9007199254740991.42.1772366400000001.pwd+otp": {
			Account: "c-1", Epoch: 1<<53 - 1, Seq: 42, AuthTime: noon.Add(time.Microsecond), Methods: []string{"pwd", "otp"},
		},
		"s1.w6QuYg.1.9223372036854775807.253402300799999999.a+b+c+d+e+f+g+recovery": {
			Account: "ä.b", Epoch: 1, Seq: 1<<63 - 1, AuthTime: time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
			Methods: []string{"a", "b", "c", "d", "e", "f", "g", "recovery"},
		},
		"s2.Yy0x.7.0.1772366400000000.pwd.2A7": {Account: "c-1", ID: "2A7", Epoch: 7, AuthTime: noon, Methods: []string{"pwd"}},
		"s2.Yy0x.7.0.1772366400000000..A":      {Account: "c-1", ID: "A", Epoch: 7, AuthTime: noon},
	} {
		got, err := want.MarshalText()
		require.NoError(t, err)
		require.Equal(t, text, string(got))
		var s Session
		require.NoError(t, s.UnmarshalText([]byte(text)))
		require.Equal(t, want, s)
	}
}

// TestSessionTextIsBounded: the longest session that can be written can be read.
func TestSessionTextIsBounded(t *testing.T) {
	s := Session{
		Account: strings.Repeat("a", MaxAccountBytes), Epoch: maxEpoch - 1, Seq: 1<<63 - 1,
		AuthTime: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), ID: strings.Repeat("A", maxSessionID),
	}
	for range maxMethods {
		s.Methods = append(s.Methods, strings.Repeat("m", 32))
	}
	text, err := s.MarshalText()
	require.NoError(t, err)
	require.LessOrEqual(t, len(text), maxSessionBytes)
	var read Session
	require.NoError(t, read.UnmarshalText(text))
	require.Equal(t, s, read)
}

// TestSessionTextKeepsWhatAShopMayGive: any zone, any fraction of a second.
func TestSessionTextKeepsWhatAShopMayGive(t *testing.T) {
	for _, at := range []time.Time{
		noon.In(time.FixedZone("", -8*3600)).Add(999),
		time.Date(1969, 12, 31, 20, 0, 0, 0, time.FixedZone("", -4*3600)), // 1970 in UTC
	} {
		text, err := Session{Account: "a", AuthTime: at}.MarshalText()
		require.NoError(t, err)
		var s Session
		require.NoError(t, s.UnmarshalText(text))
		require.True(t, s.AuthTime.Equal(at.Truncate(time.Microsecond)))
	}
	// And what is written can be read: 1969 in UTC is not written.
	_, err := Session{Account: "a", AuthTime: time.Date(1970, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))}.MarshalText()
	require.ErrorIs(t, err, ErrSession)
}

// TestSessionRefused: what is no session, or not written the one way.
func TestSessionRefused(t *testing.T) {
	for _, text := range []string{
		"", "s1", "s1.Yy0x.0.0.0", "s1.Yy0x.0.0.0..", "s2.Yy0x.0.0.0.", "s2.Yy0x.0.0.0..", "s1.Yy0x.0.0.0..A", "s2.Yy0x.0.0.0..a", "s2.Yy0x.0.0.0..A.", "s3.Yy0x.0.0.0..A",
		"s2.Yy0x.0.0.0.." + strings.Repeat("A", 65), "S1.Yy0x.0.0.0.", " s1.Yy0x.0.0.0.", "s1.Yy0x.0.0.0.\n",
		"s1..0.0.0.", "s1.Yy0x=.0.0.0.", "s1.Yy0y\n.0.0.0.", "s1.Yx.0.0.0.", "s1.AA.0.0.0.", "s1._w.0.0.0.",
		"s1.Yy0x.-1.0.0.", "s1.Yy0x.9007199254740992.0.0.", "s1.Yy0x.00.0.0.", "s1.Yy0x.+1.0.0.", "s1.Yy0x.1e3.0.0.", "s1.Yy0x..0.0.",
		"s1.Yy0x.0.-1.0.", "s1.Yy0x.0.9223372036854775808.0.", "s1.Yy0x.0.0x1.0.",
		"s1.Yy0x.0.0.-1.", "s1.Yy0x.0.0.253402300800000000.", "s1.Yy0x.0.0.-9223372036854775808.", "s1.Yy0x.0.0.9223372036854775807.",
		"s1.Yy0x.0.0.0.+", "s1.Yy0x.0.0.0.pwd+", "s1.Yy0x.0.0.0.PWD", "s1.Yy0x.0.0.0.p-w", "s1.Yy0x.0.0.0.a+b+c+d+e+f+g+h+i",
		"s1.Yy0x.0.0.0." + strings.Repeat("m", 33), "s1." + strings.Repeat("QUFB", 86) + ".0.0.0.", strings.Repeat("s", 1<<20),
	} {
		s := Session{Account: "before"}
		require.ErrorIs(t, s.UnmarshalText([]byte(text)), ErrSession, "%.80q", text)
		require.Equal(t, Session{Account: "before"}, s, "untouched by an error")
	}
	for name, s := range map[string]Session{
		"zero": {}, "no time": {Account: "a"}, "negative epoch": {Account: "a", Epoch: -1, AuthTime: noon},
		"epoch above": {Account: "a", Epoch: maxEpoch, AuthTime: noon}, "negative order": {Account: "a", Seq: -1, AuthTime: noon},
		"method": {Account: "a", AuthTime: noon, Methods: []string{"a+b"}}, "empty method": {Account: "a", AuthTime: noon, Methods: []string{""}},
		"account": {Account: "\xff", AuthTime: noon},
	} {
		_, err := s.MarshalText()
		require.ErrorIs(t, err, ErrSession, name)
	}
}

// TestSessionInJSON: the text form is what a token or a table of JSON holds.
func TestSessionInJSON(t *testing.T) {
	s := Session{Account: "c-1", Epoch: 5, AuthTime: noon, Methods: []string{MethodPassword, MethodRecovery}}
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.Equal(t, `"s1.Yy0x.5.0.1772366400000000.pwd+recovery"`, string(text))
	var read Session
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, s, read)
	require.True(t, read.SecondFactor())
	require.False(t, read.IsZero())
	require.True(t, Session{}.IsZero())
	require.False(t, Session{Methods: []string{MethodPassword}}.SecondFactor())
	require.True(t, Session{Methods: []string{MethodCode}}.SecondFactor())
}

// FuzzSession: never panics, and what is read is written the same way.
func FuzzSession(f *testing.F) {
	for _, s := range []string{
		"s1.Yy0x.0.0.0.", "s1.Yy0x.9007199254740991.42.1772366400000001.pwd+otp", "s1.w6QuYg.1.9223372036854775807.253402300799999999.a+b",
		"s1..0.0.0.", "s1.Yx.0.0.0.", "s1.Yy0x.01.0.0.", "s2.Yy0x.7.0.1772366400000000.pwd.2A7", "......", "s1.Yy0x.0.0.-1.",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s Session
		if err := s.UnmarshalText(text); err != nil {
			if !s.IsZero() {
				t.Fatalf("%q left a session behind", text)
			}
			return
		}
		written, err := s.MarshalText()
		if err != nil {
			t.Fatalf("%q was read as what cannot be written: %v", text, err)
		}
		if !bytes.Equal(written, text) {
			t.Fatalf("%q was read, %q written", text, written)
		}
	})
}

// FuzzSessionFields: whatever is written is read as what it was.
func FuzzSessionFields(f *testing.F) {
	f.Add("c-1", int64(5), int64(2), int64(1), "pwd+otp", 0)
	f.Add("a.b\u00e4", int64(maxEpoch-1), int64(1<<63-1), int64(253402300799999999), "", -3600)
	f.Add("a", int64(0), int64(0), int64(-1), "a", 7200)
	f.Fuzz(func(t *testing.T, account string, epoch, seq, micros int64, methods string, zone int) {
		s := Session{Account: account, Epoch: epoch, Seq: seq, AuthTime: time.UnixMicro(micros).In(time.FixedZone("", zone%86400))}
		if methods != "" {
			s.Methods = strings.Split(methods, "+")
		}
		text, err := s.MarshalText()
		if err != nil {
			return
		}
		var read Session
		if err := read.UnmarshalText(text); err != nil {
			t.Fatalf("%q cannot be read: %v", text, err)
		}
		s.AuthTime = s.AuthTime.UTC()
		if a, b := s, read; a.Account != b.Account || a.Epoch != b.Epoch || a.Seq != b.Seq || !a.AuthTime.Equal(b.AuthTime) || strings.Join(a.Methods, "+") != strings.Join(b.Methods, "+") {
			t.Fatalf("%v was read as %v", a, b)
		}
	})
}
