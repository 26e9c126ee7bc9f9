package browser

import (
	"bufio"
	"bytes"
	"database/sql"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	_ "modernc.org/sqlite"
)

// build makes the program of the shop, with the clock that a test can move.
func build(t *testing.T) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "shop")
	text, err := exec.Command("go", "build", "-tags", "testclock", "-o", binary, "github.com/tillkey/tillkey/examples/shop").CombinedOutput()
	require.NoError(t, err, string(text))
	return binary
}

// shop is a process of the shop on a database of its own.
type shop struct {
	t       *testing.T
	address string // such as http://127.0.0.1:4711
	file    string // the database
	// passwords are those of the accounts that the start prints, by e-mail.
	passwords map[string]string
}

// start runs the shop on a free port and reads what it prints.
func start(t *testing.T, binary string) shop {
	t.Helper()
	s := shop{t: t, file: filepath.Join(t.TempDir(), "shop.db"), passwords: map[string]string{}}
	var log bytes.Buffer
	cmd := exec.Command(binary, "-addr", "127.0.0.1:0", "-db", s.file, "-keys", filepath.Join(t.TempDir(), "shop.keys"))
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		_, _ = io.Copy(io.Discard, out) // up to its end
		require.NoError(t, cmd.Wait(), "it stops as asked")
		require.NotContains(t, log.String(), "level=ERROR")
	})
	place := regexp.MustCompile(`open at (\S+)/`)
	account := regexp.MustCompile(`(\S+@\S+)\s+("(?:[^"\\]|\\.)+")`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := lines.Text()
		if found := place.FindStringSubmatch(line); found != nil {
			s.address = found[1]
		}
		if found := account.FindStringSubmatch(line); found != nil {
			password, err := strconv.Unquote(found[2])
			require.NoError(t, err)
			s.passwords[found[1]] = password
		}
		if strings.Contains(line, "Ctrl-C") {
			return s
		}
	}
	require.NoError(t, lines.Err())
	require.Fail(t, "the shop did not start", log.String())
	return s
}

// advance moves the shop's clock and tells its new time.
func (s shop) advance(d time.Duration) time.Time {
	s.t.Helper()
	res, err := http.PostForm(s.address+"/test/clock", url.Values{"advance": {d.String()}})
	require.NoError(s.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	now, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text)))
	require.NoError(s.t, err, string(text))
	return now
}

// sql reads one value of the database past the shop.
func (s shop) sql(query string, args ...any) (value string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(s.file))
	require.NoError(s.t, err)
	defer db.Close()
	require.NoError(s.t, db.QueryRow(query, args...).Scan(&value))
	return value
}

// counts reads names and numbers past the shop.
func (s shop) counts(query string) map[string]int {
	s.t.Helper()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(s.file))
	require.NoError(s.t, err)
	defer db.Close()
	rows, err := db.Query(query)
	require.NoError(s.t, err)
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		require.NoError(s.t, rows.Scan(&name, &n))
		all[name] = n
	}
	require.NoError(s.t, rows.Err())
	return all
}
