package memstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// Insert implements [rotate.Credentials].
func (s *Store) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	if _, taken := s.rows[c.Account]; taken {
		return rotate.ErrExists
	}
	row, err := ownCredential(&c)
	if err != nil {
		return err
	}
	if err := s.admit(events); err != nil {
		return err
	}
	s.put(row)
	s.write(events)
	return nil
}

// Load implements [rotate.Credentials].
func (s *Store) Load(ctx context.Context, account string) (rotate.Credential, error) {
	if err := s.lock(ctx); err != nil {
		return rotate.Credential{}, err
	}
	defer s.unlock()
	row, ok := s.rows[account]
	if !ok {
		return rotate.Credential{}, rotate.ErrNotFound
	}
	return row.Clone(), nil
}

// Update implements [rotate.Credentials]. It refuses an fn that changes the
// account.
func (s *Store) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	row, ok := s.rows[account]
	if !ok {
		return rotate.ErrNotFound
	}
	row, changed, events, err := edit(ctx, row, fn)
	if err != nil {
		return err
	}
	if err := s.admit(events); err != nil {
		return err
	}
	if changed {
		s.put(row)
	}
	s.write(events)
	return nil
}

// Batch implements [rotate.Credentials]. It leaves no row out, as it holds the
// lock on all of them.
func (s *Store) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (n int, last string, err error) {
	if err := s.lock(ctx); err != nil {
		return 0, "", err
	}
	defer s.unlock()
	var rows []rotate.Credential
	var events []rotate.Event
	for _, account := range s.selected(q, q.Size()) {
		row, changed, more, err := edit(ctx, s.rows[account], fn)
		if err != nil {
			return 0, "", err
		}
		if changed {
			rows = append(rows, row)
		}
		events = append(events, more...)
		n, last = n+1, account
	}
	if err := s.admit(events); err != nil {
		return 0, "", err
	}
	for _, row := range rows {
		s.put(row)
	}
	s.write(events)
	return n, last, nil
}

// Page implements [rotate.Credentials].
func (s *Store) Page(ctx context.Context, q rotate.Query) ([]rotate.Credential, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	var page []rotate.Credential
	for _, account := range s.selected(q, q.Size()) {
		row := s.rows[account]
		page = append(page, row.Clone())
	}
	return page, nil
}

// Count implements [rotate.Credentials].
func (s *Store) Count(ctx context.Context, q rotate.Query) (int, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	n := 0
	s.each(q, func(string) bool {
		n++
		return true
	})
	return n, nil
}

// Rename implements [rotate.Credentials]. Events and orders of the account
// follow it, so that a later Erase finds them all. An fn that returns
// [rotate.ErrUnchanged] moves the row as it was.
func (s *Store) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	row, ok := s.rows[from]
	if !ok {
		return rotate.ErrNotFound
	}
	if _, taken := s.rows[to]; taken {
		return rotate.ErrExists
	}
	row.Account = to
	clone(&row.Account)
	row, _, events, err := edit(ctx, row, fn)
	if err != nil {
		return err
	}
	if err := s.admit(events); err != nil {
		return err
	}
	s.remove(from)
	s.put(row)
	s.renameOrders(from, row.Account)
	s.renameEvents(from, row.Account)
	s.write(events)
	return nil
}

// Erase implements [rotate.Credentials]. It refuses events that name the
// account.
func (s *Store) Erase(ctx context.Context, account string, events []rotate.Event) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	if _, ok := s.rows[account]; !ok {
		return rotate.ErrNotFound
	}
	for _, e := range events {
		if names(e, account) {
			return fmt.Errorf("memstore: event %q names the account that is erased", e.Kind)
		}
	}
	if err := s.admit(events); err != nil {
		return err
	}
	s.remove(account)
	s.eraseOrders(account)
	s.eraseEvents(account)
	s.write(events)
	return nil
}

// selected lists the accounts of up to limit rows that q selects.
func (s *Store) selected(q rotate.Query, limit int) []string {
	var accounts []string
	s.each(q, func(account string) bool {
		accounts = append(accounts, account)
		return len(accounts) < limit
	})
	return accounts
}

// each goes through the accounts that q selects until yield returns false.
func (s *Store) each(q rotate.Query, yield func(account string) bool) {
	candidates := s.accounts
	if q.Account != "" {
		candidates = nil
		if row, ok := s.rows[q.Account]; ok {
			candidates = []string{row.Account}
		}
	} else if q.After != "" {
		at, found := slices.BinarySearch(candidates, q.After)
		if found {
			at++
		}
		candidates = candidates[at:]
	}
	for _, account := range candidates {
		if row := s.rows[account]; q.Matches(&row) && !yield(account) {
			return
		}
	}
}

// put writes a row that the Store owns.
func (s *Store) put(row rotate.Credential) {
	if at, found := slices.BinarySearch(s.accounts, row.Account); !found {
		s.accounts = slices.Insert(s.accounts, at, row.Account)
	}
	s.rows[row.Account] = row
}

// remove deletes a row.
func (s *Store) remove(account string) {
	if at, found := slices.BinarySearch(s.accounts, account); found {
		s.accounts = slices.Delete(s.accounts, at, at+1)
	}
	delete(s.rows, account)
}

// edit runs fn on a copy of row and returns the row to write. It is row itself
// where nothing changed.
func edit(ctx context.Context, row rotate.Credential, fn func(*rotate.Credential) ([]rotate.Event, error)) (_ rotate.Credential, changed bool, _ []rotate.Event, _ error) {
	draft := row.Clone()
	events, err := fn(&draft)
	changed, err = outcome(ctx, err)
	if err != nil || !changed {
		return row, false, events, err
	}
	if draft.Account != row.Account {
		return row, false, nil, fmt.Errorf("memstore: the account of %q was changed; use Rename", row.Account)
	}
	// Not into draft, which fn may have kept a pointer to.
	own, err := ownCredential(&draft)
	return own, true, events, err
}

// ownCredential returns a copy that shares nothing with c, as a database would
// give it back. It fails if a seal is malformed.
func ownCredential(c *rotate.Credential) (rotate.Credential, error) {
	if _, err := c.KeyIDs(); err != nil {
		return rotate.Credential{}, err
	}
	d := c.Clone()
	clone(&d.Account, &d.Group, &d.Password, &d.Format, &d.PolicyName, &d.PolicyFingerprint)
	d.Created, d.Changed, d.SignedIn = kept(d.Created), kept(d.Changed), kept(d.SignedIn)
	d.Unmet = kept(d.Unmet)
	d.Reminded.By = kept(d.Reminded.By)
	d.PasswordGuesses.Until = kept(d.PasswordGuesses.Until)
	d.CodeGuesses.Until = kept(d.CodeGuesses.Until)
	if f := d.Forced; f != nil {
		clone(&f.Reason)
		clone(&f.Proof)
		f.Since, f.By = kept(f.Since), kept(f.By)
	}
	for _, f := range []*rotate.Factor{d.Factor, d.Pending} {
		if f != nil {
			clone(&f.ID, &f.Seed)
			f.Since = kept(f.Since)
		}
	}
	for i := range d.Retired {
		r := &d.Retired[i]
		clone(&r.Password)
		r.At, r.Until = kept(r.At), kept(r.Until)
	}
	for i := range d.Spent {
		clone(&d.Spent[i].Nonce)
		d.Spent[i].Until = kept(d.Spent[i].Until)
	}
	for i := range d.Ended {
		d.Ended[i].Until = kept(d.Ended[i].Until)
	}
	return d, nil
}
