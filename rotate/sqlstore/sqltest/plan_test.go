package sqltest

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// recorder remembers the statements that run on a transaction.
type recorder struct {
	*sql.Tx
	ran *[]statement
}

type statement struct {
	query string
	args  []any
}

func (r recorder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	*r.ran = append(*r.ran, statement{query, args})
	return r.Tx.ExecContext(ctx, query, args...)
}

func (r recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	*r.ran = append(*r.ran, statement{query, args})
	return r.Tx.QueryContext(ctx, query, args...)
}

// lookUps are the calls that are made on every request or often.
func lookUps(ctx context.Context, key string) map[string]func(rotate.Store) error {
	now := time.Now()
	return map[string]func(rotate.Store) error{
		"Load": func(s rotate.Store) error { _, err := s.Load(ctx, "a"); return err },
		"Insert": func(s rotate.Store) error {
			return s.Insert(ctx, rotate.Credential{Account: "b"}, []rotate.Event{{ID: "f"}})
		},
		"Update": func(s rotate.Store) error { return s.Update(ctx, "a", guess) },
		"Rename": func(s rotate.Store) error { return s.Rename(ctx, "a", "b", guess) },
		"Erase":  func(s rotate.Store) error { return s.Erase(ctx, "a", nil) },
		"Page":   func(s rotate.Store) error { _, err := s.Page(ctx, rotate.Query{After: "Z"}); return err },
		"KeyOther": func(s rotate.Store) error {
			_, err := s.Page(ctx, rotate.Query{After: "Z", KeyOtherThan: "k"})
			return err
		},
		"Account": func(s rotate.Store) error { _, err := s.Count(ctx, rotate.Query{Account: "a", Group: "g"}); return err },
		"Policy": func(s rotate.Store) error {
			_, err := s.Count(ctx, rotate.Query{GroupIs: "g", PolicyIs: "p"})
			return err
		},
		"Older": func(s rotate.Store) error {
			_, err := s.Count(ctx, rotate.Query{GroupIs: "g", PolicyOtherThan: "p"})
			return err
		},
		"Unmet": func(s rotate.Store) error {
			_, err := s.Count(ctx, rotate.Query{GroupIs: "g", PolicyIs: "p", Unmet: true})
			return err
		},
		"Unjudged": func(s rotate.Store) error {
			_, err := s.Count(ctx, rotate.Query{GroupIs: "g", Unjudged: true, HasPassword: true})
			return err
		},
		"Marked": func(s rotate.Store) error {
			_, err := s.Count(ctx, rotate.Query{GroupIs: "g", PolicyIs: "p", Recheck: true})
			return err
		},
		"Batch":  func(s rotate.Store) error { _, _, err := s.Batch(ctx, rotate.Query{After: "Z"}, guess); return err },
		"Orders": func(s rotate.Store) error { _, err := s.Orders(ctx, 1); return err },
		"KeyUse": func(s rotate.Store) error { _, err := s.KeyUse(ctx, key); return err },
		"Guess": func(s rotate.Store) error {
			return s.Guess(ctx, [32]byte{}, now, now, func(*rotate.Counter) error { return nil })
		},
		"Lease":        func(s rotate.Store) error { _, err := s.Lease(ctx, 10, now, now); return err },
		"Delivered":    func(s rotate.Store) error { return s.Delivered(ctx, []string{"e"}) },
		"Events":       func(s rotate.Store) error { _, err := s.Events(ctx, "a", "e", 10); return err },
		"Events by id": func(s rotate.Store) error { _, err := s.Events(ctx, "", "e", 10); return err },
	}
}

// TestLookUpsUseAnIndex asks SQLite how it would run each statement of the calls
// that are made on every request or often.
func TestLookUpsUseAnIndex(t *testing.T) {
	ctx := t.Context()
	s, db := fresh(t)
	k := newSealer(t)
	require.NoError(t, s.Insert(ctx, rotate.Credential{Account: "a", Password: k.seal("a", "x")}, []rotate.Event{{ID: "e", Account: "a"}}))
	for name, call := range lookUps(ctx, k.id) {
		tx, err := db.Begin()
		require.NoError(t, err)
		var ran []statement
		require.NoError(t, call(s.On(recorder{tx, &ran})), name)
		require.NotEmpty(t, ran)
		for _, st := range ran {
			if strings.Contains(st.query, "SAVEPOINT") {
				continue
			}
			for _, step := range plan(t, tx, st) {
				scan, inIndex := strings.HasPrefix(step, "SCAN"), strings.Contains(step, "USING INDEX tillkey_events_waiting")
				require.False(t, scan && !inIndex, "%s: %s\n%s", name, step, st.query)
				require.NotContains(t, step, "TEMP B-TREE", "%s sorts: %s", name, st.query)
			}
		}
		require.NoError(t, tx.Rollback())
	}
}

// plan reads the steps of a statement.
func plan(t *testing.T, db sqlstore.Conn, st statement) (steps []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+st.query, st.args...)
	require.NoError(t, err, st.query)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		steps = append(steps, detail)
	}
	require.NoError(t, rows.Err())
	return steps
}

// TestLoadIsOneLookUp counts what a request costs.
func TestLoadIsOneLookUp(t *testing.T) {
	s, db := fresh(t)
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	tx, err := db.Begin()
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback()) }()
	var ran []statement
	_, err = s.On(recorder{tx, &ran}).Load(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, ran, 1)
	steps := plan(t, tx, ran[0])
	require.Len(t, steps, 1)
	require.Contains(t, steps[0], "SEARCH tillkey_credentials USING INDEX")
	require.Contains(t, steps[0], "(account=?)")

	// A guess writes its row by one statement.
	ran = nil
	require.NoError(t, s.On(recorder{tx, &ran}).Update(t.Context(), "a", guess))
	require.Len(t, ran, 4, "SAVEPOINT, SELECT, UPDATE, RELEASE")
}
