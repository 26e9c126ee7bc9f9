package rotate

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	// not know. It is asked at every step: answer from memory. nil means
	// ShopProfile.
	Profile func(group string) (Profile, error)
	// Issuer is how authenticator apps name the shop, for profiles that name none
	// of their own.
	Issuer string
	// Group is the group of sign-ups that name none, and the one whose rules
	// slow down guesses of typed names; "" means "customers".
	Group string
	// Customers connects the shop's own table; nil if the shop passes accounts.
	Customers Customers
	// Addresses tells where mail goes; nil means Customers if it can, and else
	// that nothing can be mailed.
	Addresses Addresses
	// Breach are the lists of leaked passwords. They are asked when a password is
	// chosen, under every policy that names none of its own, and at sign-in. They
	// should work offline: one that does not answer within BreachTimeout (0 means
	// 300 ms) is left out, and the account is marked for another look.
	Breach        []policy.List
	BreachTimeout time.Duration
	// BreachRecheck are the lists that a sign-in asks besides Breach while the
	// account is marked, as some list could not answer for its password. A hit of
	// any counts. Once all of these have answered the mark is cleared, whether
	// Breach answers or not. One that works online suits here. None means that all
	// of Breach has to answer.
	BreachRecheck []policy.List
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
	// names and e-mail addresses, the most telling ones first: of these and those
	// that were typed, in this order, the first 32 are used, 256 bytes of each.
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
// [*hash.OverloadedError] when the memory for hashing is taken: answer 503. Where a
// password is chosen, [policy.ErrUnchecked] says that a list could not answer and
// the policy does not accept that: ask to try again later, and answer 503, too. An
// invalid policy of another group than Config.Group shows there as
// [policy.ErrInvalid].
type Keeper struct {
	store     Store
	ring      *keyring.Ring
	hasher    *hash.Hasher
	profiles  func(group string) (Profile, error)
	issuer    string
	group     string
	customers Customers
	addresses Addresses
	breach    []policy.List
	recheck   []policy.List
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

// New checks the configuration, the rules and the policy of the default group
// (an error that wraps [ErrRules] or [policy.ErrInvalid]), and that the ring holds
// every key in use ([*keyring.MissingKeyError] if not). On a Store without
// credentials it makes the ring's key of the lowest id the primary one.
func New(c Config) (*Keeper, error) {
	if c.Store == nil || c.Ring == nil {
		return nil, fmt.Errorf("%w: Store and Ring are required", ErrConfig)
	}
	k := &Keeper{
		store: c.Store, ring: c.Ring, hasher: c.Hasher, profiles: c.Profile, issuer: strings.Clone(c.Issuer), group: c.Group,
		customers: c.Customers, addresses: c.Addresses,
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
		k.profiles = ShopProfile
	}
	if k.group == "" {
		k.group = "customers"
	}
	if k.addresses == nil {
		k.addresses, _ = c.Customers.(Addresses)
	}
	k.patience = c.BreachTimeout
	if k.patience <= 0 {
		k.patience = 300 * time.Millisecond
	}
	for _, l := range c.Breach {
		k.breach = append(k.breach, patientList{l, k.patience})
	}
	for _, l := range c.BreachRecheck {
		k.recheck = append(k.recheck, patientList{l, k.patience})
	}
	if len(k.recheck) == 0 {
		k.recheck = k.breach
	}
	if k.clock == nil {
		k.clock = time.Now
	}
	if k.every <= 0 {
		k.every = time.Minute
	}
	p, err := k.profile(k.group)
	if err != nil {
		return nil, err
	}
	if err := p.WithBrand().Validate(); err != nil {
		return nil, fmt.Errorf("%w (group %q)", err, k.group)
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
	if p.HashClass > hash.Staff {
		return Profile{}, fmt.Errorf("%w: %s: there is no hash class %d", ErrRules, p.Rules.Name, p.HashClass)
	}
	if len(p.Policy.Breach) == 0 {
		p.Policy.Breach = k.breach
	}
	if p.Issuer == "" {
		p.Issuer = k.issuer
	}
	return p, nil
}

// Describe lists the rules for passwords of a group, to be shown before anything
// is typed; "" means Config.Group. It asks nobody but Config.Profile, whose error
// it returns.
func (k *Keeper) Describe(group string) ([]policy.Rule, error) {
	if group == "" {
		group = k.group
	}
	p, err := k.profile(group)
	if err != nil {
		return nil, err
	}
	return p.Policy.Describe(), nil
}

// now is the time of the clock as Stores keep it.
func (k *Keeper) now() time.Time { return k.clock().UTC().Truncate(time.Microsecond) }

// event starts an event of this moment.
func (k *Keeper) event(kind Kind, account string) Event {
	return Event{ID: newID(), At: k.now(), Kind: kind, Account: account}
}

// about collects what a password of the account must not be made of, beside the
// words of the shop: what Customers says first, as the policy reads no more than
// 32 texts.
func (k *Keeper) about(ctx context.Context, account string, typed []string) ([]string, error) {
	if k.customers == nil || account == "" {
		return typed, nil
	}
	own, err := k.customers.About(ctx, account)
	if err != nil {
		return nil, err
	}
	return slices.Concat(own, typed), nil
}
