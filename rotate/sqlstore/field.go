package sqlstore

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// field is one column and where its value is: database/sql reads and writes the
// same pointer.
type field struct {
	name  string
	value any
}

func names(fields []field) string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.name
	}
	return strings.Join(list, ", ")
}

func values(fields []field) []any {
	list := make([]any, len(fields))
	for i, f := range fields {
		list[i] = f.value
	}
	return list
}

// insert is the INSERT of one row.
func insert(table string, fields []field) string {
	return "INSERT INTO " + table + " (" + names(fields) + ") VALUES (" + marks(len(fields)) + ")"
}

// marks are n places for values.
func marks(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}

// micros is the column of a moment: microseconds since 1970, or NULL for the
// zero time.
type micros struct{ at *time.Time }

// Value implements [driver.Valuer].
func (m micros) Value() (driver.Value, error) {
	if m.at.IsZero() {
		return nil, nil
	}
	return toMicros(*m.at)
}

// Scan implements [sql.Scanner].
func (m micros) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m.at = time.Time{}
	case int64:
		*m.at = fromMicros(v)
	case []byte: // a driver that reads numbers as texts
		n, err := strconv.ParseInt(string(v), 10, 64)
		if err != nil {
			return errors.New("a moment is no number")
		}
		*m.at = fromMicros(n)
	default:
		return fmt.Errorf("%T is not a moment", src)
	}
	return nil
}

// toMicros rounds down to microseconds. It fails some 290,000 years from now.
func toMicros(t time.Time) (int64, error) {
	const least, most = -290_000, 290_000
	if y := t.Year(); y < least || y > most {
		return 0, fmt.Errorf("year %d is not within %d to %d", y, least, most)
	}
	return t.UnixMicro(), nil
}

func fromMicros(n int64) time.Time { return time.UnixMicro(n).UTC() }

// optional is the text column that tells whether a part of a row is there at
// all: NULL where it is not.
type optional struct {
	there *bool
	text  *string
}

// Value implements [driver.Valuer].
func (o optional) Value() (driver.Value, error) {
	if !*o.there {
		return nil, nil
	}
	return *o.text, nil
}

// Scan implements [sql.Scanner].
func (o optional) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*o.there, *o.text = false, ""
	case string:
		*o.there, *o.text = true, v
	case []byte:
		*o.there, *o.text = true, string(v)
	default:
		return fmt.Errorf("%T is not a text", src)
	}
	return nil
}

// Bounds of one text, in bytes: of those that are looked up by an index, and of
// all others but seals and lists.
const (
	maxKey  = 255
	maxText = 16 << 10
)

// errText reports a text that not every database keeps.
var errText = fmt.Errorf("sqlstore: a text is not UTF-8, holds NUL, or has more than %d bytes (%d where it is looked up)", maxText, maxKey)

// checkTexts reports errText.
func checkTexts(texts ...string) error { return check(maxText, texts) }

// checkKeys reports errText for texts that are looked up.
func checkKeys(texts ...string) error { return check(maxKey, texts) }

func check(most int, texts []string) error {
	for _, s := range texts {
		if len(s) > most || !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return errText
		}
	}
	return nil
}
