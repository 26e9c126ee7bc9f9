package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// row is a credential as its columns: what may be missing is laid flat.
type row struct {
	rotate.Credential
	forced     rotate.Forced
	factor     rotate.Factor
	pending    rotate.Factor
	hasForced  bool
	hasFactor  bool
	hasPending bool
}

// newRow lays a credential flat. It fails where a database could not give it
// back as it is.
func newRow(c *rotate.Credential) (*row, error) {
	r := new(row)
	r.set(c)
	return r, r.check()
}

// set lays a credential flat.
func (r *row) set(c *rotate.Credential) {
	*r = row{Credential: *c}
	if c.Forced != nil {
		r.forced, r.hasForced = *c.Forced, true
	}
	if c.Factor != nil {
		r.factor, r.hasFactor = *c.Factor, true
	}
	if c.Pending != nil {
		r.pending, r.hasPending = *c.Pending, true
	}
}

// check reports what a database could not give back as it is.
func (r *row) check() error {
	c := &r.Credential
	if c.Account == "" || len(c.Account) > rotate.MaxAccountBytes {
		return fmt.Errorf("sqlstore: %w", rotate.ErrAccount)
	}
	for _, s := range c.Spent {
		if err := checkTexts(s.Nonce); err != nil {
			return err
		}
	}
	for _, e := range c.Ended {
		if err := checkTexts(e.ID); err != nil {
			return err
		}
	}
	if err := checkKeys(c.Account, c.Group, c.PolicyFingerprint); err != nil {
		return err
	}
	// Sealed texts are ASCII; their form was checked for the ids of their keys.
	return checkTexts(c.Format, c.PolicyName,
		string(r.forced.Reason), string(r.forced.Proof), r.factor.ID, r.pending.ID)
}

// credential puts the parts back that are there.
func (r *row) credential() rotate.Credential {
	c := r.Credential
	c.Forced, c.Factor, c.Pending = nil, nil, nil
	if r.hasForced {
		c.Forced = pointer(r.forced)
	}
	if r.hasFactor {
		c.Factor = pointer(r.factor)
	}
	if r.hasPending {
		c.Pending = pointer(r.pending)
	}
	return c
}

func pointer[T any](v T) *T { return &v }

// fields are the columns of tillkey_credentials; the account comes first.
func (r *row) fields() []field {
	return []field{
		{"account", &r.Account},
		{"group_path", &r.Group},
		{"password", &r.Password},
		{"format", &r.Format},
		{"policy_name", &r.PolicyName},
		{"adopted", &r.Adopted},
		{"created_at", micros{&r.Created}},
		{"changed_at", micros{&r.Changed}},
		{"signed_in_at", micros{&r.SignedIn}},
		{"epoch", &r.Epoch},
		{"cleared_seq", &r.ClearedSeq},
		{"forced_reason", optional{&r.hasForced, (*string)(&r.forced.Reason)}},
		{"forced_proof", &r.forced.Proof},
		{"forced_since_at", micros{&r.forced.Since}},
		{"forced_by", micros{&r.forced.By}},
		{"reminded_by", micros{&r.Reminded.By}},
		{"reminded_ns", &r.Reminded.Before},
		{"recheck", &r.Recheck},
		{"password_total", &r.PasswordGuesses.Total},
		{"password_recent", &r.PasswordGuesses.Recent},
		{"password_until", micros{&r.PasswordGuesses.Until}},
		{"code_total", &r.CodeGuesses.Total},
		{"code_recent", &r.CodeGuesses.Recent},
		{"code_until", micros{&r.CodeGuesses.Until}},
		{"factor_id", optional{&r.hasFactor, &r.factor.ID}},
		{"factor_seed", &r.factor.Seed},
		{"factor_step", &r.factor.Step},
		{"factor_since_at", micros{&r.factor.Since}},
		{"pending_id", optional{&r.hasPending, &r.pending.ID}},
		{"pending_seed", &r.pending.Seed},
		{"pending_step", &r.pending.Step},
		{"pending_since_at", micros{&r.pending.Since}},
		{"recovery", sums{&r.Recovery}},
		{"retired", retired(&r.Retired)},
		{"spent", spent(&r.Spent)},
		{"ended", ended(&r.Ended)},
		{"policy_fingerprint", &r.PolicyFingerprint},
		{"unmet_at", micros{&r.Unmet}},
	}
}

// statements are those of one row, made once.
type statements struct {
	insertRow, selectRow, updateRow string
	insertEvent, selectEvent        string
	insertOrder, selectOrder        string
	insertKey, selectKeys           string
}

func newStatements(d *dialect) statements {
	var t statements
	fields := new(row).fields()
	t.insertRow = insert("tillkey_credentials", fields) + d.insertNew
	t.selectRow = "SELECT " + names(fields) + " FROM tillkey_credentials"
	t.updateRow = "UPDATE tillkey_credentials SET "
	for i, f := range fields[1:] {
		if i > 0 {
			t.updateRow += ", "
		}
		t.updateRow += f.name + " = ?"
	}
	t.updateRow += " WHERE account = ?"
	events := new(entry).fields()
	t.insertEvent = insert("tillkey_events", events)
	t.selectEvent = "SELECT seq, " + names(events) + " FROM tillkey_events"
	orders := orderFields(new(rotate.Order))
	t.insertOrder = insert("tillkey_orders", orders)
	t.selectOrder = "SELECT " + names(orders) + " FROM tillkey_orders"
	keys := keyFields(new(rotate.KeyState))
	t.insertKey = insert("tillkey_keys", keys)
	t.selectKeys = "SELECT " + names(keys) + " FROM tillkey_keys"
	return t
}

// scanner reads the columns of selectRow, of many rows into the same place.
type scanner struct {
	row  row
	dest []any
}

func (s *scanner) scan(rows *sql.Rows) (rotate.Credential, error) {
	if s.dest == nil {
		s.dest = values(s.row.fields())
	}
	if err := rows.Scan(s.dest...); err != nil {
		return rotate.Credential{}, err
	}
	return s.row.credential(), nil
}

// load reads one row. suffix is the dialect's lock, or nothing.
func (s *Store) load(ctx context.Context, db session, account, suffix string) (c rotate.Credential, err error) {
	found := false
	var read scanner
	err = db.each(ctx, s.text.selectRow+" WHERE account = ?"+suffix, []any{account}, func(rows *sql.Rows) error {
		found = true
		c, err = read.scan(rows)
		return err
	})
	if err == nil && !found {
		err = rotate.ErrNotFound
	}
	return c, err
}

// rewrite writes a row over the one it was, before.
func (s *Store) rewrite(ctx context.Context, tx session, before, after *rotate.Credential) error {
	ids, err := after.KeyIDs()
	if err != nil {
		return err
	}
	r, err := newRow(after)
	if err != nil {
		return err
	}
	args := append(values(r.fields())[1:], after.Account)
	if _, err := tx.exec(ctx, s.text.updateRow, args...); err != nil {
		return err
	}
	// Most updates leave the seals alone. Where the old row cannot be read,
	// nobody knows which rows its seals have.
	if old, err := before.KeyIDs(); err == nil && before.Account == after.Account && slices.Equal(old, ids) {
		return nil
	}
	if err := forgetSeals(ctx, tx, after.Account); err != nil {
		return err
	}
	return writeSeals(ctx, tx, after.Account, ids)
}

func writeSeals(ctx context.Context, tx session, account string, ids []string) error {
	for _, id := range ids {
		if _, err := tx.exec(ctx, "INSERT INTO tillkey_seals (account, key_id) VALUES (?, ?)", account, id); err != nil {
			return err
		}
	}
	return nil
}

func forgetSeals(ctx context.Context, tx session, account string) error {
	_, err := tx.exec(ctx, "DELETE FROM tillkey_seals WHERE account = ?", account)
	return err
}
