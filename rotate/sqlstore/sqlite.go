package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// sqlite is the dialect of SQLite 3.38 and later.
//
// BEGIN IMMEDIATE takes the one write lock at once. A transaction that begins
// by reading would have to be tried again whenever another one wrote between
// its first read and its first write.
func sqlite() *dialect {
	return &dialect{
		name:      "sqlite",
		dir:       "migrations/sqlite",
		begin:     func(_, _ time.Duration) []string { return []string{"BEGIN IMMEDIATE"} },
		serial:    true,
		shielded:  true,
		hasTable:  "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
		waiting:   "delivered = 0",
		insertNew: " ON CONFLICT (account) DO NOTHING",
		replaceGuess: " ON CONFLICT (name_key) DO UPDATE SET total = excluded.total, recent = excluded.recent," +
			" wait_until = excluded.wait_until, expires_at = excluded.expires_at",
		lockGuess:     " ON CONFLICT (name_key) DO NOTHING",
		pruneGuesses:  "DELETE FROM tillkey_guesses WHERE name_key IN (SELECT name_key FROM tillkey_guesses ORDER BY expires_at, name_key LIMIT ?)",
		fits:          sqliteFits,
		alone:         func(context.Context, session) (func() error, error) { return func() error { return nil }, nil },
		busy:          sqliteBusy,
		taken:         never,
		noTransaction: func(err error) bool { return strings.Contains(err.Error(), "no transaction is active") },
	}
}

// sqliteFits reports a database that compares texts as UTF-16, in another order
// than that of bytes.
func sqliteFits(ctx context.Context, s session) error {
	var encoding string
	if _, err := s.one(ctx, "PRAGMA encoding", nil, &encoding); err != nil {
		return err
	}
	if encoding != "UTF-8" {
		return fmt.Errorf("sqlstore: the encoding of the database is %q; only UTF-8 sorts accounts as bytes", encoding)
	}
	return nil
}

// sqliteBusy recognizes SQLITE_BUSY and SQLITE_LOCKED, extended codes included,
// of drivers that show the code, and by their texts of those that do not.
func sqliteBusy(err error) bool {
	const busy, locked = 5, 6
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		primary := coded.Code() & 0xff
		return primary == busy || primary == locked
	}
	if err == nil {
		return false
	}
	text := err.Error()
	return strings.Contains(text, "database is locked") || strings.Contains(text, "database table is locked")
}

// SQLiteDSN is the recommended data source name of an SQLite file, which both
// modernc.org/sqlite and github.com/mattn/go-sqlite3 understand. It sets, for
// each connection:
//
//   - busy_timeout 5000: wait 5 s for another process to write. A context that
//     ends meanwhile is heeded only after that.
//   - journal_mode WAL: readers do not wait for the writer, nor it for them.
//   - synchronous FULL: what was committed survives a power cut. With less, a
//     counted guess or a used code could be forgotten.
//   - foreign_keys on.
//   - transactions begin with the write lock, as the shop's own would otherwise
//     fail whenever they read first and write later. Begin read-only ones with
//     sql.TxOptions{ReadOnly: true}.
//
// The path may be relative; all of its characters are taken as they are.
func SQLiteDSN(path string) string {
	name := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return "file:" + name + "?_txlock=immediate" +
		"&_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1" +
		"&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
}
