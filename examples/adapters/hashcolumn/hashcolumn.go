// Package hashcolumn is a column type for a table that keeps password hashes
// itself, by package hash alone and without rotate: for gorm, ent, bun and
// database/sql. Copy it.
package hashcolumn

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
)

// Hash is a stored password hash, as hash.Hasher makes it. "" is a row without a
// password, NULL in the database. No printer and no JSON shows it.
//
//	gorm, bun:  PasswordHash hashcolumn.Hash
//	ent:        field.String("password_hash").GoType(hashcolumn.Hash("")).Optional().Sensitive()
//
// Change a stored hash by compare-and-swap, so that an upgrade of the hash at a
// sign-in never undoes a change of the password that overtook it:
//
//	UPDATE customers SET password_hash = ? WHERE id = ? AND password_hash = ?
//
// No row changed means that somebody was faster: leave it.
type Hash string

// MaxBytes bounds what is read and written: twice the longest hash that package
// hash makes or verifies.
const MaxBytes = 1024

var errTooLong = fmt.Errorf("hashcolumn: longer than %d bytes", MaxBytes)

// Value implements driver.Valuer.
func (h Hash) Value() (driver.Value, error) {
	if len(h) > MaxBytes {
		return nil, errTooLong
	}
	if h == "" {
		return nil, nil
	}
	return string(h), nil
}

// Scan implements sql.Scanner.
func (h *Hash) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*h = ""
		return nil
	case string:
		*h = Hash(v)
	case []byte:
		if len(v) > MaxBytes {
			return errTooLong
		}
		*h = Hash(v)
	default:
		return fmt.Errorf("hashcolumn: %T is not a hash", src)
	}
	if len(*h) > MaxBytes {
		*h = ""
		return errTooLong
	}
	return nil
}

// GormDataType tells gorm the type of the column.
func (Hash) GormDataType() string { return "string" }

// Format hides the hash from package fmt.
func (h Hash) Format(f fmt.State, _ rune) { fmt.Fprint(f, h.told()) }

// LogValue hides the hash from package log/slog.
func (h Hash) LogValue() slog.Value { return slog.StringValue(h.told()) }

func (h Hash) told() string {
	if h == "" {
		return "Hash(none)"
	}
	return "Hash(hidden)"
}

// MarshalJSON refuses: a hash belongs in no answer.
func (Hash) MarshalJSON() ([]byte, error) {
	return nil, errors.New("hashcolumn: a hash is not for JSON: leave the field out by a tag")
}
