package kettle

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// Accounts, sign-ins, carts and purchases survive a restart.
func TestRestartKeepsEverything(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	b.entered(b.post("/account/password", "password", ada.Password, "new_password", fayPassword))
	b.post("/cart", "product", "spoon", "quantity", "3", "add", "1")
	jar := b.client.Jar
	g.stop()
	g.start()
	require.Empty(t, g.shop.seeded, "the accounts are made once")

	// The cookies are for a host, whatever its port.
	b = g.browser()
	b.client.Jar = jar
	require.Contains(t, b.get("/account").Body, "Hello, Ada")
	require.Contains(t, b.get("/cart").Body, "Measuring spoon")
	b.post("/logout")
	require.Equal(t, http.StatusUnauthorized, b.login(ada.Email, ada.Password).Status)
	b.entered(b.login(ada.Email, fayPassword))
}

// S03: a missing key is not a wrong password. The shop does not start.
func TestS03_MissingKeys(t *testing.T) {
	g := newStage(t)
	credentials := g.sql("SELECT COUNT(*) FROM tillkey_credentials")
	g.stop()
	ctx := context.Background()
	kept := g.config.Keys + ".kept"
	require.NoError(t, os.Rename(g.config.Keys, kept))

	_, err := Open(ctx, g.config)
	require.ErrorContains(t, err, "is missing, but the database holds "+credentials+" credentials")
	require.NoFileExists(t, g.config.Keys, "no new key was made")

	// Another key is no help.
	err = keyring.CreateFile(realm, g.config.Keys)
	require.NoError(t, err)
	_, err = Open(ctx, g.config)
	require.ErrorContains(t, err, "do not go together")
	require.ErrorContains(t, err, "missing key")

	require.NoError(t, os.WriteFile(g.config.Keys, []byte("no key\n"), 0o600))
	_, err = Open(ctx, g.config)
	require.ErrorContains(t, err, "line 1")
	require.NotContains(t, err.Error(), "no key\n")

	require.NoError(t, os.Rename(kept, g.config.Keys))
	if runtime.GOOS != "windows" {
		require.NoError(t, os.Chmod(g.config.Keys, 0o644))
		_, err = Open(ctx, g.config)
		require.ErrorContains(t, err, "chmod 600")
		require.NoError(t, os.Chmod(g.config.Keys, 0o600))
	}
	g.start()
	require.Equal(t, http.StatusOK, g.browser().get("/").Status)
}

// The key file is its owner's alone, and not beside the database.
func TestS03_KeyFile(t *testing.T) {
	g := newStage(t)
	info, err := os.Stat(g.config.Keys)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	for _, args := range [][]string{nil, {"-db", filepath.Join(t.TempDir(), "shop.db")}} {
		c, err := parse(args, io.Discard)
		require.NoError(t, err)
		forget, err := c.places()
		require.NoError(t, err)
		require.NotEqual(t, filepath.Dir(c.DB), filepath.Dir(c.Keys))
		forget()
	}
}

func TestSecondInstance(t *testing.T) {
	g := newStage(t)
	_, err := Open(context.Background(), g.config)
	require.ErrorContains(t, err, "another instance of the shop uses")
	require.Equal(t, http.StatusOK, g.browser().get("/").Status)
}

// What cannot work is refused at once, with what to do and an exit code.
func TestRefusals(t *testing.T) {
	const secret = "gulls-over-the-pier"
	t.Setenv("PGPASSWORD", secret)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("not a directory"), 0o600))
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	db := func(name string) string { return filepath.Join(t.TempDir(), name) }
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"help", []string{"-h"}, exitOK, "Exit codes"},
		{"unknown flag", []string{"-clock", "fast"}, exitUsage, "-clock"},
		{"argument", []string{"shop.db"}, exitUsage, `unexpected argument "shop.db"`},
		{"keys alone", []string{"-keys", "x"}, exitUsage, "-keys needs -db"},
		{"certificate alone", []string{"-cert", "x"}, exitUsage, "go together"},
		{"password in the URL", []string{"-db", "postgres://shop:" + secret + "@127.0.0.1/shop"}, exitUsage, "PGPASSFILE"},
		{"password in a parameter", []string{"-db", "postgres://127.0.0.1/shop?password=" + secret}, exitUsage, "PGPASSFILE"},
		{"not a URL", []string{"-db", "postgres://shop:" + secret + "@127.0.0.1:port/shop"}, exitUsage, "not a valid"},
		{"another database", []string{"-db", "mysql://127.0.0.1/shop"}, exitUsage, "neither a file nor a postgres:// URL"},
		{"bad parameter", []string{"-db", "postgres://127.0.0.1/shop?sslmode=perhaps", "-keys", db("k")}, exitFailed, "sslmode"},
		{"no server", []string{"-db", "postgres://shop@127.0.0.1:1/shop?sslmode=disable", "-keys", db("k")}, exitFailed, `database "postgres://shop@127.0.0.1:1/shop"`},
		{"address in use", []string{"-addr", busy.Addr().String()}, exitFailed, "choose another -addr"},
		{"bad directory", []string{"-db", filepath.Join(file, "shop.db"), "-keys", db("k")}, exitFailed, "directory of the database"},
		{"database is a directory", []string{"-db", dir, "-keys", db("k")}, exitFailed, "database"},
		{"not a database", []string{"-db", file, "-keys", db("k")}, exitFailed, "not a database"},
		{"no corpus", []string{"-corpus", db("c")}, exitFailed, "cannot be opened"},
		{"not a corpus", []string{"-corpus", file}, exitFailed, "breach:"},
		{"bad key directory", []string{"-db", db("d"), "-keys", filepath.Join(file, "k")}, exitFailed, "key file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			require.Equal(t, c.code, Run(context.Background(), c.args, &out, &errs), errs.String())
			require.Contains(t, errs.String(), c.says)
			require.NotContains(t, errs.String(), secret)
			require.Empty(t, out.String())
		})
	}
}

// The plain command serves, says what to try, and leaves nothing behind.
func TestPlainCommand(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, in := io.Pipe()
	errs := &logs{}
	code := make(chan int)
	go func() {
		c := Run(ctx, []string{"-addr", "127.0.0.1:0"}, in, errs)
		in.Close()
		code <- c
	}()
	var text strings.Builder
	for at := make([]byte, 4096); !strings.Contains(text.String(), "Ctrl-C"); {
		n, err := out.Read(at)
		require.NoError(t, err, errs.String())
		text.Write(at[:n])
	}
	require.Contains(t, text.String(), "ada@example.com")
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`).FindString(text.String())
	res, err := http.Get(url)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.NoError(t, res.Body.Close())
	db := regexp.MustCompile(`(?m)Its data is in (.*) and is deleted`).FindStringSubmatch(text.String())
	require.FileExists(t, db[1])

	stop()
	require.Equal(t, exitOK, <-code, errs.String())
	require.NoDirExists(t, filepath.Dir(db[1]))
	for _, quoted := range regexp.MustCompile(`"[^"]+"`).FindAllString(text.String(), -1) {
		require.NotContains(t, errs.String(), strings.Trim(quoted, `"`), "a password in the log")
	}
}

// Over https every cookie is Secure and bound to the host.
func TestHTTPS(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(certFile, certPEM, 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))

	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	errs := &logs{}
	code := make(chan int)
	go func() {
		code <- Run(ctx, []string{"-addr", "127.0.0.1:0", "-cert", certFile, "-certkey", keyFile}, in, errs)
	}()
	at := make([]byte, 4096)
	n, err := out.Read(at)
	require.NoError(t, err)
	go io.Copy(io.Discard, out)
	url := regexp.MustCompile(`https://127\.0\.0\.1:\d+/`).FindString(string(at[:n]))

	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	res, err := client.PostForm(url+"cart", map[string][]string{"product": {"tin"}, "quantity": {"1"}})
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	res, err = client.Get(url + "login")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.NotEmpty(t, res.Header.Get("Strict-Transport-Security"))
	require.NotEmpty(t, res.Cookies())
	for _, c := range res.Cookies() {
		require.True(t, c.Secure && c.HttpOnly && strings.HasPrefix(c.Name, "__Host-") && c.SameSite == http.SameSiteLaxMode, c.Name)
	}
	client.CloseIdleConnections()
	stop()
	require.Equal(t, exitOK, <-code, errs.String())
}

// Sessions that are over leave the database.
func TestOldSessionsAreDeleted(t *testing.T) {
	g := newStage(t)
	g.browser().post("/cart", "product", "tin", "quantity", "1")
	require.Equal(t, "1", g.sql("SELECT COUNT(*) FROM sessions"))
	g.stop()
	g.clock.Advance(31 * 24 * time.Hour)
	g.start()
	require.Eventually(t, func() bool { return g.sql("SELECT COUNT(*) FROM sessions") == "0" }, time.Minute, time.Millisecond)
}

// When the database is away, customers are told to come back and guests look
// around.
func TestDatabaseAway(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	require.NoError(t, g.shop.db.DB.Close())
	a := b.get("/account")
	require.Equal(t, http.StatusServiceUnavailable, a.Status)
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	guest := g.browser()
	require.Equal(t, http.StatusOK, guest.get("/").Status)
	a = guest.login(ada.Email, ada.Password)
	require.Equal(t, http.StatusServiceUnavailable, a.Status)
	require.Contains(t, a.Body, "cannot do this right now")
}
