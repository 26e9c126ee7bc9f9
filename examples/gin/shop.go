package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// config is what the command line says, and what a test may set.
type config struct {
	// DB is the URL of a PostgreSQL database, Keys the path of the key file.
	DB, Keys string
	Log      *slog.Logger
	Now      func() time.Time
	Hasher   *hash.Hasher  // nil means the default one
	Breach   []policy.List // of leaked passwords
	Sources  rotate.SourceLimit
}

// shop is one instance.
type shop struct {
	config
	db     *gorm.DB
	sql    *sql.DB
	store  *sqlstore.Store
	keeper *rotate.Keeper
	gate   web.Gate
	secret []byte
	mail   *mailer

	stop context.CancelFunc
	work sync.WaitGroup
}

// open makes an instance and starts what runs beside the requests. Close it.
func open(ctx context.Context, c config) (*shop, error) {
	s := &shop{config: c, mail: newMailer(c.Log)}
	var err error
	// No SQL in the log: it would hold addresses.
	if s.db, err = gorm.Open(postgres.Open(c.DB), &gorm.Config{Logger: logger.Discard, TranslateError: true}); err != nil {
		return nil, err
	}
	if s.sql, err = s.db.DB(); err != nil {
		return nil, err
	}
	if err := s.db.WithContext(ctx).AutoMigrate(&customer{}, &cartItem{}, &setting{}); err != nil {
		return nil, err
	}
	if s.secret, err = s.setting(ctx, "token key"); err != nil {
		return nil, err
	}
	if err := s.openKeeper(ctx); err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.work.Go(func() { _ = s.keeper.Run(ctx) }) // it ends with the context, which is its error
	s.work.Go(func() { s.mail.run(ctx) })
	return s, nil
}

func (s *shop) close() error {
	s.stop()
	s.work.Wait()
	return s.sql.Close()
}

func (s *shop) failed(err error) { s.Log.Error("keeper", "error", err) }

// setting is a secret that all instances share, drawn by the first one.
type setting struct {
	Name  string `gorm:"primaryKey"`
	Value []byte
}

func (s *shop) setting(ctx context.Context, name string) ([]byte, error) {
	made := setting{name, make([]byte, 32)}
	rand.Read(made.Value)
	err := s.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&made).Error
	if err == nil {
		err = s.db.WithContext(ctx).First(&made, "name = ?", name).Error
	}
	return made.Value, err
}

const maxBody = 64 << 10

// handler is the whole shop: gin inside, the gate before it.
func (s *shop) handler() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.CustomRecoveryWithWriter(nil, s.recovered))
	r.GET("/", func(c *gin.Context) { s.reply(c, gin.H{"products": products()}, nil) })
	r.GET("/products/:id", s.product)
	r.GET("/cart", s.cart)
	r.POST("/cart", s.addToCart)
	s.authRoutes(r)
	signedIn := r.Group("/account", use(s.gate.SignedIn))
	signedIn.GET("", s.account)
	signedIn.POST("/newsletter", func(c *gin.Context) { s.reply(c, gin.H{"code": "proceed"}, nil) })
	r.GET("/checkout/card", use(s.gate.Fresh(0)), s.account)
	s.staffRoutes(r.Group("/admin", use(s.gate.Fresh(0)), s.staffOnly))
	return s.logged(http.NewCrossOriginProtection().Handler(http.MaxBytesHandler(s.gate.Wrap(r), maxBody)))
}

// recovered answers where a handler panicked. What it said is not logged, as it
// may quote the request.
func (s *shop) recovered(c *gin.Context, _ any) {
	s.Log.Error("a handler panicked", "path", c.FullPath())
	web.Failure(rotate.ErrConfig).Write(c.Writer, c.Request)
	c.Abort()
}

// logged writes a line for each request, without query, body and names.
func (s *shop) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		next.ServeHTTP(w, r)
		s.Log.Info("request", "method", r.Method, "path", r.URL.Path[:min(len(r.URL.Path), 100)], "took", time.Since(began).Round(time.Millisecond))
	})
}

// use makes middleware of net/http one of gin.
func use(middleware func(http.Handler) http.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		passed := false
		middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			passed, c.Request = true, r
			c.Next()
		})).ServeHTTP(c.Writer, c.Request)
		if !passed {
			c.Abort()
		}
	}
}

// granted is the answer to whoever may proceed. By is when a new password will be
// due; recovery codes are shown once.
type granted struct {
	Code     string    `json:"code"`
	Access   string    `json:"access"`
	Refresh  string    `json:"refresh"`
	Recovery []string  `json:"recovery,omitempty"`
	By       time.Time `json:"by,omitzero"`
}

// reply writes JSON, or what went wrong.
func (s *shop) reply(c *gin.Context, body any, err error) {
	if err != nil {
		if status, _ := web.Status(err); status >= http.StatusInternalServerError {
			s.failed(err)
		}
		web.Failure(err).Write(c.Writer, c.Request)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, body)
}

// account shows what is known about the customer.
func (s *shop) account(c *gin.Context) {
	session, _ := web.From(c.Request.Context())
	status, err := s.keeper.Lookup(c.Request.Context(), session.Account)
	s.reply(c, gin.H{"account": session.Account, "second_factor": status.Factor, "changed": status.Changed}, err)
}
