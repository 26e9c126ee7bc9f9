package rotate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// Config configures a [Keeper]. Store and Ring are required; every other field
// has a default.
type Config struct {
	// Store holds the credentials.
	Store Store
	// Ring holds the keys that seal them. Keep its file apart from the database
	// and its backups.
	Ring *keyring.Ring
	// Hasher makes and verifies hashes; nil means hash.New(hash.Config{}).
	// Share one per process: it holds the memory budget.
	Hasher *hash.Hasher
	// Profile returns the profile of a group, and an error for a group it does
	// not know. It is asked at every step: answer from memory. nil knows "customers" and "staff" and all paths that end so, with
	// the presets ShopCustomer and ShopStaff.
	Profile func(group string) (Profile, error)
	// Group is the group of sign-ups that name none, and the one whose rules
	// slow down guesses of typed names; "" means "customers".
	Group string
	// Customers connects the shop's own table; nil if the shop passes accounts.
	Customers Customers
	// Addresses tells where mail goes; nil means Customers if it can, and else
	// that nothing can be mailed.
	Addresses Addresses
	// Breach are the lists asked at sign-in. They should work offline: one that
	// does not answer within BreachTimeout (0 means 300 ms) is left out, and the
	// account is marked for another look.
	Breach        []policy.List
	BreachTimeout time.Duration
	// Events receives every event at least once; an error means again later.
	// nil keeps them in the Store as the audit trail only.
	Events func(ctx context.Context, e Event) error
	// Sources limits tries by network address, in memory.
	Sources SourceLimit
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Every is how often Run sweeps; 0 means every minute.
	Every time.Duration
	// Failed is told what Run could not do; nil means that nobody is.
	Failed func(error)
}

// Customers connects Tillkey to the customers table of a shop, which stays the
// shop's own. An error of any method ends the flow with it.
type Customers interface {
	// Find returns the shop's immutable id for a typed name or e-mail address,
	// "" if there is none.
	Find(ctx context.Context, name string) (account string, err error)
	// About returns words the account's password must not be made of, such as
	// names and e-mail addresses.
	About(ctx context.Context, account string) ([]string, error)
	// Foreign returns the hash the shop has kept so far. Tillkey adopts it the
	// first time the account is seen and never asks again. The zero Foreign
	// means that the account has no password; ErrNotFound that the shop knows
	// no such account, and none is made.
	Foreign(ctx context.Context, account string) (Foreign, error)
}

// Addresses tells where mail for an account goes.
type Addresses interface {
	// Address returns the current address and since when it is on file, "" if
	// there is none. A ticket mailed to an address younger than a compromise
	// proves nothing, so since must not be guessed: the zero time means "always".
	Address(ctx context.Context, account string) (address string, since time.Time, err error)
}

// Keeper keeps the credentials of one realm: one shop deployment. All methods
// are safe for concurrent use. Errors are those named at each method and, from
// all of them, those of the Store, of Customers, of the context, and
// [*hash.OverloadedError] when the memory for hashing is taken: answer 503.
type Keeper struct {
	store     Store
	ring      *keyring.Ring
	hasher    *hash.Hasher
	profiles  func(group string) (Profile, error)
	group     string
	customers Customers
	addresses Addresses
	breach    []policy.List
	patience  time.Duration
	events    func(ctx context.Context, e Event) error
	clock     func() time.Time
	every     time.Duration
	failed    func(error)

	sources *sources
	log     *orderLog
	cursor  *cursor
}

// ErrConfig reports a configuration that cannot work, and what to change.
var ErrConfig = errors.New("rotate: configuration refused")

const startTimeout = 30 * time.Second

// New checks the configuration, the rules of the default group, and that the
// ring holds every key in use ([*keyring.MissingKeyError] if not). On a Store
// without credentials it makes the ring's key of the lowest id the primary one.
func New(c Config) (*Keeper, error) {
	if c.Store == nil || c.Ring == nil {
		return nil, fmt.Errorf("%w: Store and Ring are required", ErrConfig)
	}
	k := &Keeper{
		store: c.Store, ring: c.Ring, hasher: c.Hasher, profiles: c.Profile, group: c.Group,
		customers: c.Customers, addresses: c.Addresses, breach: c.Breach, patience: c.BreachTimeout,
		events: c.Events, clock: c.Now, every: c.Every, failed: c.Failed,
		sources: newSources(c.Sources), log: &orderLog{}, cursor: &cursor{},
	}
	if k.hasher == nil {
		h, err := hash.New(hash.Config{})
		if err != nil {
			return nil, err
		}
		k.hasher = h
	}
	if k.profiles == nil {
		k.profiles = shopProfiles
	}
	if k.group == "" {
		k.group = "customers"
	}
	if k.addresses == nil {
		k.addresses, _ = c.Customers.(Addresses)
	}
	if k.patience <= 0 {
		k.patience = 300 * time.Millisecond
	}
	if k.clock == nil {
		k.clock = time.Now
	}
	if k.every <= 0 {
		k.every = time.Minute
	}
	if _, err := k.profile(k.group); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := k.checkKeys(ctx); err != nil {
		return nil, err
	}
	return k, nil
}

// Within returns a Keeper that works on another view of the same Store, such
// as one inside the shop's own transaction. Use it for Create and the calls
// that only write; Login never runs inside a caller's transaction, because a
// rollback would undo its counters.
func (k *Keeper) Within(s Store) *Keeper {
	w := *k
	w.store, w.log = s, &orderLog{}
	return &w
}

// shopProfiles knows the two groups every shop has.
func shopProfiles(group string) (Profile, error) {
	switch group[strings.LastIndexByte(group, '/')+1:] {
	case "customers":
		return Profile{Policy: policy.ShopCustomer(), Rules: ShopCustomer()}, nil
	case "staff":
		return Profile{Policy: policy.ShopStaff(), Rules: ShopStaff()}, nil
	}
	return Profile{}, fmt.Errorf("rotate: group %q has no profile", group)
}

// profile returns the checked profile of a group.
func (k *Keeper) profile(group string) (Profile, error) {
	if err := checkGroup(group); err != nil {
		return Profile{}, err
	}
	p, err := k.profiles(group)
	if err != nil {
		return Profile{}, err
	}
	if err := p.Rules.Validate(); err != nil {
		return Profile{}, err
	}
	return p, nil
}

// now is the time of the clock as Stores keep it.
func (k *Keeper) now() time.Time { return k.clock().UTC().Truncate(time.Microsecond) }

// event starts an event of this moment.
func (k *Keeper) event(kind Kind, account string) Event {
	return Event{ID: newID(), At: k.now(), Kind: kind, Account: account}
}

// about collects what a password of the account must not be made of.
func (k *Keeper) about(ctx context.Context, account string, p Profile, more []string) ([]string, error) {
	words := append(append([]string(nil), more...), p.Brand...)
	if p.Issuer != "" {
		words = append(words, p.Issuer)
	}
	if k.customers != nil && account != "" {
		own, err := k.customers.About(ctx, account)
		if err != nil {
			return nil, err
		}
		words = append(words, own...)
	}
	return words, nil
}
