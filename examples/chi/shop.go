package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// brand is the shop's name.
const brand = "Chai House"

// config is what an instance of the shop is made of.
type config struct {
	// DB is the URL of a PostgreSQL database, Keys the path of the key file. All
	// instances share both.
	DB, Keys string
	HTTPS    bool
	Log      *slog.Logger
	Now      func() time.Time
	Hasher   *hash.Hasher // nil means the usual one
	// Sources limits tries by network address.
	Sources rotate.SourceLimit
}

// shop is one instance of the shop.
type shop struct {
	config
	pool     *pgxpool.Pool
	sql      *sql.DB // over the same pool
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

// open makes an instance and starts its sweeps. Close it.
func open(ctx context.Context, c config) (_ *shop, err error) {
	s := &shop{config: c, mail: newOutbox(c.Log, c.Now), stop: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.pool, err = pgxpool.New(ctx, c.DB); err != nil {
		return nil, err
	}
	s.sql = stdlib.OpenDBFromPool(s.pool)
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	if err := s.openKeeper(ctx); err != nil {
		return nil, err
	}
	s.sessions = s.newSessions()
	s.gate = s.newGate()
	if err := s.gate.Validate(); err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.work.Go(func() { _ = s.keeper.Run(ctx) }) // it ends with the context, which is its error
	s.work.Go(func() { s.tidy(ctx) })
	return s, nil
}

// migrate makes the shop's own tables. Instances that start at once wait for
// each other.
func (s *shop) migrate(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('chai house'))"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, schema)
		return err
	})
}

// tidy forgets, once an hour, what is over.
func (s *shop) tidy(ctx context.Context) {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		if err := errors.Join(s.forgetSessions(ctx), s.forgetUnconfirmed(ctx)); err != nil && ctx.Err() == nil {
			s.Log.Error("tidying", "error", err)
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
	if s.pool == nil {
		return nil
	}
	err := s.sql.Close()
	s.pool.Close()
	return err
}

func (s *shop) failed(err error) { s.Log.Error("keeper", "error", err) }
