package sqlstore

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// postgres is the dialect of PostgreSQL 13 and later.
//
// Transactions read what is committed and lock what they write. The isolation
// is set in each, since a server or a role may have another default. All that
// begins one goes over in one message, and ends with it, so that nothing of it
// stays behind in a connection of the shop's pool or of a pooler.
func postgres() *dialect {
	return &dialect{
		name:     "postgres",
		dir:      "migrations/postgres",
		numbered: true,
		begin: func(limit, wait time.Duration) []string {
			return []string{fmt.Sprintf("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = %d;"+
				" SET LOCAL statement_timeout = %d; SET LOCAL idle_in_transaction_session_timeout = %[2]d",
				millis(wait), millis(limit))}
		},
		lock:      " FOR UPDATE",
		skip:      " FOR UPDATE SKIP LOCKED",
		remote:    true,
		hasTable:  "SELECT COUNT(*) FROM pg_catalog.pg_class WHERE relname = ? AND relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(oid)",
		waiting:   "NOT delivered",
		insertNew: " ON CONFLICT (account) DO NOTHING",
		replaceGuess: " ON CONFLICT (name_key) DO UPDATE SET total = excluded.total, recent = excluded.recent," +
			" wait_until = excluded.wait_until, expires_at = excluded.expires_at",
		lockGuess:     " ON CONFLICT (name_key) DO UPDATE SET total = tillkey_guesses.total",
		pruneGuesses:  "DELETE FROM tillkey_guesses WHERE name_key IN (SELECT name_key FROM tillkey_guesses ORDER BY expires_at, name_key LIMIT ?)",
		alive:         "SELECT 1",
		fits:          postgresFits,
		alone:         postgresAlone,
		bulk:          arrays{},
		busy:          postgresBusy,
		taken:         func(err error) bool { return sqlState(err) == "23505" },
		noTransaction: never, // a ROLLBACK without one is a warning
	}
}

// millis rounds up, as 0 would mean no limit.
func millis(d time.Duration) int64 { return int64((d + time.Millisecond - 1) / time.Millisecond) }

// sqlState is the code of an error, which both pgx and lib/pq show.
func sqlState(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

// postgresBusy recognizes serialization_failure, deadlock_detected and
// lock_not_available.
func postgresBusy(err error) bool {
	switch sqlState(err) {
	case "40001", "40P01", "55P03":
		return true
	}
	return false
}

func postgresFits(ctx context.Context, s session) error {
	var version int
	var server, client string
	_, err := s.one(ctx, "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_setting('client_encoding')",
		nil, &version, &server, &client)
	switch {
	case err != nil:
		return err
	case version < 130000:
		return fmt.Errorf("sqlstore: PostgreSQL has version %d; 13 is the oldest that will do", version/10000)
	case server != "UTF8" || client != "UTF8":
		return fmt.Errorf("sqlstore: the encoding of the database is %q and that of the connection %q; both must be UTF8", server, client)
	}
	return nil
}

// postgresAlone takes a lock that ends with the transaction. Making an index
// may take longer than any statement should.
func postgresAlone(ctx context.Context, tx session) (release func() error, err error) {
	if _, err := tx.exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		return nil, err
	}
	var none string
	_, err = tx.one(ctx, "SELECT pg_advisory_xact_lock(hashtextextended(COALESCE(current_schema(), '') || ' tillkey_schema', 0))::text", nil, &none)
	return func() error { return nil }, err
}

// arrays writes many rows by one statement, in one array for each column. They
// are written as texts, which every driver can send.
type arrays struct{}

func (arrays) insert(ctx context.Context, tx session, table string, columns []field, rows [][]any) error {
	all := make([]int, len(columns))
	for i := range all {
		all[i] = i
	}
	from, args, err := unnest(columns, all, rows)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "INSERT INTO "+table+" ("+names(columns)+") SELECT * FROM "+from, args...)
	return err
}

func (arrays) update(ctx context.Context, tx session, columns []field, chosen []int, rows [][]any) error {
	from, args, err := unnest(columns, append([]int{0}, chosen...), rows)
	if err != nil {
		return err
	}
	set := make([]string, len(chosen))
	for i, column := range chosen {
		set[i] = columns[column].name + " = v." + columns[column].name
	}
	_, err = tx.exec(ctx, "UPDATE tillkey_credentials AS c SET "+strings.Join(set, ", ")+" FROM "+from+" WHERE c.account = v.account", args...)
	return err
}

func (arrays) swapSeals(ctx context.Context, tx session, c *sealChanges) error {
	if len(c.swap) == 0 {
		return nil
	}
	var text string
	from, args, err := unnest([]field{{"account", &text}, {"old", &text}, {"new", &text}}, []int{0, 1, 2}, c.swap)
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, "UPDATE tillkey_seals AS s SET key_id = v.new FROM "+from+" WHERE s.account = v.account AND s.key_id = v.old", args...)
	if err == nil && n != int64(len(c.swap)) {
		c.replace() // a row was lost; now it is there again
	}
	return err
}

// unnest is a table v of chosen columns, and its arrays.
func unnest(columns []field, chosen []int, rows [][]any) (from string, args []any, err error) {
	places, list := make([]string, len(chosen)), make([]string, len(chosen))
	for i, column := range chosen {
		places[i], list[i] = "?::"+arrayType(columns[column].value), columns[column].name
		array, err := arrayOf(rows, column)
		if err != nil {
			return "", nil, err
		}
		args = append(args, array)
	}
	return "unnest(" + strings.Join(places, ", ") + ") AS v (" + strings.Join(list, ", ") + ")", args, nil
}

// arrayType is the type of an array of what a field holds.
func arrayType(value any) string {
	switch value.(type) {
	case micros:
		return "bigint[]"
	case sums:
		return "bytea[]"
	case driver.Valuer:
		return "text[]"
	}
	switch reflect.TypeOf(value).Elem().Kind() {
	case reflect.Bool:
		return "boolean[]"
	case reflect.Int, reflect.Int64:
		return "bigint[]"
	}
	return "text[]"
}

// arrayOf writes one column of some rows as a text.
func arrayOf(rows [][]any, column int) (string, error) {
	b := []byte{'{'}
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		switch v := row[column].(type) {
		case nil:
			b = append(b, "NULL"...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case bool:
			b = strconv.AppendBool(b, v)
		case []byte:
			b = append(b, `"\\x`...)
			b = append(hex.AppendEncode(b, v), '"')
		case string:
			b = append(b, '"')
			for i := range len(v) {
				if v[i] == '"' || v[i] == '\\' {
					b = append(b, '\\')
				}
				b = append(b, v[i])
			}
			b = append(b, '"')
		default:
			return "", fmt.Errorf("sqlstore: %T is no value of a column", v)
		}
	}
	return string(append(b, '}')), nil
}
