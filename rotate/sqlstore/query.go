package sqlstore

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Batch implements [rotate.Credentials].
func (s *Store) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (n int, last string, err error) {
	err = s.runner.write(ctx, func(tx session) error {
		n, last = 0, ""
		rows, err := s.selected(ctx, tx, q, s.dialect.skip)
		if err != nil {
			return err
		}
		edited := make([]rotate.Credential, len(rows))
		changed := make([]bool, len(rows))
		var events []rotate.Event
		for i := range rows {
			var more []rotate.Event
			if edited[i], changed[i], more, err = edit(ctx, &rows[i], fn); err != nil {
				return err
			}
			events = append(events, more...)
		}
		for i := range rows {
			if !changed[i] {
				continue
			}
			if err := s.rewrite(ctx, tx, &rows[i], &edited[i]); err != nil {
				return err
			}
		}
		if err := s.tell(ctx, tx, events); err != nil {
			return err
		}
		if n = len(rows); n > 0 {
			last = rows[n-1].Account
		}
		return nil
	})
	if err != nil {
		return 0, "", err
	}
	return n, last, nil
}

// Page implements [rotate.Credentials].
func (s *Store) Page(ctx context.Context, q rotate.Query) (page []rotate.Credential, err error) {
	err = s.runner.read(ctx, func(db session) (err error) {
		page, err = s.selected(ctx, db, q, "")
		return err
	})
	return page, err
}

// Count implements [rotate.Credentials].
func (s *Store) Count(ctx context.Context, q rotate.Query) (n int, err error) {
	where, args, err := conditions(q)
	if err != nil {
		return 0, err
	}
	err = s.runner.read(ctx, func(db session) error {
		_, err := db.one(ctx, "SELECT COUNT(*) FROM tillkey_credentials"+where, args, &n)
		return err
	})
	return n, err
}

// selected reads the rows of a query in the order of their accounts.
func (s *Store) selected(ctx context.Context, db session, q rotate.Query, suffix string) ([]rotate.Credential, error) {
	where, args, err := conditions(q)
	if err != nil {
		return nil, err
	}
	var page []rotate.Credential
	query := s.text.selectRow + where + " ORDER BY account LIMIT ?" + suffix
	err = db.each(ctx, query, append(args, q.Size()), func(rows *sql.Rows) error {
		c, err := scanRow(rows)
		page = append(page, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

// conditions says in SQL what [rotate.Query.Matches] says in Go.
func conditions(q rotate.Query) (where string, args []any, err error) {
	var all []string
	narrow := func(condition string, values ...any) {
		all, args = append(all, condition), append(args, values...)
	}
	if q.After != "" {
		narrow("account > ?", q.After)
	}
	if q.Account != "" {
		narrow("account = ?", q.Account)
	}
	if q.Group != "" {
		// Compared as bytes, all that starts with "a/" lies from there to "a0":
		// the byte 0 comes after the slash.
		narrow("(group_path = ? OR group_path >= ? AND group_path < ?)", q.Group, q.Group+"/", q.Group+"0")
	}
	if !q.ChangedBefore.IsZero() {
		before, err := toMicros(q.ChangedBefore.Add(time.Microsecond - 1)) // rounded up
		if err != nil {
			return "", nil, failed(context.Background(), err)
		}
		unknown := time.Time{}.UnixMicro()
		narrow("COALESCE(changed_at, ?) < ?", unknown, before)
	}
	if q.ClearedBelow != 0 {
		narrow("cleared_seq < ?", q.ClearedBelow)
	}
	if q.HasPassword {
		narrow("password <> ''")
	}
	if q.KeyOtherThan != "" {
		narrow("EXISTS (SELECT 1 FROM tillkey_seals WHERE tillkey_seals.account = tillkey_credentials.account AND key_id <> ?)", q.KeyOtherThan)
	}
	if len(all) == 0 {
		return "", nil, nil
	}
	return " WHERE " + strings.Join(all, " AND "), args, nil
}
