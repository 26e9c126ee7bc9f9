package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
)

// SchemaError reports tables that are newer than this version of the package:
// a newer one has migrated them. Nothing was changed; deploy the newer version.
type SchemaError struct {
	Found int // version of the tables
	Known int // highest version this package knows
}

// Error names both versions.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("sqlstore: the tables have version %d, and this version of sqlstore knows %d at most", e.Found, e.Known)
}

// undone is an error of an fn. It comes back as it is and is no reason to try
// again, whatever it wraps.
type undone struct{ err error }

func (u undone) Error() string { return u.err.Error() }

// unbegun is the error of a transaction that did not begin, as its connection
// had been lost while it was idle. The next one may be good.
type unbegun struct{ error }

func (u unbegun) Unwrap() error { return u.error }

// own takes the error of an fn out again.
func own(err error) error {
	if u, ok := err.(undone); ok {
		return u.err
	}
	return err
}

// failed is the error of a database or a row. The context's own error is told
// where it has one, since drivers tell of its end in many ways.
func failed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return fmt.Errorf("sqlstore: %w", err)
}

// outcome sorts what an fn returned: whether there is something to write, and
// the error that undoes everything.
func outcome(ctx context.Context, err error) (changed bool, _ error) {
	if err != nil && !errors.Is(err, rotate.ErrUnchanged) {
		return false, undone{err}
	}
	return err == nil, ctx.Err()
}
