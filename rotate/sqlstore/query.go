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
		rows, err := s.selected(ctx, tx, q, s.dialect.sorted, s.dialect.skip)
		if err != nil {
			return err
		}
		var changes []edited
		var events []rotate.Event
		for i := range rows {
			last = rows[i].Account
			// One that was locked a moment ago may have changed since it was chosen,
			// and its seals are not looked at again.
			if !q.Matches(&rows[i]) {
				continue
			}
			n++
			after, changed, more, err := edit(ctx, &rows[i], fn)
			if err != nil {
				return err
			}
			events = append(events, more...)
			if changed {
				changes = append(changes, edited{&rows[i], &after})
			}
		}
		if err := s.rewriteAll(ctx, tx, changes); err != nil {
			return err
		}
		return s.tell(ctx, tx, events)
	})
	if err != nil {
		return 0, "", err
	}
	return n, last, nil
}

// Page implements [rotate.Credentials].
func (s *Store) Page(ctx context.Context, q rotate.Query) (page []rotate.Credential, err error) {
	err = s.runner.read(ctx, func(db session) (err error) {
		page, err = s.selected(ctx, db, q, "", "")
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
func (s *Store) selected(ctx context.Context, db session, q rotate.Query, sorted, suffix string) ([]rotate.Credential, error) {
	where, args, err := conditions(q)
	if err != nil {
		return nil, err
	}
	var page []rotate.Credential
	var read scanner
	query := s.text.selectRow + sorted + where + " ORDER BY account LIMIT ?" + suffix
	err = db.each(ctx, query, append(args, q.Size()), func(rows *sql.Rows) error {
		c, err := read.scan(rows)
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
	if q.GroupIs != "" {
		narrow("group_path = ?", q.GroupIs)
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
	if q.PolicyIs != "" {
		narrow("policy_fingerprint = ?", q.PolicyIs)
	}
	if q.PolicyOtherThan != "" {
		narrow("policy_fingerprint <> '' AND policy_fingerprint <> ?", q.PolicyOtherThan)
	}
	if q.Unjudged {
		narrow("policy_fingerprint = ''")
	}
	if q.Unmet {
		narrow("unmet_at IS NOT NULL")
	}
	if q.Recheck {
		narrow("recheck = TRUE")
	}
	if q.KeyOtherThan != "" {
		narrow("EXISTS (SELECT 1 FROM tillkey_seals WHERE tillkey_seals.account = tillkey_credentials.account AND key_id <> ?)", q.KeyOtherThan)
	}
	if len(all) == 0 {
		return "", nil, nil
	}
	return " WHERE " + strings.Join(all, " AND "), args, nil
}
