package sqlstore

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// maxList bounds one list in bytes, as it is written and before it is read. The
// longest of a real row takes some 30 KiB.
const maxList = 1 << 20

var errList = errors.New("a list takes more than 1 MiB")

// sums is the column of recovery codes: their sums one after the other.
type sums struct{ list *[]totp.Sum }

// Value implements [driver.Valuer].
func (s sums) Value() (driver.Value, error) {
	if len(*s.list) == 0 {
		return nil, nil
	}
	if len(*s.list) > totp.MaxRecoveryCodes {
		return nil, fmt.Errorf("%d recovery codes are more than %d", len(*s.list), totp.MaxRecoveryCodes)
	}
	return slices.Concat(flat(*s.list)...), nil
}

func flat(list []totp.Sum) [][]byte {
	all := make([][]byte, len(list))
	for i := range list {
		all[i] = list[i][:]
	}
	return all
}

// Scan implements [sql.Scanner].
func (s sums) Scan(src any) error {
	*s.list = nil
	b, err := bytesOf(src)
	if err != nil || len(b) == 0 {
		return err
	}
	const size = len(totp.Sum{})
	if len(b)%size != 0 || len(b)/size > totp.MaxRecoveryCodes {
		return fmt.Errorf("%d bytes are no recovery codes", len(b))
	}
	for part := range slices.Chunk(b, size) {
		*s.list = append(*s.list, totp.Sum(part))
	}
	return nil
}

// list is the column of a list as JSON: T is its type in a row, W the one that
// is written.
type list[T, W any] struct {
	rows *[]T
	to   func(T) W
	from func(W) T
}

// Value implements [driver.Valuer].
func (l list[T, W]) Value() (driver.Value, error) {
	if len(*l.rows) == 0 {
		return nil, nil
	}
	written := make([]W, len(*l.rows))
	for i, row := range *l.rows {
		written[i] = l.to(row)
	}
	b, err := json.Marshal(written)
	if err != nil {
		return nil, err
	}
	if len(b) > maxList {
		return nil, errList
	}
	return string(b), nil
}

// Scan implements [sql.Scanner].
func (l list[T, W]) Scan(src any) error {
	*l.rows = nil
	b, err := bytesOf(src)
	if err != nil || len(b) == 0 {
		return err
	}
	if len(b) > maxList {
		return errList
	}
	var written []W
	// Its errors may quote the text, which is not for a log.
	if json.Unmarshal(b, &written) != nil {
		return errors.New("not a list of its kind in JSON")
	}
	for _, w := range written {
		*l.rows = append(*l.rows, l.from(w))
	}
	return nil
}

// bytesOf takes what a driver gives for a text or for bytes.
func bytesOf(src any) ([]byte, error) {
	switch v := src.(type) {
	case nil:
		return nil, nil
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	}
	return nil, fmt.Errorf("%T is not a list", src)
}

// moment is a time in JSON: microseconds since 1970.
type moment struct{ time.Time }

// MarshalJSON implements [json.Marshaler].
func (m moment) MarshalJSON() ([]byte, error) {
	n, err := toMicros(m.Time)
	return strconv.AppendInt(nil, n, 10), err
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *moment) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseInt(string(b), 10, 64)
	m.Time = fromMicros(n)
	return err
}

type writtenRetired struct {
	Password string `json:"password"`
	At       moment `json:"at,omitzero"`
	Until    moment `json:"until,omitzero"`
	Burned   bool   `json:"burned,omitzero"`
}

func retired(rows *[]rotate.Retired) list[rotate.Retired, writtenRetired] {
	return list[rotate.Retired, writtenRetired]{
		rows,
		func(r rotate.Retired) writtenRetired {
			return writtenRetired{r.Password, moment{r.At}, moment{r.Until}, r.Burned}
		},
		func(w writtenRetired) rotate.Retired {
			return rotate.Retired{Password: w.Password, At: w.At.Time, Until: w.Until.Time, Burned: w.Burned}
		},
	}
}

type writtenSpent struct {
	Nonce string `json:"nonce"`
	Until moment `json:"until,omitzero"`
}

func spent(rows *[]rotate.Spent) list[rotate.Spent, writtenSpent] {
	return list[rotate.Spent, writtenSpent]{
		rows,
		func(s rotate.Spent) writtenSpent { return writtenSpent{s.Nonce, moment{s.Until}} },
		func(w writtenSpent) rotate.Spent { return rotate.Spent{Nonce: w.Nonce, Until: w.Until.Time} },
	}
}

type writtenEnded struct {
	ID    string `json:"id"`
	Until moment `json:"until,omitzero"`
}

func ended(rows *[]rotate.Ended) list[rotate.Ended, writtenEnded] {
	return list[rotate.Ended, writtenEnded]{
		rows,
		func(e rotate.Ended) writtenEnded { return writtenEnded{e.ID, moment{e.Until}} },
		func(w writtenEnded) rotate.Ended { return rotate.Ended{ID: w.ID, Until: w.Until.Time} },
	}
}
