// Package quickstart holds the test of the two programs below it.
package quickstart

import (
	"context"
	"database/sql"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	_ "modernc.org/sqlite"
)

const (
	email    = "ada@example.com"
	password = "nine violet umbrellas"
	fresh    = "seven copper lanterns"
)

// The promise of the README: the same shop with Tillkey is less than 60 changed
// lines away, an edited line counting as two.
func TestTheDifferenceIsSmall(t *testing.T) {
	before, after := lines(t, "before/main.go"), lines(t, "after/main.go")
	common := commonLines(before, after)
	changed := len(before) + len(after) - 2*common
	t.Logf("%d lines before, %d after, %d changed", len(before), len(after), changed)
	require.Less(t, changed, 60)
	require.Greater(t, changed, 0)
}

// Both shops are run as they are. The second one takes over the customers of
// the first, and does what the first cannot.
func TestBothShopsOverHTTP(t *testing.T) {
	dir := t.TempDir()

	t.Run("before", func(t *testing.T) {
		b := start(t, dir, "before")
		b.enters("/signup", url.Values{"email": {email}, "password": {password}})
		b.leaves()
		b.enters("/login", url.Values{"email": {email}, "password": {password}})
		status, _ := b.post("/login", url.Values{"email": {email}, "password": {"wrong"}})
		require.Equal(t, http.StatusUnauthorized, status)
	})

	t.Run("after", func(t *testing.T) {
		b := start(t, dir, "after")
		db := open(t, dir)
		signIn := url.Values{"email": {email}, "password": {password}}

		// The old hash is taken over and upgraded.
		b.enters("/login", signIn)
		var format string
		require.NoError(t, db.QueryRow("SELECT format FROM tillkey_credentials").Scan(&format))
		require.True(t, strings.HasPrefix(format, "argon2id"), format)
		b.leaves()

		// A weak password is refused with reasons, wherever it is chosen.
		status, page := b.post("/signup", url.Values{"email": {"bob@example.com"}, "password": {"bob"}})
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Contains(t, page, "Use at least 15 characters")
		require.Contains(t, page, "made of your name")

		// A forced change takes hold of the next sign-in.
		b.enters("/login", signIn)
		force(t, db, filepath.Join(dir, "shop.keys"))
		status, page = b.post("/login", signIn)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "time for a new password")
		signIn.Set("new_password", password)
		status, page = b.post("/login", signIn)
		require.Equal(t, http.StatusUnprocessableEntity, status)
		require.Contains(t, page, "the password you have now")
		signIn.Set("new_password", fresh)
		b.enters("/login", signIn)

		// The old password is gone, whatever the shop's own table says.
		b.leaves()
		status, _ = b.post("/login", url.Values{"email": {email}, "password": {password}})
		require.Equal(t, http.StatusUnauthorized, status)
		b.enters("/login", url.Values{"email": {email}, "password": {fresh}})
	})
}

// force is what a command of the shop's staff would do.
func force(t *testing.T, db *sql.DB, keys string) {
	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
	require.NoError(t, err)
	ring, err := keyring.ReadFile("quickstart", keys)
	require.NoError(t, err)
	keeper, err := rotate.New(rotate.Config{Store: store, Ring: ring})
	require.NoError(t, err)
	order := rotate.Order{Group: "customers", Reason: rotate.PolicyRaised, Actor: "staff-1"}
	order.Expect, err = keeper.Preview(context.Background(), order)
	require.NoError(t, err)
	require.Equal(t, 1, order.Expect)
	_, err = keeper.Force(context.Background(), order)
	require.NoError(t, err)
}

func open(t *testing.T, dir string) *sql.DB {
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(dir, "data", "shop.db")))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// browser is a visitor of one running shop.
type browser struct {
	t      *testing.T
	at     string
	client *http.Client
}

// start builds one of the shops, runs it in dir, and waits until it answers.
func start(t *testing.T, dir, name string) browser {
	program := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("go", "build", "-o", program, "./"+name).CombinedOutput()
	require.NoError(t, err, string(out))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := free.Addr().String()
	require.NoError(t, free.Close())

	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-addr", addr)
	cmd.Dir = dir
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait()
		require.NotContains(t, log.String(), password)
		require.NotContains(t, log.String(), fresh)
	})
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			err = c.Close()
		}
		return err == nil
	}, time.Minute, 10*time.Millisecond, "the shop does not answer: %s", log.String)

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return browser{t: t, at: "http://" + addr, client: &http.Client{Jar: jar, Timeout: time.Minute}}
}

// post sends a form and returns what comes of it in the end.
func (b browser) post(path string, form url.Values) (status int, page string) {
	res, err := b.client.PostForm(b.at+path, form)
	require.NoError(b.t, err)
	return read(b.t, res)
}

func read(t *testing.T, res *http.Response) (status int, page string) {
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

// enters sends a form that leads to the page behind the sign-in.
func (b browser) enters(path string, form url.Values) {
	status, page := b.post(path, form)
	require.Equal(b.t, http.StatusOK, status)
	require.Contains(b.t, page, "You are signed in")
}

// leaves signs out; the page behind the sign-in is shut then.
func (b browser) leaves() {
	_, page := b.post("/logout", nil)
	require.Contains(b.t, page, "Welcome")
	res, err := b.client.Get(b.at + "/account")
	require.NoError(b.t, err)
	_, page = read(b.t, res)
	require.Contains(b.t, page, "Welcome")
}

func lines(t *testing.T, path string) []string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// commonLines is the length of the longest common subsequence, which is what
// diff leaves unchanged at best.
func commonLines(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}
