package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/totp"
)

const password = "plum kettle orbit 92 fjord"

// instance is a shop that listens on a port of its own.
type instance struct {
	*shop
	dir, url string
	clock    *tilltest.Clock
	config   config
	served   chan error
}

// cheap makes hashes that cost next to nothing, as argon2 allows (RFC 9106,
// section 3.1).
func cheap(t testing.TB) *hash.Hasher {
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return h
}

// start opens a shop on an empty directory and serves it until the test ends.
func start(t *testing.T) *instance {
	t.Helper()
	i := &instance{dir: t.TempDir(), clock: tilltest.NewClock(time.Now())}
	i.config = config{keys: filepath.Join(t.TempDir(), "pb.keys"), demo: true, keeper: rotate.Config{
		Hasher: cheap(t), Now: i.clock.Now, Sources: rotate.SourceLimit{Off: true}, // a clock that stands still earns no tries
	}}
	require.NoError(t, i.open("127.0.0.1:0"))
	t.Cleanup(func() { require.NoError(t, i.close()) })
	return i
}

// beside serves the same shop by another instance with a clock of its own, as a
// command does that runs beside the server.
func (i *instance) beside(t *testing.T) *instance {
	t.Helper()
	j := &instance{dir: i.dir, clock: tilltest.NewClock(i.clock.Now()), config: i.config}
	j.config.keeper.Now = j.clock.Now
	require.NoError(t, j.open("127.0.0.1:0"))
	t.Cleanup(func() { require.NoError(t, j.close()) })
	return j
}

func (i *instance) open(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	i.url = "http://" + listener.Addr().String()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: i.dir, DBConnect: connect})
	i.shop = newShop(app, i.config)
	app.OnSettingsReload().BindFunc(func(e *core.SettingsReloadEvent) error {
		err := e.Next()
		set := e.App.Settings()
		set.Meta.AppURL, set.Logs.MinLevel = i.url, int(slog.LevelDebug)
		set.Batch.Enabled, set.Batch.MaxRequests = true, 10
		return err
	})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener, e.InstallerFunc = listener, nil
		return e.Next()
	})
	i.served = make(chan error, 1)
	go func() { i.served <- apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()}) }()
	return nil
}

func (i *instance) close() error {
	event := &core.TerminateEvent{App: i.app}
	if err := i.app.OnTerminate().Trigger(event, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() }); err != nil {
		return err
	}
	return <-i.served
}

// visitor is a program with cookies, and a token once it has one.
type visitor struct {
	t      *testing.T
	url    string
	client *http.Client
	token  string
}

func (i *instance) visitor(t *testing.T) *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &visitor{t: t, url: i.url, client: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
}

// answered is what came back.
type answered struct {
	status int
	header http.Header
	body   map[string]any
	text   string
}

func (a answered) str(name string) string {
	text, _ := a.body[name].(string)
	return text
}

func (v *visitor) request(method, path string, body any) (*http.Request, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, bytes.NewReader(text))
	if err == nil {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", v.token)
	}
	return r, err
}

// do sends JSON, and keeps the token of the answer.
func (v *visitor) do(method, path string, body any) answered {
	v.t.Helper()
	r, err := v.request(method, path, body)
	require.NoError(v.t, err)
	res, err := v.client.Do(r)
	require.NoError(v.t, err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	require.NoError(v.t, err)
	a := answered{status: res.StatusCode, header: res.Header, text: string(got)}
	_ = json.Unmarshal(got, &a.body) // not all answers are objects
	if token := a.str("token"); token != "" {
		v.token = token
	}
	return a
}

func (v *visitor) post(path string, body any) answered { v.t.Helper(); return v.do("POST", path, body) }
func (v *visitor) get(path string) answered            { v.t.Helper(); return v.do("GET", path, nil) }

type object = map[string]any

func (v *visitor) signIn(email, password string) answered {
	v.t.Helper()
	return v.post(signIn, object{"identity": email, "password": password})
}

// customer seeds a customer of today.
func (i *instance) customer(t *testing.T, email string, staff bool) string {
	t.Helper()
	id, err := i.seed(t.Context(), shopspec.Account{Email: email, Name: "Mira Holm", Password: password, Staff: staff, Changed: i.clock.Now()})
	require.NoError(t, err)
	return id
}

// old seeds a customer of the time before Tillkey.
func (i *instance) old(t *testing.T, email string) string {
	t.Helper()
	encoded, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	require.NoError(t, err)
	id, err := i.seed(t.Context(), shopspec.Account{Email: email, Name: "Nils Holm", Encoded: string(encoded)})
	require.NoError(t, err)
	return id
}

// row reads columns of a customer as the database has them.
func (i *instance) row(t *testing.T, id string) (password, tokenKey string) {
	t.Helper()
	require.NoError(t, i.app.ConcurrentDB().NewQuery("SELECT password, tokenKey FROM customers WHERE id = {:id}").
		Bind(dbx.Params{"id": id}).Row(&password, &tokenKey))
	return password, tokenKey
}

// mailed is the last ticket of a kind that was mailed to an address.
func (i *instance) mailed(t *testing.T, kind, to string) string {
	t.Helper()
	letters, err := i.sentMail(t.Context(), to)
	require.NoError(t, err)
	ticket := ""
	for _, l := range letters {
		if _, rest, found := strings.Cut(l.Text, "#"+kind+"="); found {
			ticket, _, _ = strings.Cut(rest, "\"")
		}
	}
	require.NotEmpty(t, ticket, "no mail with a ticket")
	return ticket
}

// superuser signs a superuser of PocketBase in.
func (i *instance) superuser(t *testing.T) *visitor {
	t.Helper()
	collection, err := i.app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	require.NoError(t, err)
	record := core.NewRecord(collection)
	record.SetEmail("root@example.com")
	record.SetPassword(password)
	require.NoError(t, i.app.Save(record))
	v := i.visitor(t)
	require.Equal(t, 200, v.post("/api/collections/_superusers/auth-with-password", object{"identity": "root@example.com", "password": password}).status)
	return v
}

// enroll sets up a second factor and gives back its key.
func (i *instance) enroll(t *testing.T, v *visitor, ticket string) totp.Secret {
	t.Helper()
	offer := v.post(credentials+"enroll", object{"password": password, "mfaId": ticket, "email": "spec@example.com"})
	require.Equal(t, 200, offer.status, offer.text)
	secret, err := totp.ParseSecret(offer.str("secret"))
	require.NoError(t, err)
	i.clock.Advance(time.Minute)
	a := v.post(credentials+"enroll-confirm", object{"mfaId": ticket, "code": secret.Code(i.clock.Now())})
	require.Equal(t, 200, a.status, a.text)
	require.Len(t, a.body["meta"].(object)["recoveryCodes"], totp.DefaultRecoveryCodes)
	return secret
}
