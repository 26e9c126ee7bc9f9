package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
	_ "modernc.org/sqlite"
)

// brand is the shop's name.
const brand = "Bell & Echo"

// config is what an instance of the shop is made of.
type config struct {
	db, keys string // files
	https    bool
	log      *slog.Logger
	now      func() time.Time
	// hasher makes and verifies hashes; nil means the usual one. Tests share a
	// cheap one.
	hasher *hash.Hasher
}

// shop is one instance of the shop.
type shop struct {
	log      *slog.Logger
	now      func() time.Time
	db       *sql.DB
	store    *sqlstore.Store
	keeper   *rotate.Keeper
	gate     web.Gate
	sessions *scs.SessionManager
	mail     *outbox

	stop context.CancelFunc
	work sync.WaitGroup
}

//go:embed schema.sql
var schema string

// open makes a shop from its files, and starts the sweeps of the Keeper.
func open(ctx context.Context, c config) (_ *shop, err error) {
	s := &shop{log: c.log, now: c.now, mail: newOutbox(c.log, c.now), stop: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.db, err = sql.Open("sqlite", sqlstore.SQLiteDSN(c.db)); err != nil {
		return nil, err
	}
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		return nil, fmt.Errorf("database %q: %w", c.db, err)
	}
	if s.store, err = sqlstore.New(s.db, sqlstore.Config{Dialect: sqlstore.SQLite}); err != nil {
		return nil, err
	}
	if err := s.store.Migrate(ctx); err != nil {
		return nil, err
	}
	if s.keeper, err = s.newKeeper(ctx, c); err != nil {
		return nil, err
	}
	s.sessions = s.newSessions(c.https)
	s.gate = s.newGate()
	if err := s.gate.Validate(); err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.work.Go(func() { _ = s.keeper.Run(ctx) }) // it ends with the context, which is its error
	s.work.Go(func() { s.tidy(ctx) })
	return s, nil
}

// tidy forgets, once an hour, what is over.
func (s *shop) tidy(ctx context.Context) {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		if err := errors.Join(s.forgetSessions(ctx), s.forgetUnconfirmed(ctx)); err != nil && ctx.Err() == nil {
			s.log.Error("tidying", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// close stops what open started. Requests must be over.
func (s *shop) close() error {
	s.stop()
	s.work.Wait()
	s.mail.busy.Wait()
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

func (s *shop) keeperFailed(err error) { s.log.Error("keeper", "error", err) }

func (s *shop) gateFailed(_ *http.Request, err error) { s.log.Error("gate", "error", err) }
