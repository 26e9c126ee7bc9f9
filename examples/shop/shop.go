package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// brand is the shop's name.
const brand = "Copper Kettle"

// shop is one instance of the shop.
type shop struct {
	config    config
	log       *slog.Logger
	now       func() time.Time
	db        *database
	customers customers
	store     *sqlstore.Store
	keeper    *rotate.Keeper
	gate      web.Gate
	sessions  *scs.SessionManager
	mail      *mailer
	pages     pages
	typing    *limit
	corpus    *breach.File
	seeded    []demoAccount
	// leaked are the few passwords that the shop itself knows to have leaked.
	leaked policy.List
	hasher *hash.Hasher
	// format is how a password that is chosen now is stored.
	format string

	stop context.CancelFunc
	work sync.WaitGroup
}

// open makes a shop from its files and starts what runs beside the requests.
// Close it.
func open(ctx context.Context, c config) (_ *shop, err error) {
	s := &shop{config: c, log: c.log, now: c.now, stop: func() {}, leaked: policy.NewList(leaked()...)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if c.corpus != "" {
		if s.corpus, err = breach.Open(c.corpus); err != nil {
			return nil, err
		}
	}
	db, store, err := openDatabase(ctx, c.db)
	if err != nil {
		return nil, err
	}
	s.db, s.store, s.customers = db, store, customers{db, c.now}
	table := sessionTable{db, c.now}
	s.sessions = newSessions(table, c.cert != "", func(err error) { s.log.Error("sessions", "error", err) })
	s.mail, s.typing = newMailer(s.log, c.now), typingLimit()
	if s.pages, err = parsePages(c.now); err != nil {
		return nil, err
	}

	ring, err := openKeys(ctx, c.keys, store)
	if err != nil {
		return nil, err
	}
	if s.hasher = c.hasher; s.hasher == nil {
		if s.hasher, err = hash.New(hash.Config{}); err != nil {
			return nil, err
		}
	}
	p := s.hasher.Params()
	s.format = hash.Info{Scheme: "argon2id", Cost: fmt.Sprintf("m=%d t=%d p=%d", p.Memory, p.Time, p.Parallelism)}.String()
	s.keeper, err = rotate.New(rotate.Config{
		Store: store, Ring: ring, Hasher: s.hasher, Customers: s.customers, Profile: s.profile, Breach: s.lists(),
		Sources: c.sources, Now: c.now, Every: cmp.Or(c.every, 5*time.Second),
		Events: s.notify,
		Failed: func(err error) { s.log.Error("keeper", "error", err) },
	})
	if err != nil {
		return nil, fmt.Errorf("keys %q and database %q do not go together: %w", c.keys, c.db, err)
	}
	s.gate = s.newGate()
	if err := s.gate.Validate(); err != nil {
		return nil, err
	}
	if s.seeded, err = s.seed(ctx); err != nil {
		return nil, fmt.Errorf("demonstration data: %w", err)
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.work.Go(func() { _ = s.keeper.Run(ctx) }) // it ends with the context, which is its error
	s.work.Go(func() { s.mail.run(ctx) })
	s.work.Go(func() { s.tidy(ctx, table) })
	return s, nil
}

// tidy forgets, once an hour, what is over.
func (s *shop) tidy(ctx context.Context, table sessionTable) {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		if err := errors.Join(table.prune(ctx), s.forgetUnconfirmed(ctx)); err != nil && ctx.Err() == nil {
			s.log.Error("tidying", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// close stops what open started, and lets go of the files.
func (s *shop) close() error {
	s.stop()
	s.work.Wait()
	var err error
	if s.corpus != nil {
		err = s.corpus.Close()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.close())
	}
	return err
}

// lists are the sources of leaked passwords.
func (s *shop) lists() []policy.List {
	list := []policy.List{s.leaked}
	if s.corpus != nil {
		list = append(list, s.corpus)
	}
	return list
}

// The two groups of accounts.
const (
	groupCustomers = "customers"
	groupStaff     = "staff"
)

// profile is what a group has in common.
func (s *shop) profile(group string) (rotate.Profile, error) {
	p := rotate.Profile{Issuer: brand, Brand: []string{"Copper", "Kettle", "teapot"}}
	switch group {
	case groupCustomers:
		p.Policy, p.Rules = policy.ShopCustomer(), rotate.ShopCustomer()
	case groupStaff:
		p.Policy, p.Rules = policy.ShopStaff(), rotate.ShopStaff()
	default:
		return p, fmt.Errorf("shop: unknown group %q", group)
	}
	p.Policy.Breach = s.lists()
	return p, nil
}
