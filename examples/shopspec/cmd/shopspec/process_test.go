package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

// folder is where the reference shop is built, once.
var folder string

// program builds the reference shop for tests.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "shop")
	out, err := exec.Command("go", "build", "-tags", "testclock", "-o", path, "github.com/tillkey/tillkey/examples/shop").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "shopspec-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startShop starts the reference shop as another process, and returns its
// address.
func startShop(t *testing.T, args ...string) string {
	t.Helper()
	path, err := program()
	require.NoError(t, err)
	shop := exec.Command(path, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	stdout, err := shop.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, shop.Start())
	t.Cleanup(func() {
		_ = shop.Process.Signal(syscall.SIGTERM)
		_ = shop.Wait()
	})
	url, lines := "", bufio.NewScanner(stdout)
	for url == "" && lines.Scan() {
		url = address.FindString(lines.Text())
	}
	require.NotEmpty(t, url, "the shop says where it is")
	return url
}

const token = "a token of the tests alone"

func setToken(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte(token+"\n"), 0o600))
	t.Setenv(hook.TokenVariable, "")
	t.Setenv(hook.FileVariable, path)
}

// TestProcess: the command checks a shop that is another process, built for
// tests, through its hooks.
func TestProcess(t *testing.T) {
	setToken(t)
	url := startShop(t)
	code, report, stderr := command(t.Context(), "-url", url, "-hooks", url+"/test/hooks/", "-rounds", "3")
	require.Equal(t, exitPassed, code, report+stderr)
	require.NotContains(t, report, "hook that")
	require.NotContains(t, report+stderr, token)

	// Without the hooks it passes less, and says so.
	code, report, _ = command(t.Context(), "-url", url, "-run", "^S[012]/")
	require.Equal(t, exitPassed, code, report)
	require.Contains(t, report, "needs the hook that seeds accounts")
	require.Contains(t, report, "passed   S1/weak-passwords")
	require.NotContains(t, report, "passed   S2/")
	require.NotContains(t, report, "passed   S1/nothing-in-the-log")
}

// TestTwoProcesses: two of them on one PostgreSQL share what must be shared.
func TestTwoProcesses(t *testing.T) {
	database := newSchema(t)
	setToken(t)
	keys := filepath.Join(t.TempDir(), "shop.keys")
	one := startShop(t, "-db", database, "-keys", keys)
	two := startShop(t, "-db", database, "-keys", keys)
	code, report, stderr := command(t.Context(), "-url", one, "-url", two, "-hooks", one+"/test/hooks/", "-hooks", two+"/test/hooks/",
		"-run", "instances|S3/parallel|S3/restart|recovery-once|fast-clock|in-the-log")
	require.Equal(t, exitPassed, code, report+stderr)
	require.Contains(t, report, "8 passed, 0 failed, 0 not run")
}

// newSchema is the URL of an empty schema, which ends with the test.
func newSchema(t *testing.T) string {
	t.Helper()
	place := os.Getenv("TEST_POSTGRES")
	if place == "" {
		if os.Getenv("CI") == "true" {
			require.Fail(t, "TEST_POSTGRES is not set")
		}
		t.Skip("TEST_POSTGRES is not set: no PostgreSQL to run on")
	}
	db, err := sql.Open("pgx", place)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	name := "shopspec_" + strings.ToLower(rand.Text())
	_, err = db.ExecContext(context.Background(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		require.NoError(t, err)
	})
	u, err := url.Parse(place)
	require.NoError(t, err)
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}
