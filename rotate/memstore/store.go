package memstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Store is a [rotate.Store] in memory. Make one with [New]. It is safe for
// concurrent use.
//
// One lock guards all of it, so an fn that calls the Store waits for itself:
// until its context ends, or for good. Since no row can be locked by another
// transaction while Batch runs, Batch leaves none out.
type Store struct {
	turn chan struct{} // holds one value while somebody works on what follows

	rows     map[string]rotate.Credential
	accounts []string // of rows, in byte order

	orders []rotate.Order // by Seq
	seq    int64          // of the last order placed, erased ones included

	guesses map[[32]byte]guess

	trail   []*entry          // every event, oldest first
	waiting []*entry          // those not delivered and some that are, oldest first
	done    int               // how many of waiting are delivered
	events  map[string]*entry // every event by id

	keys []rotate.KeyState // oldest first
}

var _ rotate.Store = (*Store)(nil)

// New returns an empty Store.
func New() *Store {
	return &Store{
		turn:    make(chan struct{}, 1),
		rows:    make(map[string]rotate.Credential),
		guesses: make(map[[32]byte]guess),
		events:  make(map[string]*entry),
	}
}

// lock waits for the Store's one lock. Who got it defers unlock.
func (s *Store) lock(ctx context.Context) error {
	// Asked first, because select takes any of two ready cases.
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) unlock() { <-s.turn }

// outcome sorts what an fn returned: whether there is a row to write, and the
// error that undoes everything.
func outcome(ctx context.Context, err error) (changed bool, _ error) {
	if err != nil && !errors.Is(err, rotate.ErrUnchanged) {
		return false, err
	}
	return err == nil, ctx.Err()
}

// kept rounds a time down to what every database keeps.
func kept(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// clone copies the texts in place, since a caller may own their bytes and
// write over them, as HTTP servers do that use a buffer again.
func clone[T ~string](texts ...*T) {
	for _, p := range texts {
		*p = T(strings.Clone(string(*p)))
	}
}
