package main

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
)

// instance is a shop in this process, on a real listener.
type instance struct {
	*shop
	url    string
	served *fiber.App
	log    *logBuffer
	config config
	ahead  atomic.Int64
}

// start opens a shop on files of its own. Its hashes are cheap.
func start(t *testing.T) *instance {
	t.Helper()
	cheap, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	dir := t.TempDir()
	i := &instance{log: &logBuffer{}}
	i.config = config{
		db: filepath.Join(dir, "shop.db"), keys: filepath.Join(dir, "shop.keys"), hasher: cheap,
		log: slog.New(slog.NewTextHandler(i.log, nil)), sources: rotate.SourceLimit{Off: true},
		every: time.Hour, // tests call Deliver
		now:   func() time.Time { return time.Now().Add(time.Duration(i.ahead.Load())) },
	}
	i.open(t.Context(), t, "127.0.0.1:0")
	t.Cleanup(func() { i.shut(t) })
	return i
}

func (i *instance) open(ctx context.Context, t *testing.T, addr string) {
	var err error
	i.shop, err = open(context.WithoutCancel(ctx), i.config)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", addr)
	require.NoError(t, err)
	i.url, i.served = "http://"+listener.Addr().String(), i.app()
	go func() { _ = i.served.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }() // it ends in shut
}

func (i *instance) shut(t *testing.T) {
	require.NoError(t, i.served.Shutdown())
	require.NoError(t, i.close())
}

// logBuffer is what the shop has logged.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// visitor is a browser that follows nothing by itself.
type visitor struct {
	t      testing.TB
	url    string
	client *http.Client
}

// transport lets many visitors share few connections, so that fiber uses the
// memory of each for all of them.
func (i *instance) visitor(t testing.TB, transport http.RoundTripper) *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &visitor{t, i.url, &http.Client{
		Jar: jar, Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type reply struct {
	status   int
	location string
	header   http.Header
	body     string
}

func (v *visitor) do(r *http.Request) reply {
	res, err := v.client.Do(r)
	require.NoError(v.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(v.t, err)
	return reply{res.StatusCode, res.Header.Get("Location"), res.Header, string(body)}
}

func (v *visitor) get(path string) reply {
	r, err := http.NewRequest(http.MethodGet, v.url+path, nil)
	require.NoError(v.t, err)
	return v.do(r)
}

// post sends a form of names and values in turn.
func (v *visitor) post(path string, fields ...string) reply {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r, err := http.NewRequest(http.MethodPost, v.url+path, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

func (r reply) find(t testing.TB, expression string) string {
	t.Helper()
	m := regexp.MustCompile(expression).FindStringSubmatch(r.body)
	require.NotNil(t, m, "%d %s: %s", r.status, r.location, r.body)
	return html.UnescapeString(m[1])
}

func (r reply) ticket(t testing.TB) string { return r.find(t, `name="ticket" value="([^"]+)"`) }

// token is what the last mail to an address brought.
func (i *instance) token(t testing.TB, email, path string) string {
	t.Helper()
	letters := i.mail.to(email)
	for n := len(letters) - 1; n >= 0; n-- {
		if _, token, ok := strings.Cut(letters[n].link, path); ok {
			return token
		}
	}
	require.FailNow(t, "no such mail", email)
	return ""
}

// customer signs up and confirms the address.
func (i *instance) customer(t testing.TB, email, password string) *visitor {
	t.Helper()
	v := i.visitor(t, http.DefaultTransport)
	require.Equal(t, 200, v.post("/signup", "name", "Somebody", "email", email, "password", password).status)
	r := v.post("/confirm", "token", i.token(t, email, "/confirm?token="), "password", password)
	require.Equal(t, 303, r.status, r.body)
	return v
}
