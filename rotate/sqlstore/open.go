package sqlstore

import (
	"context"
	"database/sql"
)

// Open returns a Store on a pool whose tables are there: it is [New] and
// [Store.Migrate]. A shop that migrates with a tool of its own calls New alone.
// Errors are those of the two.
func Open(ctx context.Context, db *sql.DB, c Config) (*Store, error) {
	s, err := New(db, c)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	return s, nil
}
