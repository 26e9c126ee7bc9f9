package sqlstore

import (
	"bytes"
	"context"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// edited is a row before and after an fn that changed it.
type edited struct {
	before, after *rotate.Credential
}

// rewriteAll writes many rows over what they were.
func (s *Store) rewriteAll(ctx context.Context, tx session, all []edited) error {
	if s.dialect.bulk == nil || len(all) < 2 {
		for _, e := range all {
			if err := s.rewrite(ctx, tx, e.before, e.after); err != nil {
				return err
			}
		}
		return nil
	}
	var before, after row
	old, columns := before.fields(), after.fields()
	changed := make([]bool, len(columns))
	rows := make([][]any, len(all))
	var seals sealChanges
	for i, e := range all {
		if err := seals.add(e.before, e.after); err != nil {
			return err
		}
		before.set(e.before)
		after.set(e.after)
		if err := after.check(); err != nil {
			return err
		}
		rows[i] = values(columns)
		if err := plainArgs(rows[i]); err != nil {
			return failed(ctx, err)
		}
		for c := range columns {
			if !changed[c] {
				was, err := plain(old[c].value)
				// What cannot be written as it is counts as changed.
				changed[c] = err != nil || !same(was, rows[i][c])
			}
		}
	}
	var chosen []int
	for c := range columns {
		if changed[c] {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) > 0 {
		if err := s.dialect.bulk.update(ctx, tx, columns, chosen, rows); err != nil {
			return err
		}
	}
	return s.resealAll(ctx, tx, seals)
}

// insertAll adds rows, each by the statement insert where there is no better way.
func (s *Store) insertAll(ctx context.Context, tx session, table, insert string, columns []field, rows [][]any) error {
	if s.dialect.bulk != nil && len(rows) > 1 {
		return s.dialect.bulk.insert(ctx, tx, table, columns, rows)
	}
	for _, values := range rows {
		if _, err := tx.exec(ctx, insert, values...); err != nil {
			return err
		}
	}
	return nil
}

// same compares two values of a column.
func same(a, b any) bool {
	if x, ok := a.([]byte); ok {
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	}
	return a == b
}

// sealChanges are changes of tillkey_seals.
type sealChanges struct {
	swap   [][]any // of account, key id before and key id after
	forget []any   // accounts that lose all of theirs
	write  [][]any // of account and key id
}

// add compares the keys of two rows. Where the old one cannot be read, nobody
// knows which rows its seals have.
func (c *sealChanges) add(before, after *rotate.Credential) error {
	ids, err := after.KeyIDs()
	if err != nil {
		return err
	}
	old, err := before.KeyIDs()
	if err == nil && slices.Equal(old, ids) {
		return nil
	}
	if err == nil && len(old) == 1 && len(ids) == 1 {
		c.swap = append(c.swap, []any{after.Account, old[0], ids[0]})
		return nil
	}
	c.forget = append(c.forget, after.Account)
	for _, id := range ids {
		c.write = append(c.write, []any{after.Account, id})
	}
	return nil
}

// replace swaps by forgetting and writing.
func (c *sealChanges) replace() {
	for _, row := range c.swap {
		c.forget, c.write = append(c.forget, row[0]), append(c.write, []any{row[0], row[2]})
	}
	c.swap = nil
}

func (s *Store) resealAll(ctx context.Context, tx session, c sealChanges) error {
	if err := s.dialect.bulk.swapSeals(ctx, tx, &c); err != nil {
		return err
	}
	if err := eachIn(ctx, tx, "DELETE FROM tillkey_seals WHERE account IN ", c.forget); err != nil {
		return err
	}
	if len(c.write) == 0 {
		return nil
	}
	return s.dialect.bulk.insert(ctx, tx, "tillkey_seals", sealFields(), c.write)
}

// sealFields are the columns of tillkey_seals.
func sealFields() []field {
	var text string
	return []field{{"account", &text}, {"key_id", &text}}
}

// eachIn runs a statement that ends in a list of values, some of them at a time.
// Lists are filled up by repeating the last value, so that there are few texts.
func eachIn(ctx context.Context, tx session, query string, list []any, before ...any) error {
	for some := range slices.Chunk(list, maxMarks) {
		n := 1
		for n < len(some) {
			n *= 2
		}
		args := append(slices.Clone(before), some...)
		for range n - len(some) {
			args = append(args, some[len(some)-1])
		}
		if _, err := tx.exec(ctx, query+"("+marks(n)+")", args...); err != nil {
			return err
		}
	}
	return nil
}
