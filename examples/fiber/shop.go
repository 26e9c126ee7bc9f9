package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"sync"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
	_ "modernc.org/sqlite"
)

const brand = "The Slow Spoon"

// config is what a shop is made of. db and keys are required.
type config struct {
	// db and keys are an SQLite file and a key file, apart from each other.
	db, keys string
	// https is true where TLS ends here: cookies are Secure then.
	https bool
	log   *slog.Logger
	now   func() time.Time
	// hasher is nil but in tests, which take a cheap one.
	hasher  *hash.Hasher
	sources rotate.SourceLimit
	// every is the time between two deliveries of notices.
	every time.Duration
}

type shop struct {
	config
	database  *sql.DB
	customers customers
	store     *sqlstore.Store
	keeper    *rotate.Keeper
	gate      web.Gate
	pages     *template.Template
	mail      *mailer
	stop      func()
	work      sync.WaitGroup
}

// open opens database and keys, and starts what works beside the pages.
func open(ctx context.Context, c config) (s *shop, err error) {
	s = &shop{config: c, mail: newMailer(c.log, c.now), stop: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.database, err = sql.Open("sqlite", sqlstore.SQLiteDSN(c.db)); err != nil {
		return nil, err
	}
	s.customers = customers{s.database, c.now}
	if _, err := s.database.ExecContext(ctx, customerSchema+";"+sessionSchema); err != nil {
		return nil, fmt.Errorf("database %q: %w", c.db, err)
	}
	if s.store, err = sqlstore.New(s.database, sqlstore.Config{Dialect: sqlstore.SQLite}); err != nil {
		return nil, err
	}
	if err := s.store.Migrate(ctx); err != nil {
		return nil, err
	}
	ring, err := rotate.OpenKeys(ctx, s.store, "slow spoon", c.keys)
	if err != nil {
		return nil, err
	}
	if s.hasher == nil {
		if s.hasher, err = hash.New(hash.Config{}); err != nil {
			return nil, err
		}
	}
	s.keeper, err = rotate.New(rotate.Config{
		Store: s.store, Ring: ring, Hasher: s.hasher, Issuer: brand, Customers: s.customers.table(), Breach: leaks(),
		Events: s.notify, Now: c.now, Sources: c.sources, Every: c.every,
		Failed: func(err error) { s.log.Error("keeper", "error", err) },
	})
	if err != nil {
		return nil, err
	}
	if s.pages, err = s.parsePages(); err != nil {
		return nil, err
	}
	s.gate = s.newGate()
	if err := s.gate.Validate(); err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.work.Go(func() { _ = s.keeper.Run(ctx) }) // it ends with the context, which is its error
	s.work.Go(func() { s.mail.run(ctx) })
	s.work.Go(func() { s.tidy(ctx) })
	return s, nil
}

// close stops what open started. Requests must be over.
func (s *shop) close() error {
	s.stop()
	s.work.Wait()
	if s.database == nil {
		return nil
	}
	return s.database.Close()
}

// tidy forgets, once an hour, sessions that are over.
func (s *shop) tidy(ctx context.Context) {
	ticker := time.NewTicker(time.Hour)
	defer ticker.Stop()
	for {
		if err := (sessionTable{s.database}).prune(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("tidying", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// leaks are a few passwords that have leaked, in place of a corpus file, which
// policy/breach reads.
func leaks() []policy.List {
	return []policy.List{policy.NewList("correct horse battery staple", "the slow spoon stirs at nine")}
}

// product is something the shop sells.
type product struct{ ID, Name, Price string }

func products() []product {
	return []product{{"spoon", "Cherry spoon", "12.00"}, {"ladle", "Olive ladle", "19.50"}, {"bowl", "Ash bowl", "34.00"}}
}

func (s *shop) home(c fiber.Ctx) error { return s.show(c, "home", web.Answer{}, products()) }

// addToCart puts a product into the cart, which is of guests, too.
func (s *shop) addToCart(c fiber.Ctx) error {
	for _, p := range products() {
		if p.ID == c.FormValue("product") {
			setSessionValue(c.Context(), cartKey, p.Name)
		}
	}
	return leadOn(c, "/cart", nil)
}

func (s *shop) cart(c fiber.Ctx) error {
	return s.show(c, "cart", web.Answer{}, sessionValue(c.Context(), cartKey))
}

// checkout is for everybody; card pays with what is on file, behind a fresh
// proof.
func (s *shop) checkout(c fiber.Ctx) error {
	if c.Method() == fiber.MethodPost {
		return s.show(c, "thanks", web.Answer{}, nil)
	}
	return s.show(c, "checkout", web.Answer{}, sessionValue(c.Context(), cartKey))
}

func (s *shop) card(c fiber.Ctx) error {
	person, err := s.customers.byAccount(c.Context(), held(c).Account)
	if err != nil {
		return err
	}
	if c.Method() == fiber.MethodPost {
		return s.show(c, "thanks", web.Answer{}, nil)
	}
	return s.show(c, "card", web.Answer{}, person.card)
}

// account is a page for signed-in customers, notes what they can change there.
func (s *shop) account(c fiber.Ctx) error {
	person, err := s.customers.byAccount(c.Context(), held(c).Account)
	if err != nil {
		return err
	}
	return s.show(c, "account", web.Answer{}, fiber.Map{"Email": person.email, "Name": person.name, "Card": person.card, "Notes": person.notes})
}

func (s *shop) notes(c fiber.Ctx) error {
	notes := c.FormValue("notes")
	if len(notes) > maxText {
		return fiber.ErrRequestEntityTooLarge
	}
	return leadOn(c, "/account", s.customers.saveNotes(c.Context(), held(c).Account, notes))
}
