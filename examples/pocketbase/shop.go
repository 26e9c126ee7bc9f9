package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// customers is the collection of those who buy, some of whom are staff.
const customers = "customers"

// The paths of a sign-in, and of all else about passwords and factors.
const (
	signIn      = "/api/collections/" + customers + "/auth-with-password"
	credentials = "/api/credentials/"
)

// config is how a shop differs from the usual one.
type config struct {
	// keys is the key file; PocketBase's backups hold the whole data directory,
	// so it lies elsewhere.
	keys string
	// demo fills an empty shop with products and with customers of the time before.
	demo bool
	// keeper is what tests change: the clock, the hasher, the limits.
	keeper rotate.Config
}

// shop is PocketBase with a shop in it.
type shop struct {
	app    core.App
	config config
	store  *sqlstore.Store
	keeper *rotate.Keeper
	gate   web.Gate
	outbox outbox
	jobs   *jobs

	// Until stop is called, work runs beside the requests.
	ctx   context.Context
	stop  context.CancelFunc
	start sync.Mutex
	work  sync.WaitGroup
}

// newShop binds the shop to an app that is not bootstrapped yet.
func newShop(app core.App, c config) *shop {
	s := &shop{app: app, config: c}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.jobs = newJobs(s.failed)
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return s.open(s.ctx)
	})
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{Priority: -1, Func: func(e *core.TerminateEvent) error {
		s.close()
		return e.Next()
	}})
	app.OnMailerSend().BindFunc(s.outbox.keep)
	app.OnServe().BindFunc(s.serve)
	s.bindAuth()
	s.bindCustomers()
	return s
}

// open makes what is missing, and opens the Keeper.
func (s *shop) open(ctx context.Context) (err error) {
	if err := makeCollections(s.app); err != nil {
		return err
	}
	if s.config.demo {
		if err := fill(s.app); err != nil {
			return err
		}
	}
	k := s.config.keeper
	// The pool for reading has many connections, each of which may write, too.
	db := s.app.ConcurrentDB().(*dbx.DB).DB()
	if s.store, err = sqlstore.Open(ctx, db, sqlstore.Config{Dialect: sqlstore.SQLite}); err != nil {
		return err
	}
	if err := tieColumns(s.app); err != nil {
		return err
	}
	if k.Ring, err = rotate.OpenKeys(ctx, s.store, "tillkey-pocketbase", s.config.keys); err != nil {
		return err
	}
	k.Store, k.Issuer, k.Breach = s.store, brand, []policy.List{policy.NewList(leaked()...)}
	return s.openKeeper(k)
}

// run works until close is called.
func (s *shop) run() {
	s.start.Lock()
	defer s.start.Unlock()
	s.work.Go(func() { _ = s.keeper.Run(s.ctx) }) // it ends with the context, which is its error
	s.work.Go(func() { s.jobs.run(s.ctx) })
}

func (s *shop) close() {
	s.stop()
	s.start.Lock()
	defer s.start.Unlock()
	s.work.Wait()
}

func (s *shop) failed(err error) {
	if err != nil {
		s.app.Logger().Error("tillkey", "error", err.Error())
	}
}

// within is the Keeper inside a transaction of PocketBase.
func (s *shop) within(tx core.App) *rotate.Keeper {
	conn := tx.DB().(*dbx.Tx).Builder.(interface{ Executor() dbx.Executor }).Executor()
	return s.keeper.Within(s.store.On(conn))
}

// serve adds the pages of the shop to PocketBase's own.
func (s *shop) serve(e *core.ServeEvent) error {
	s.run()
	e.Server.ReadHeaderTimeout, e.Server.MaxHeaderBytes = 10*time.Second, 32<<10
	e.Router.BindFunc(noStore)
	e.Router.Bind(apis.BodyLimit(1 << 20)) // routes that take files have limits of their own
	s.storefront(e.Router.Group("/api/shop"))
	s.staffRoutes(e.Router.Group("/api/staff").Bind(apis.BodyLimit(maxBody)))
	e.Router.GET("/.well-known/change-password", apis.WrapStdHandler(web.WellKnown("/")))
	e.Router.GET("/{path...}", apis.Static(pages(), false)).BindFunc(func(e *core.RequestEvent) error {
		e.Response.Header().Set("Content-Security-Policy", pagePolicy)
		return e.Next()
	})
	if err := e.Next(); err != nil {
		return err
	}
	e.Server.Handler = copied(e.Server.Handler)
	return nil
}

// copied gives PocketBase a copy of each request. It replaces the body; done to
// the server's own request, the server would not see that a long body was left
// unread, and take the rest of it for the next request of the connection: behind
// a proxy, for one of somebody else.
func copied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.WithContext(r.Context())) })
}

// pagePolicy lets the page hold the shop's own script and style, and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// noStore keeps tokens, and what is about one visitor, out of caches.
func noStore(e *core.RequestEvent) error {
	if strings.HasPrefix(e.Request.URL.Path, "/api/") {
		e.Response.Header().Set("Cache-Control", "no-store")
	}
	return e.Next()
}
