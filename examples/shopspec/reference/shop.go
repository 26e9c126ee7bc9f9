// Package reference runs the reference shop, examples/shop, inside this process
// with all hooks of package shopspec, on SQLite or on PostgreSQL, as one
// instance or as several on one database.
//
//	shop, err := reference.Start(ctx, reference.Config{Dir: t.TempDir()})
//	...
//	defer shop.Close()
//	report := shopspec.Run(ctx, shop.Spec(), shopspec.Options{})
//
// Each instance has a clock that stands still until it is moved; all begin alike. Nothing that is
// worth protecting belongs into such a shop: whoever has it has its hooks.
package reference

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"time"

	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/hash"
)

// Config says what shop to start.
type Config struct {
	// Dir is an empty directory for the key file, and for the database file
	// where DB is "". Required.
	Dir string
	// DB is a postgres:// URL; "" means an SQLite file, which one instance uses.
	DB string
	// Instances is how many there are; 0 means one.
	Instances int
	// Hasher makes the hashes; nil means the one that every shop has.
	Hasher *hash.Hasher
	// Open makes an instance and its handler, where it is not the plain shop;
	// nil means kettle.Open.
	Open func(context.Context, kettle.Config) (*kettle.Shop, http.Handler, error)
}

// Shop is a running reference shop.
type Shop struct {
	config    Config
	place     string
	instances []*instance
}

// Start starts the instances. Close the shop. ctx ends the start alone.
func Start(ctx context.Context, c Config) (_ *Shop, err error) {
	if c.Dir == "" {
		return nil, errors.New("reference: Dir is required")
	}
	if c.Open == nil {
		c.Open = func(ctx context.Context, k kettle.Config) (*kettle.Shop, http.Handler, error) {
			s, err := kettle.Open(ctx, k)
			if err != nil {
				return nil, nil, err
			}
			return s, s.Handler(), nil
		}
	}
	s := &Shop{config: c, place: cmp.Or(c.DB, filepath.Join(c.Dir, "shop.db"))}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	start := time.Now()
	for range max(1, c.Instances) {
		i, err := newInstance(ctx, s, start)
		if err != nil {
			return nil, err
		}
		s.instances = append(s.instances, i)
	}
	return s, nil
}

// Close stops all instances.
func (s *Shop) Close() error {
	var err error
	for _, i := range s.instances {
		err = errors.Join(err, i.close())
	}
	return err
}

// Spec is the shop for [shopspec.Run].
func (s *Shop) Spec() (shopspec.Shop, error) {
	d, err := shopspec.Kettle()
	if err != nil {
		return shopspec.Shop{}, err
	}
	driver, err := d.Driver()
	spec := shopspec.Shop{Name: d.Name, Driver: driver, Breached: d.Breached}
	for _, i := range s.instances {
		spec.Instances = append(spec.Instances, shopspec.Instance{URL: i.url, Hooks: shopspec.Hooks{
			Seed: i.seed, StoredHash: i.storedHash, Logs: i.readLog, Mail: i.mail, Advance: i.advance, Restart: i.restart,
		}})
	}
	return spec, err
}
