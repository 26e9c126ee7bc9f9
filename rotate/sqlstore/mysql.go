package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mariadb is the dialect of MariaDB 10.6 and later.
//
// READ COMMITTED is set in each transaction, as the default locks the gaps
// between rows too. A compound statement begins one in one message. The limits
// are set for single statements, since they would stay behind in a connection
// of the shop's pool.
func mariadb() *dialect {
	d := mysql()
	d.name = "mariadb"
	d.begin = func(_, _ time.Duration) []string {
		return []string{"BEGIN NOT ATOMIC SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION READ WRITE; END"}
	}
	d.bounded = func(limit, wait time.Duration) string {
		return fmt.Sprintf("SET STATEMENT max_statement_time = %d.%03d, innodb_lock_wait_timeout = %d FOR ",
			millis(limit)/1000, millis(limit)%1000, seconds(wait))
	}
	d.fits = func(ctx context.Context, s session) error { return mysqlFits(ctx, s, true) }
	return d
}

// mysql is the dialect of MySQL 8.0.19 and later.
func mysql() *dialect {
	return &dialect{
		name: "mysql",
		dir:  "migrations/mysql",
		begin: func(_, _ time.Duration) []string {
			return []string{"SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION READ WRITE"}
		},
		lock:     " FOR UPDATE",
		skip:     " FOR UPDATE SKIP LOCKED",
		sorted:   " FORCE INDEX (PRIMARY)",
		remote:   true,
		hasTable: "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
		waiting:  "delivered = 0",
		replaceGuess: " ON DUPLICATE KEY UPDATE total = VALUES(total), recent = VALUES(recent)," +
			" wait_until = VALUES(wait_until), expires_at = VALUES(expires_at)",
		lockGuess:    " ON DUPLICATE KEY UPDATE name_key = VALUES(name_key)",
		pruneGuesses: "DELETE FROM tillkey_guesses ORDER BY expires_at, name_key LIMIT ?",
		fits:         func(ctx context.Context, s session) error { return mysqlFits(ctx, s, false) },
		alone:        mysqlAlone,
		// A deadlock undoes all of a transaction, savepoints included.
		watch:         "SAVEPOINT tillkey_shop",
		alive:         "RELEASE SAVEPOINT tillkey_shop",
		piecemeal:     true,
		ran:           func(err error) bool { return mysqlNumber(err) == 1060 }, // ER_DUP_FIELDNAME
		bulk:          rowValues{},
		busy:          mysqlBusy,
		taken:         func(err error) bool { return mysqlNumber(err) == 1062 },
		noTransaction: never, // a ROLLBACK without one does nothing
	}
}

// seconds rounds up, as 0 would mean not to wait at all.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// mysqlNumber is the number of an error of the server, 0 if it is none. The
// driver keeps it in a field of its own type, which cannot be named without
// importing it; but its text begins with it, as in "Error 1213 (40001): ...".
func mysqlNumber(err error) int {
	for ; err != nil; err = errors.Unwrap(err) {
		rest, ok := strings.CutPrefix(err.Error(), "Error ")
		if !ok {
			continue
		}
		digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if digits <= 0 {
			continue
		}
		if n, err := strconv.Atoi(rest[:digits]); err == nil {
			return n
		}
	}
	return 0
}

// mysqlBusy recognizes ER_CHECKREAD, ER_LOCK_WAIT_TIMEOUT and ER_LOCK_DEADLOCK.
func mysqlBusy(err error) bool {
	switch mysqlNumber(err) {
	case 1020, 1205, 1213:
		return true
	}
	return false
}

func mysqlFits(ctx context.Context, s session, mariadb bool) error {
	var version, client, connection, results string
	var autocommit int
	_, err := s.one(ctx, "SELECT VERSION(), @@character_set_client, @@character_set_connection, COALESCE(@@character_set_results, 'none'), @@autocommit",
		nil, &version, &client, &connection, &results, &autocommit)
	if err != nil {
		return err
	}
	want, least := "MySQL", []int{8, 0, 19}
	if mariadb {
		want, least = "MariaDB", []int{10, 6}
	}
	if strings.Contains(version, "MariaDB") != mariadb || slices.Compare(versionOf(version), least) < 0 {
		return fmt.Errorf("sqlstore: the server has version %q; this dialect needs %s %d.%d or later", version, want, least[0], least[1])
	}
	for _, charset := range []string{client, connection, results} {
		if charset != "utf8mb4" {
			return fmt.Errorf("sqlstore: the connection has character set %q; it must be utf8mb4", charset)
		}
	}
	if autocommit != 1 {
		return errors.New("sqlstore: autocommit is off, so that a reading would never end")
	}
	return nil
}

// versionOf reads the numbers a version begins with.
func versionOf(version string) (numbers []int) {
	digits := func(r rune) bool { return r != '.' && (r < '0' || r > '9') }
	if end := strings.IndexFunc(version, digits); end >= 0 {
		version = version[:end]
	}
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	return numbers
}

// mysqlAlone takes a lock of the connection, as each statement that makes a
// table ends the transaction.
func mysqlAlone(ctx context.Context, tx session) (release func() error, err error) {
	const lock = "SHA1(CONCAT(DATABASE(), ' tillkey_schema'))"
	var got int
	if _, err := tx.one(ctx, "SELECT COALESCE(GET_LOCK("+lock+", 60), 0)", nil, &got); err != nil {
		return nil, err
	}
	if got != 1 {
		return nil, errors.New("sqlstore: another instance is migrating, or no database is chosen")
	}
	return func() error {
		ctx := context.WithoutCancel(ctx)
		if _, err := tx.exec(ctx, "COMMIT"); err != nil {
			return err
		}
		_, err := tx.one(ctx, "SELECT RELEASE_LOCK("+lock+")", nil, &got)
		return err
	}, nil
}

// Bounds of one statement of many rows: the server refuses more places and, by
// its max_allowed_packet, more bytes.
const (
	maxRowValues = 16_000
	maxRowBytes  = 1 << 20
)

// rowValues writes many rows by statements that hold a list of values for each.
type rowValues struct{}

func (rowValues) insert(ctx context.Context, tx session, table string, columns []field, rows [][]any) error {
	return insertRows(ctx, tx, table, columns, rows, "")
}

// update inserts whole rows over those that are there, and writes the chosen
// columns alone.
func (rowValues) update(ctx context.Context, tx session, columns []field, chosen []int, rows [][]any) error {
	set := make([]string, len(chosen))
	for i, column := range chosen {
		set[i] = columns[column].name + " = VALUES(" + columns[column].name + ")"
	}
	return insertRows(ctx, tx, "tillkey_credentials", columns, rows, " ON DUPLICATE KEY UPDATE "+strings.Join(set, ", "))
}

func (rowValues) swapSeals(_ context.Context, _ session, c *sealChanges) error {
	c.replace()
	return nil
}

func insertRows(ctx context.Context, tx session, table string, columns []field, rows [][]any, suffix string) error {
	one := "(" + marks(len(columns)) + ")"
	for len(rows) > 0 {
		n, size := 0, 0
		var args []any
		for n < len(rows) && (n+1)*len(columns) <= maxRowValues && (n == 0 || size+sizeOf(rows[n]) <= maxRowBytes) {
			args, size = append(args, rows[n]...), size+sizeOf(rows[n])
			n++
		}
		query := "INSERT INTO " + table + " (" + names(columns) + ") VALUES " + strings.Repeat(one+", ", n-1) + one + suffix
		if _, err := tx.exec(ctx, query, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// sizeOf is about how many bytes a row takes.
func sizeOf(row []any) (size int) {
	for _, value := range row {
		switch v := value.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		default:
			size += 8
		}
	}
	return size
}
