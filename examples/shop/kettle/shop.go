package kettle

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/policy/breach/embedded"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// brand is the shop's name.
const brand = "Copper Kettle"

// Shop is one instance of the shop. Its methods are safe for concurrent use.
type Shop struct {
	config    Config
	log       *slog.Logger
	now       func() time.Time
	db        *database
	customers customers
	store     *sqlstore.Store
	keeper    *rotate.Keeper
	gate      web.Gate
	sessions  *scs.SessionManager
	mail      *mailer
	tongues   tongues
	// policyOf are those of policies.json, by group.
	policyOf map[string]policy.Policy
	// pages are those of each language.
	pages       []pages
	typing      *limit
	suggestions suggestions
	corpus      corpusFile
	seeded      []demoAccount
	// leaked are the few passwords that the shop itself knows to have leaked.
	leaked policy.List
	hasher *hash.Hasher
	// format is how a password that is chosen now is stored.
	format string

	stop context.CancelFunc
	work sync.WaitGroup
}

// Open makes a shop from its files and starts what runs beside the requests:
// sweeps, mails, tidying. ctx ends the start, not the shop; Close does that.
// The errors say what to change.
func Open(ctx context.Context, c Config) (_ *Shop, err error) {
	if c, err = c.filled(); err != nil {
		return nil, err
	}
	s := &Shop{config: c, log: c.Log, now: c.Now, stop: func() {}, leaked: policy.NewList(leaked()...)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if c.Corpus != "" {
		if s.corpus, err = openCorpus(c.Corpus); err != nil {
			return nil, err
		}
	}
	if s.db, err = openDatabase(ctx, c.DB, c.patience); err != nil {
		return nil, err
	}
	s.customers = customers{s.db, c.Now}
	table := sessionTable{s.db, c.Now, c.patience / 2}
	s.sessions = newSessions(table, c.Cert != "")
	s.mail, s.typing = newMailer(s.log, c.Now), typingLimit()
	if s.policyOf, err = readPolicies(); err != nil {
		return nil, err
	}
	if s.tongues, err = readTongues(); err != nil {
		return nil, err
	}
	if s.pages, err = parseAll(s.tongues, c.Now); err != nil {
		return nil, err
	}

	// Two instances that start on an empty database must not both fill it.
	end, err := s.db.alone(ctx)
	if err != nil {
		return nil, inDatabase(c.DB, err)
	}
	defer end()
	store, err := s.db.tables(ctx, c.patience)
	if err != nil {
		return nil, inDatabase(c.DB, err)
	}
	s.store = store
	ring, err := openKeys(ctx, c.Keys, store)
	if err != nil {
		return nil, err
	}
	if s.hasher = c.Hasher; s.hasher == nil {
		if s.hasher, err = hash.New(hash.Config{}); err != nil {
			return nil, err
		}
	}
	p := s.hasher.Params()
	s.format = hash.Info{Scheme: "argon2id", Cost: fmt.Sprintf("m=%d t=%d p=%d", p.Memory, p.Time, p.Parallelism)}.String()
	k := rotate.Config{
		Store: s.before(store), Ring: ring, Hasher: s.hasher, Customers: s.customers, Profile: s.profile, Breach: s.lists(),
		Sources: c.Sources, Now: c.Now, Every: c.Every,
		Events: s.notify,
		Failed: func(err error) { s.log.Error("keeper", "error", err) },
	}
	if c.Keeper != nil {
		c.Keeper(&k)
	}
	if s.keeper, err = rotate.New(k); err != nil {
		return nil, fmt.Errorf("keys %q and database %q do not go together: %w", c.Keys, nameOf(c.DB), err)
	}
	s.gate = s.newGate()
	if c.Gate != nil {
		c.Gate(&s.gate)
	}
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
	s.work.Go(func() { s.renewCorpus(ctx) })
	return s, nil
}

// tidy forgets, once an hour, what is over.
func (s *Shop) tidy(ctx context.Context, table sessionTable) {
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

// before puts what is configured before a store.
func (s *Shop) before(store rotate.Store) rotate.Store {
	if s.config.Store == nil {
		return store
	}
	return s.config.Store(store)
}

// within is the Keeper inside a transaction of the shop.
func (s *Shop) within(tx *sql.Tx) *rotate.Keeper {
	return s.keeper.Within(s.before(s.store.On(tx)))
}

// Keeper is the Keeper of the shop.
func (s *Shop) Keeper() *rotate.Keeper { return s.keeper }

// Close stops what Open started, and lets go of the files. Requests must be
// over.
func (s *Shop) Close() error {
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
func (s *Shop) lists() []policy.List {
	chain := breach.Chain{Embedded: embedded.List{}}
	if s.corpus != nil {
		chain.Offline = s.corpus
	}
	list := []policy.List{s.leaked, chain}
	if s.config.Lists != nil {
		list = s.config.Lists(list)
	}
	return list
}
