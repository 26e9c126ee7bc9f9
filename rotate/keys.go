package rotate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// canaryText is what every canary seals.
const canaryText = "tillkey canary"

// dropAfter lies between the two counts of DropKey. It is the longest a mailed
// ticket lives, so that no flow that began before the first count is under way
// at the second.
const dropAfter = 24 * time.Hour

// ErrKey reports a key that cannot be added, promoted or dropped as things
// are; the error says why.
var ErrKey = errors.New("rotate: key refused")

// KeyInUseError says that a key cannot be dropped yet.
type KeyInUseError struct {
	ID string
	// Rows is how many credentials still hold a seal under the key. Sweep until
	// it is 0.
	Rows int
	// Until is when to call DropKey again, if Rows is 0; the zero time otherwise.
	Until time.Time
}

// Error says what is missing.
func (e *KeyInUseError) Error() string {
	if e.Rows > 0 {
		return fmt.Sprintf("rotate: key %q still seals %d credentials; sweep first", e.ID, e.Rows)
	}
	return fmt.Sprintf("rotate: key %q is not used any more; drop it after %s", e.ID, e.Until.Format(time.RFC3339))
}

// checkKeys makes the first key of an empty Store the primary one, and reports
// a key in use that the ring lacks or that is not the one it claims to be.
func (k *Keeper) checkKeys(ctx context.Context) error {
	states, err := k.store.Keys(ctx)
	if err != nil {
		return err
	}
	if len(states) == 0 {
		if states, err = k.firstKey(ctx); err != nil {
			return err
		}
	}
	for _, s := range states {
		if !s.Dropped.IsZero() {
			continue
		}
		plain, err := k.ring.Open(canaryContext(), s.Canary)
		if err != nil {
			return fmt.Errorf("rotate: key %q of the Store: %w", s.ID, err)
		}
		if string(plain) != canaryText {
			return fmt.Errorf("%w: the canary of %q is of something else", ErrKey, s.ID)
		}
	}
	return nil
}

func canaryContext() keyring.Context { return keyring.Context{Purpose: purposeCanary} }

// firstKey puts the ring's first key into a Store that holds nothing yet.
func (k *Keeper) firstKey(ctx context.Context) ([]KeyState, error) {
	n, err := k.store.Count(ctx, Query{})
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return nil, fmt.Errorf("%w: the Store holds %d credentials and no key states; restore them", ErrKey, n)
	}
	state, err := k.newKeyState(k.ring.IDs()[0])
	if err != nil {
		return nil, err
	}
	state.Primary = true
	var states []KeyState
	err = k.store.UpdateKeys(ctx, func(old []KeyState) ([]KeyState, []Event, error) {
		if len(old) > 0 {
			states = old
			return old, nil, ErrUnchanged
		}
		states = []KeyState{state}
		return states, []Event{k.keyEvent(KeyAdded, state.ID, ""), k.keyEvent(KeyPromoted, state.ID, "")}, nil
	})
	return states, err
}

func (k *Keeper) newKeyState(id string) (KeyState, error) {
	canary, err := k.ring.Seal(id, canaryContext(), []byte(canaryText))
	if err != nil {
		return KeyState{}, err
	}
	return KeyState{ID: id, Canary: canary, Added: k.now()}, nil
}

func (k *Keeper) keyEvent(kind Kind, id, actor string) Event {
	e := k.event(kind, "")
	e.Key, e.Actor = id, actor
	return e
}

// AddKey makes a key of the ring known to the Store, which every other
// instance must hold before one of them promotes it. From then on, an instance
// whose ring lacks it does not start.
//
// Errors: [*keyring.MissingKeyError], this ring does not hold it; [ErrExists];
// [ErrKey], it was dropped once and stays so.
func (k *Keeper) AddKey(ctx context.Context, id, actor string) error {
	id, actor = strings.Clone(id), strings.Clone(actor)
	state, err := k.newKeyState(id)
	if err != nil {
		return err
	}
	return k.store.UpdateKeys(ctx, func(states []KeyState) ([]KeyState, []Event, error) {
		if i := keyIndex(states, id); i >= 0 {
			if !states[i].Dropped.IsZero() {
				return nil, nil, fmt.Errorf("%w: %q was dropped; make a new one", ErrKey, id)
			}
			return nil, nil, ErrExists
		}
		return append(states, state), []Event{k.keyEvent(KeyAdded, id, actor)}, nil
	})
}

// PromoteKey makes a key the primary one: everything is sealed under it from
// now on, and Sweep reseals the rest. The former primary key only opens.
//
// Errors: [ErrNotFound], add it first; [ErrKey], it was dropped;
// [*keyring.MissingKeyError], this ring does not hold it.
func (k *Keeper) PromoteKey(ctx context.Context, id, actor string) error {
	id, actor = strings.Clone(id), strings.Clone(actor)
	if !k.ring.Has(id) {
		return &keyring.MissingKeyError{ID: id}
	}
	return k.store.UpdateKeys(ctx, func(states []KeyState) ([]KeyState, []Event, error) {
		at := keyIndex(states, id)
		switch {
		case at < 0:
			return nil, nil, ErrNotFound
		case !states[at].Dropped.IsZero():
			return nil, nil, fmt.Errorf("%w: %q was dropped", ErrKey, id)
		case states[at].Primary:
			return nil, nil, ErrUnchanged
		}
		for i := range states {
			states[i].Primary = i == at
		}
		states[at].Unused = time.Time{}
		return states, []Event{k.keyEvent(KeyPromoted, id, actor)}, nil
	})
}

// DropKey ends a key for good, after two counts a day apart found that nothing
// is sealed under it. Only after it returned nil may the key leave the key
// files; whatever a backup holds under it is lost then.
//
// Errors: [*KeyInUseError], call again later; [ErrNotFound]; [ErrKey], it is
// the primary key: promote another one first.
func (k *Keeper) DropKey(ctx context.Context, id, actor string) error {
	id, actor = strings.Clone(id), strings.Clone(actor)
	rows, err := k.store.KeyUse(ctx, id)
	if err != nil {
		return err
	}
	now := k.now()
	var inUse *KeyInUseError
	err = k.store.UpdateKeys(ctx, func(states []KeyState) ([]KeyState, []Event, error) {
		inUse = nil
		at := keyIndex(states, id)
		if at < 0 {
			return nil, nil, ErrNotFound
		}
		s := &states[at]
		switch {
		case s.Primary:
			return nil, nil, fmt.Errorf("%w: %q is the primary key", ErrKey, id)
		case !s.Dropped.IsZero():
			return nil, nil, ErrUnchanged
		case rows > 0:
			inUse = &KeyInUseError{ID: id, Rows: rows}
			s.Unused = time.Time{}
			return states, nil, nil
		case s.Unused.IsZero():
			s.Unused = now
		}
		if until := s.Unused.Add(dropAfter); now.Before(until) {
			inUse = &KeyInUseError{ID: id, Until: until}
			return states, nil, nil
		}
		s.Dropped = now
		return states, []Event{k.keyEvent(KeyDropped, id, actor)}, nil
	})
	if err == nil && inUse != nil {
		return inUse
	}
	return err
}

func keyIndex(states []KeyState, id string) int {
	return slices.IndexFunc(states, func(s KeyState) bool { return s.ID == id })
}
