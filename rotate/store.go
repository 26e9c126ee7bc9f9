package rotate

import (
	"context"
	"errors"
	"time"
)

// Errors of a Store. Every other error means that the Store could not do its
// work, and nothing was changed.
var (
	// ErrNotFound: there is no such account, order or key.
	ErrNotFound = errors.New("rotate: not found")
	// ErrExists: there is one already.
	ErrExists = errors.New("rotate: already exists")
	// ErrUnchanged is returned by an fn that has nothing to write to the row.
	// The Store leaves the row alone, still writes the events, and goes on as if
	// fn had returned nil.
	ErrUnchanged = errors.New("rotate: unchanged")
	// ErrUncertain: the connection was lost between a commit and its answer. The
	// call was done in full or not at all, and nobody knows which: look before
	// you repeat what must not happen twice, such as an order.
	ErrUncertain = errors.New("rotate: it may have been done or not")
)

// Store is what a database implements. memstore is the reference, sqlstore
// works on database/sql, and storetest is the suite each must pass.
//
// All methods are safe for concurrent use, by several processes too where the
// database is shared. A cancelled context ends a call with the context's
// error and without a change. Values handed in and out are the caller's: a
// Store copies what it keeps.
//
// Every fn is short and pure but for randomness, may run twice (after a
// serialization failure), must not call the Store, and runs under a lock. Its
// events are written in the transaction that writes the row, or handed to the
// shop's own enqueuer inside it. An error from fn, ErrUnchanged excepted,
// undoes everything and comes back as it is.
type Store interface {
	Credentials
	Orders
	Guesses
	Outbox
	Keys
}

// Credentials is the part of a Store that holds one row an account.
type Credentials interface {
	// Insert adds a row. ErrExists: the account has one.
	Insert(ctx context.Context, c Credential, events []Event) error
	// Load reads a row without a lock, from the primary database, by one indexed
	// look-up. ErrNotFound: the account has none.
	Load(ctx context.Context, account string) (Credential, error)
	// Update changes a row under a lock that it alone holds. fn must not change
	// the account. ErrNotFound: the account has none, and fn did not run.
	Update(ctx context.Context, account string, fn func(*Credential) ([]Event, error)) error
	// Batch runs fn on up to q.Size() selected rows in one transaction, leaving
	// out rows that another transaction has locked. It returns how many rows it
	// ran on and the account of the last row it looked at, "" where no selected
	// row was left after q.After: that is the end.
	Batch(ctx context.Context, q Query, fn func(*Credential) ([]Event, error)) (n int, last string, err error)
	// Page reads up to q.Size() selected rows without a lock, in the order of
	// their accounts.
	Page(ctx context.Context, q Query) ([]Credential, error)
	// Count counts selected rows, locked ones included; q.Limit is ignored.
	Count(ctx context.Context, q Query) (int, error)
	// Rename moves a row to another account in one transaction. fn sees the row
	// with the new account. ErrNotFound: from has no row. ErrExists: to has one.
	Rename(ctx context.Context, from, to string, fn func(*Credential) ([]Event, error)) error
	// Erase deletes every row that names the account, events and orders that
	// name it alone included, and adds events, which must not name it.
	// ErrNotFound: the account has no row.
	Erase(ctx context.Context, account string, events []Event) error
}

// Orders is the append-only log of orders.
type Orders interface {
	// Place appends an order. fn gets the log's next sequence, which the Store
	// has locked until the order is visible, and returns the order to write,
	// whose Seq it must set to it. Sequences have no gaps and start with 1.
	Place(ctx context.Context, fn func(seq int64) (Order, []Event, error)) error
	// Orders reads the orders whose Seq is greater than after, lowest first,
	// withdrawals included.
	Orders(ctx context.Context, after int64) ([]Order, error)
}

// Guesses is a table of counters for names that may belong to nobody. Keys are
// 32 random-looking bytes.
type Guesses interface {
	// Guess changes one counter under a lock; fn gets the zero Counter where
	// there is none or it expired before now. The counter expires at expires.
	Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*Counter) error) error
	// Prune deletes what expired before now and, above keep rows, what expires
	// soonest. It returns how many it deleted.
	Prune(ctx context.Context, now time.Time, keep int) (int, error)
}

// Outbox holds events until they are delivered.
type Outbox interface {
	// Lease returns up to limit events that are not delivered and not under a
	// lease at now, oldest first, and leases them to the caller until until.
	Lease(ctx context.Context, limit int, now, until time.Time) ([]Event, error)
	// Delivered marks events as delivered. Unknown ids are ignored. Delivered
	// events are kept as the audit trail.
	Delivered(ctx context.Context, ids []string) error
	// Events reads the audit trail, newest first: up to limit events older than
	// the event named before, or the newest where before is "". An account
	// limits it to events of that account.
	Events(ctx context.Context, account, before string, limit int) ([]Event, error)
}

// Keys holds which keys the realm uses. No key itself is ever stored.
type Keys interface {
	// Keys reads all key states, oldest first.
	Keys(ctx context.Context) ([]KeyState, error)
	// UpdateKeys replaces all key states under a lock.
	UpdateKeys(ctx context.Context, fn func([]KeyState) ([]KeyState, []Event, error)) error
	// KeyUse counts the credentials that hold a seal under the key, in any
	// sealed column, rows locked by others included.
	KeyUse(ctx context.Context, id string) (int, error)
}

// KeyState is what the realm knows about one key.
type KeyState struct {
	ID string
	// Canary is a constant sealed under the key; a ring that cannot open it does
	// not have the key.
	Canary string
	// Primary is true for the one key that new seals are made under.
	Primary bool
	Added   time.Time
	// Unused is when a first Drop counted no use of the key; the zero time if
	// none did, or the key was used since.
	Unused time.Time
	// Dropped is when the key was dropped for good.
	Dropped time.Time
}
