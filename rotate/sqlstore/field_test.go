package sqlstore

import (
	"database/sql"
	"database/sql/driver"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// column is what every column type of this package can do.
type column interface {
	sql.Scanner
	driver.Valuer
}

func TestMicros(t *testing.T) {
	var at time.Time
	m := micros{&at}
	for _, want := range []time.Time{
		{}, time.Unix(0, 0).UTC(), time.Unix(0, -1000).UTC(), time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		time.Date(-290_000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(290_000, 12, 31, 0, 0, 0, 0, time.UTC),
	} {
		at = want
		v, err := m.Value()
		require.NoError(t, err)
		at = time.Now()
		require.NoError(t, m.Scan(v))
		require.Equal(t, want, at)
	}
	// Rounded down as time.Truncate does, before 1970 too.
	for _, nanos := range []int64{1, 999, 1000, 1001, -1, -999, -1000, -1001} {
		at = time.Unix(0, nanos)
		v, err := m.Value()
		require.NoError(t, err)
		require.Equal(t, at.UTC().Truncate(time.Microsecond), fromMicros(v.(int64)))
	}
	for _, far := range []time.Time{time.Unix(1<<60, 0), time.Unix(-1<<60, 0)} {
		at = far
		_, err := m.Value()
		require.ErrorContains(t, err, "year")
	}
	for _, any := range []int64{math.MinInt64, math.MaxInt64} {
		require.NoError(t, m.Scan(any))
	}
	for _, bad := range []any{"2030-01-02", 1.5, []byte("1.5"), []byte("now"), true, time.Now()} {
		require.Error(t, m.Scan(bad))
	}
}

func TestOptional(t *testing.T) {
	var there bool
	var text string
	o := optional{&there, &text}
	for _, want := range []driver.Value{nil, "", "x"} {
		require.NoError(t, o.Scan(want))
		require.Equal(t, want != nil, there)
		got, err := o.Value()
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	require.NoError(t, o.Scan([]byte("bytes")))
	require.Equal(t, "bytes", text)
	require.Error(t, o.Scan(1))
}

// TestFieldsAreColumns checks that no two columns share a name or a place.
func TestFieldsAreColumns(t *testing.T) {
	for name, fields := range map[string][]field{
		"row": new(row).fields(), "event": new(entry).fields(),
		"order": orderFields(new(rotate.Order)), "key": keyFields(new(rotate.KeyState)),
	} {
		seen := make(map[string]bool)
		for _, f := range fields {
			require.False(t, seen[f.name], "%s: column %s", name, f.name)
			seen[f.name] = true
		}
		require.Equal(t, len(fields), strings.Count(insert("t", fields), "?"))
	}
	require.Equal(t, "account", new(row).fields()[0].name, "updates leave out the first")
}

func TestListsAreBounded(t *testing.T) {
	long := []rotate.Retired{{Password: strings.Repeat("x", maxList)}}
	_, err := retired(&long).Value()
	require.ErrorIs(t, err, errList)
	require.ErrorIs(t, retired(&long).Scan("["+strings.Repeat(" ", maxList)+"]"), errList)
	many := make([]totp.Sum, totp.MaxRecoveryCodes+1)
	_, err = sums{&many}.Value()
	require.ErrorContains(t, err, "101")
}

// FuzzLists reads anything as each of the lists. What can be read is written
// and read again as the same.
func FuzzLists(f *testing.F) {
	for _, seed := range []string{
		"", "[]", "null", "[null]", "[{}]", `[{"password":"tk1.kaaaaaaaa.x","at":-1,"until":1893553445678901,"burned":true}]`,
		`[{"nonce":"n","until":1}]`, `[{"id":"A","until":2}]`, `[{"id":null}]`, `[{"at":-62135596800000000}]`,
		`[{"until":9223372036854775807}]`, `[{"at":1e3}]`, "[[", strings.Repeat("\x01", 64),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var r [2][]rotate.Retired
		again(t, text, retired(&r[0]), retired(&r[1]))
		require.Equal(t, r[0], r[1])
		var s [2][]rotate.Spent
		again(t, text, spent(&s[0]), spent(&s[1]))
		require.Equal(t, s[0], s[1])
		var e [2][]rotate.Ended
		again(t, text, ended(&e[0]), ended(&e[1]))
		require.Equal(t, e[0], e[1])
		var c [2][]totp.Sum
		again(t, text, sums{&c[0]}, sums{&c[1]})
		require.Equal(t, c[0], c[1])
	})
}

// again reads text into first, and what first writes into second.
func again(t *testing.T, text []byte, first, second column) {
	t.Helper()
	if first.Scan(text) != nil {
		_ = second.Scan(nil)
		require.NoError(t, first.Scan(nil))
		return
	}
	v, err := first.Value()
	if err != nil {
		// A year that is read but too far away to be written.
		require.ErrorContains(t, err, "not within")
		require.NoError(t, first.Scan(nil))
		require.NoError(t, second.Scan(nil))
		return
	}
	require.NoError(t, second.Scan(v))
}
