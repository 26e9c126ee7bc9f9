package rotate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"strings"
	"time"
)

// Imported is one credential from another system.
type Imported struct {
	Account string
	// Group is the path of the profile; "" means Config.Group.
	Group string
	// Encoded is the stored hash as it is.
	Encoded string
	// Created and Changed are the zero time where nobody knows. A password of
	// unknown age counts as oldest.
	Created time.Time
	Changed time.Time
}

// Format hides the hash from package fmt.
func (i Imported) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "rotate.Imported{redacted}") }

// LogValue hides the hash from package log/slog.
func (i Imported) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(i)) }

// MarshalJSON refuses to write secrets.
func (i Imported) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// ImportReport says what became of the rows of an import.
type ImportReport struct {
	// Inserted are new, Replaced were imported before and unused since.
	Inserted, Replaced int
	// Kept are accounts that have a credential already, which stays.
	Kept int
	// Refused could not be read; Problems tells of the first 100 why.
	Refused  int
	Problems []ImportProblem
}

// ImportProblem is why one row was refused.
type ImportProblem struct {
	// Row counts from 1, in the order of the import.
	Row     int
	Account string
	Err     error
}

// maxProblems bounds what a report of a hopeless import holds.
const maxProblems = 100

// Import takes over stored hashes as they are; each is upgraded when its owner
// signs in. No policy can look into a hash: with Rules.Recheck, the first sign-in
// checks the password. It never replaces a credential that has been used here, so it may
// run again, and on after it was cut off. Orders placed before concern imported
// accounts too.
//
// A row that cannot be read is refused and reported, and the rest goes on. The
// error is that of rows, of the Store, or of the context; the report says what
// was done till then.
func (k *Keeper) Import(ctx context.Context, rows iter.Seq2[Imported, error]) (ImportReport, error) {
	var r ImportReport
	key, err := k.primary(ctx)
	if err != nil {
		return r, err
	}
	n := 0
	for row, err := range rows {
		n++
		if err != nil {
			return r, fmt.Errorf("rotate: import stopped at row %d: %w", n, err)
		}
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if n%MaxBatch == 0 {
			if key, err = k.primary(ctx); err != nil {
				return r, err
			}
		}
		c, err := k.imported(key, row)
		if err != nil {
			r.Refused++
			if len(r.Problems) < maxProblems {
				r.Problems = append(r.Problems, ImportProblem{Row: n, Account: c.Account, Err: err})
			}
			continue
		}
		if err := k.importRow(ctx, c, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// imported checks a row and seals its hash.
func (k *Keeper) imported(key string, row Imported) (Credential, error) {
	c := Credential{
		Account: strings.Clone(row.Account), Group: strings.Clone(row.Group), Adopted: true,
		Created: row.Created.UTC().Truncate(time.Microsecond), Changed: row.Changed.UTC().Truncate(time.Microsecond),
		Epoch: newEpoch(),
	}
	if c.Group == "" {
		c.Group = k.group
	}
	if err := checkAccount(c.Account); err != nil {
		c.Account = ""
		return c, err
	}
	if _, err := k.profile(c.Group); err != nil {
		return c, err
	}
	for _, at := range []time.Time{c.Created, c.Changed} {
		if y := at.Year(); y < 1 || y > 9999 {
			return c, fmt.Errorf("rotate: year %d is not within 1 to 9999", y)
		}
	}
	if err := k.hasher.Accepts(row.Encoded); err != nil {
		return c, err
	}
	return c, k.sealPassword(key, &c, strings.Clone(row.Encoded))
}

// importRow inserts a row, or replaces one that was imported before and not
// touched since.
func (k *Keeper) importRow(ctx context.Context, c Credential, r *ImportReport) error {
	err := k.store.Insert(ctx, c, []Event{k.event(CredentialImported, c.Account)})
	if err == nil {
		r.Inserted++
		return nil
	}
	if !errors.Is(err, ErrExists) {
		return err
	}
	var replaced bool
	err = k.store.Update(ctx, c.Account, func(old *Credential) ([]Event, error) {
		replaced = false
		if used(old) {
			return nil, ErrUnchanged
		}
		var encoded string
		if old.Password != "" {
			var err error
			if encoded, err = k.openPassword(old); err != nil {
				return nil, ErrUnchanged
			}
		}
		fresh, err := k.openPassword(&c)
		if err != nil || fresh == encoded {
			return nil, ErrUnchanged
		}
		replaced = true
		// A sign-in under way that verified the old hash must not outlive it.
		old.Password, old.Format, old.Changed, old.Epoch = c.Password, c.Format, c.Changed, c.Epoch
		old.PolicyFingerprint, old.Unmet = "", time.Time{}
		return []Event{k.event(CredentialImported, c.Account)}, nil
	})
	if err != nil {
		return err
	}
	if replaced {
		r.Replaced++
	} else {
		r.Kept++
	}
	return nil
}

// used tells whether anything was done with a credential since it was taken over,
// so that an import must leave it alone. A hash sealed anew would not even open
// beside a factor, to which the seal is bound.
func used(c *Credential) bool {
	return !c.Adopted || !c.SignedIn.IsZero() || c.Factor != nil || c.Pending != nil || c.Forced != nil || len(c.Retired) > 0
}

// Export hands the stored hashes of the selected accounts to fn, in the order
// of their ids, so that a shop can leave. They are PHC or foreign strings,
// without the seal. Accounts without a password are left out. Query.After and
// Limit are ignored.
//
// Errors are those of fn, which end the export, of the Store and of the
// context, and one that names the account whose seal does not open.
func (k *Keeper) Export(ctx context.Context, q Query, fn func(account, encoded string) error) error {
	q.After, q.Limit, q.HasPassword = "", MaxBatch, true
	for {
		page, err := k.store.Page(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			encoded, err := k.openPassword(&page[i])
			if err != nil {
				return fmt.Errorf("rotate: export of %q: %w", page[i].Account, err)
			}
			if err := fn(page[i].Account, encoded); err != nil {
				return err
			}
		}
		q.After = page[len(page)-1].Account
	}
}
