package sqlstore

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// stateError is an error that shows an SQLSTATE, as those of pgx and lib/pq do.
type stateError string

func (stateError) Error() string      { return "some text" }
func (s stateError) SQLState() string { return string(s) }

func TestPostgresBusy(t *testing.T) {
	// Codes of https://www.postgresql.org/docs/current/errcodes-appendix.html.
	for _, code := range []stateError{"40001", "40P01", "55P03"} {
		require.True(t, postgresBusy(code), string(code))
		require.True(t, postgresBusy(failed(t.Context(), code)), string(code))
	}
	for _, code := range []stateError{"", "23505", "25P02", "40002", "40003", "57014", "57P01", "08006"} {
		require.False(t, postgresBusy(code), string(code))
	}
	require.False(t, postgresBusy(errors.New("SQLSTATE 40001")))
	require.False(t, postgresBusy(nil))
}

// TestMySQLNumber reads texts as go-sql-driver/mysql writes them, with a state
// since 1.7.
func TestMySQLNumber(t *testing.T) {
	for text, want := range map[string]int{
		"Error 1213 (40001): Deadlock found when trying to get lock; try restarting transaction": 1213,
		"Error 1205: Lock wait timeout exceeded; try restarting transaction":                     1205,
		"Error 1062 (23000): Duplicate entry 'Error 1213' for key 'PRIMARY'":                     1062,
		"invalid connection":                 0,
		"Error":                              0,
		"Error ":                             0,
		"Error x":                            0,
		"Error 99999999999999999999 (x): y":  0,
		"duplicate of Error 1213 (40001): z": 0,
	} {
		require.Equal(t, want, mysqlNumber(errors.New(text)), text)
		require.Equal(t, want, mysqlNumber(fmt.Errorf("%w (migration 1)", failed(t.Context(), errors.New(text)))), text)
	}
	require.Zero(t, mysqlNumber(nil))
	for number, busy := range map[int]bool{1020: true, 1205: true, 1213: true, 1062: false, 1969: false, 3024: false, 1317: false} {
		require.Equal(t, busy, mysqlBusy(fmt.Errorf("Error %d (HY000): text", number)), "%d", number)
		require.False(t, mysql().ran(fmt.Errorf("Error %d (HY000): text", number)), "%d", number)
	}
	require.True(t, mysql().ran(failed(t.Context(), errors.New("Error 1060 (42S21): Duplicate column name 'unmet_at'"))))
}

func TestVersionOf(t *testing.T) {
	for version, want := range map[string][]int{
		"10.11.19-MariaDB-0+deb12u1": {10, 11, 19}, "8.0.36": {8, 0, 36}, "8.4.0-commercial": {8, 4, 0}, "11.4.2-MariaDB": {11, 4, 2}, "": {0},
	} {
		require.Equal(t, want, versionOf(version), version)
	}
}

func TestTexts(t *testing.T) {
	plain := newTexts(sqlite(), defaultPrefix, "")
	require.Equal(t, "SELECT a FROM tillkey_b WHERE c = ? AND d = ?", plain.of("SELECT a FROM tillkey_b WHERE c = ? AND d = ?"))
	other := newTexts(postgres(), "shop_", "")
	for range 2 {
		require.Equal(t, "SELECT a FROM shop_b WHERE c = $1 AND d = $2", other.of("SELECT a FROM tillkey_b WHERE c = ? AND d = ?"))
	}
	bounded := newTexts(mariadb(), defaultPrefix, mariadb().bounded(1500*time.Millisecond, time.Millisecond))
	require.Equal(t, "SET STATEMENT max_statement_time = 1.500, innodb_lock_wait_timeout = 1 FOR SELECT 1", bounded.of("SELECT 1"))
	// More than are remembered are made anew.
	for i := range 2 * maxTexts {
		require.Equal(t, fmt.Sprintf("%d $1", i), other.of(fmt.Sprintf("%d ?", i)))
	}
	require.Len(t, other.done, maxTexts)
}

// TestBegin has PostgreSQL set its limits by one message and in whole
// milliseconds; 0 would mean none.
func TestBegin(t *testing.T) {
	require.Equal(t, []string{"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = 1;" +
		" SET LOCAL statement_timeout = 30000; SET LOCAL idle_in_transaction_session_timeout = 30000"},
		postgres().begin(30*time.Second, time.Nanosecond))
	require.EqualValues(t, 1, seconds(time.Nanosecond))
	require.EqualValues(t, 2, seconds(1001*time.Millisecond))
}

// TestArrayTypes gives each column an array of its own type.
func TestArrayTypes(t *testing.T) {
	got := make(map[string]string)
	for _, f := range new(row).fields() {
		got[f.name] = arrayType(f.value)
	}
	for name, want := range map[string]string{
		"account": "text[]", "adopted": "boolean[]", "created_at": "bigint[]", "epoch": "bigint[]", "forced_reason": "text[]", "forced_proof": "text[]",
		"reminded_ns": "bigint[]", "password_total": "bigint[]", "factor_step": "bigint[]", "recovery": "bytea[]", "retired": "text[]",
	} {
		require.Equal(t, want, got[name], name)
	}
}

func TestArrayOf(t *testing.T) {
	rows := [][]any{{nil}, {int64(-1)}, {true}, {false}, {[]byte{0, 255}}, {`a"b\c`}, {""}}
	text, err := arrayOf(rows, 0)
	require.NoError(t, err)
	require.Equal(t, `{NULL,-1,true,false,"\\x00ff","a\"b\\c",""}`, text)
	_, err = arrayOf([][]any{{1.5}}, 0)
	require.ErrorContains(t, err, "float64")
}

// TestPlain takes the short way and the long one to the same value.
func TestPlain(t *testing.T) {
	var r row
	at := time.UnixMicro(5)
	r.set(&rotate.Credential{
		Account: "a", Created: at, Epoch: 7, Adopted: true, Forced: &rotate.Forced{Proof: "p"}, Reminded: rotate.Reminded{Before: 3},
		Factor: &rotate.Factor{Step: 9}, Recovery: []totp.Sum{{1}}, Ended: []rotate.Ended{{ID: "e"}},
	})
	for _, f := range r.fields() {
		want, err := driver.DefaultParameterConverter.ConvertValue(f.value)
		require.NoError(t, err)
		got, err := plain(f.value)
		require.NoError(t, err)
		require.Equal(t, want, got, f.name)
		require.True(t, driver.IsValue(got), f.name)
	}
	_, err := plain(micros{pointer(time.Unix(1<<60, 0))})
	require.Error(t, err)
	require.Error(t, plainArgs([]any{1, struct{}{}}))
}
