package tilltest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// Config says how a [Realm] differs from the usual one. The zero value is a
// good configuration.
type Config struct {
	// Start is what the clock shows first; the zero time means noon of
	// 15 January 2026, UTC.
	Start time.Time
	// Keeper is the configuration of the Keeper. Its fields Store, Ring, Hasher,
	// Customers and Now are filled in where they are nil, and Sources is turned
	// off where it is zero, since a clock that stands still earns no tries. All
	// else means what it means to [rotate.New]: passwords are judged by the
	// real presets unless Keeper.Profile says otherwise.
	Keeper rotate.Config
}

// Realm is a shop deployment in memory. Its fields are set by [New] and not to
// be changed; all of them are safe for concurrent use.
type Realm struct {
	Keeper *rotate.Keeper
	// Store wraps Config.Keeper.Store, or a new memstore, so that it can be
	// broken.
	Store *Store
	Ring  *keyring.Ring
	// Hasher makes argon2id hashes of 8 KiB and one pass, the least that the
	// format allows, unless the configuration brought another.
	Hasher *hash.Hasher
	// Customers is the shop's own table. It is nil where the configuration
	// brought another.
	Customers *Customers
	// Clock is the clock of the Keeper. It is not asked where the configuration
	// brought another.
	Clock *Clock

	config rotate.Config
}

// noon is when a realm begins unless Config.Start says otherwise.
func noon() time.Time { return time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC) }

// New makes a realm. The errors are those of [rotate.New], as for a profile
// that contradicts itself.
func New(c Config) (*Realm, error) {
	r := &Realm{config: c.Keeper}
	start := c.Start
	if start.IsZero() {
		start = noon()
	}
	r.Clock = NewClock(start)
	if r.config.Now == nil {
		r.config.Now = r.Clock.Now
	}
	if r.config.Sources == (rotate.SourceLimit{}) {
		r.config.Sources.Off = true
	}
	if r.config.Customers == nil {
		r.Customers = &Customers{}
		r.config.Customers = r.Customers
	}
	if r.config.Hasher == nil {
		h, err := cheap()
		if err != nil {
			return nil, err
		}
		r.config.Hasher = h
	}
	if r.config.Ring == nil {
		ring, err := keyring.New("tilltest", keyring.NewKey())
		if err != nil {
			return nil, err
		}
		r.config.Ring = ring
	}
	inside := r.config.Store
	if inside == nil {
		inside = memstore.New()
	}
	r.Store = &Store{inside: inside}
	r.config.Store, r.Ring, r.Hasher = r.Store, r.config.Ring, r.config.Hasher
	k, err := rotate.New(r.config)
	if err != nil {
		return nil, err
	}
	r.Keeper = k
	return r, nil
}

// cheap makes a hasher of the least parameters that argon2 allows: 8 KiB for
// one lane and one pass (RFC 9106, section 3.1).
func cheap() (*hash.Hasher, error) {
	return hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
}

// Again makes a second Keeper of the realm, as another instance of the shop or
// the same one after a restart.
func (r *Realm) Again() (*rotate.Keeper, error) { return rotate.New(r.config) }

// Force places an order for as many accounts as it concerns, in the name of
// "tilltest" where it has no actor. The realm's Keeper goes by it at once;
// Valid of a Keeper from Again may take a second to see it.
//
// Errors are those of [rotate.Keeper.Force].
func (r *Realm) Force(ctx context.Context, o rotate.Order) (rotate.ID, error) {
	o.Actor = cmp.Or(o.Actor, "tilltest")
	var err error
	if o.Expect, err = r.Keeper.Preview(ctx, o); err != nil {
		return "", err
	}
	return r.Keeper.Force(ctx, o)
}

// eventPage is how many events are read at once.
const eventPage = 500

// Events returns everything that has happened so far to an account, or in the
// whole realm where account is "", oldest first, delivered or not.
func (r *Realm) Events(ctx context.Context, account string) ([]rotate.Event, error) {
	var all []rotate.Event
	before := ""
	for {
		page, err := r.Store.Events(ctx, account, before, eventPage)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < eventPage {
			break
		}
		before = page[len(page)-1].ID
	}
	slices.Reverse(all)
	return all, nil
}
