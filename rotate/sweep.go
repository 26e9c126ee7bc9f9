package rotate

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// maxNames is how many counters of names are kept; the table must not grow
// with the guesses of strangers.
const maxNames = 1 << 20

// pendingFor is how long an offered second factor waits for its first code.
const pendingFor = 10 * time.Minute

// Report says what a [Keeper.Sweep] did.
type Report struct {
	// Rows is how many credentials were looked at, Changed how many of them
	// were written.
	Rows, Changed int
	// Reminded is how many reminders were written as events.
	Reminded int
	// Resealed is how many rows were sealed anew under the primary key.
	Resealed int
	// Unreadable is how many rows hold a seal that does not open. They are left
	// as they are; their keys cannot be dropped.
	Unreadable int
	// NoProfile is how many rows are of a group that Config.Profile does not know.
	// They are sealed anew and nothing else; reminders of theirs are missing.
	NoProfile int
	// Pruned is how many expired counters of names were deleted.
	Pruned int
	// Done tells that the sweep came to the end of the accounts; the next one
	// starts again at the first.
	Done bool
}

// cursor is where the next sweep goes on.
type cursor struct {
	mu    sync.Mutex
	after string
}

// Sweep does what is due by time rather than by a visit: it writes reminders,
// reseals rows under the primary key, and forgets offered factors, used
// tickets and former passwords whose time is over. It looks at about budget
// rows, 0 meaning all that are left, in batches of [MaxBatch], and goes on next
// time where it stopped.
//
// Every instance may sweep, at once too: rows that another one has locked are
// left to it. Sweeping twice does no more than sweeping once. Where nothing is
// due, nothing is locked: rows are read as [Credentials].Page does, and read
// again under a lock where something is.
//
// Errors are those of the Store, the profiles and the context; what was done
// till then stays done and is in the Report.
func (k *Keeper) Sweep(ctx context.Context, budget int) (Report, error) {
	k.cursor.mu.Lock()
	defer k.cursor.mu.Unlock()
	var r Report
	now := k.now()
	pruned, err := k.store.Prune(ctx, now, maxNames)
	r.Pruned = pruned
	if err != nil {
		return r, err
	}
	groups := make(map[string]*Profile)
	quiet := true // nothing was to do in the rows before
	for budget <= 0 || r.Rows < budget {
		q := Query{After: k.cursor.after, Limit: MaxBatch}
		if budget > 0 {
			q.Limit = min(q.Limit, budget-r.Rows)
		}
		f, err := k.begin(ctx)
		if err != nil {
			return r, err
		}
		if quiet {
			last, due, err := k.look(ctx, q, f, groups, now, &r)
			if err != nil {
				return r, err
			}
			if !due {
				if k.cursor.after = last; last == "" {
					r.Done = true
					return r, nil
				}
				continue
			}
		}
		rows := make(map[string]Report) // by account, as fn may run twice
		missing := make(map[string]bool)
		n, last, err := k.store.Batch(ctx, q, func(c *Credential) ([]Event, error) {
			profile, known := groups[c.Group]
			if !known {
				missing[c.Group] = true
				return nil, ErrUnchanged
			}
			events, row, err := k.sweepRow(c, f, profile, now)
			rows[c.Account] = row
			return events, err
		})
		if err != nil {
			return r, err
		}
		if len(missing) > 0 {
			// The profile is the shop's to say, and is not asked under a lock. What
			// was done stays done when the batch is looked at again.
			for group := range missing {
				groups[group] = k.profileOf(group)
			}
			r.addChanges(rows)
			continue
		}
		before := r.Changed
		r.Rows += n
		r.addChanges(rows)
		r.addFindings(rows)
		quiet = r.Changed == before
		k.cursor.after = last
		if last == "" {
			r.Done = true
			return r, nil
		}
	}
	return r, nil
}

// look reads rows without a lock and tells whether anything is due for one of
// them. If not, it counts them as swept and returns the account of the last one,
// "" where there was none.
func (k *Keeper) look(ctx context.Context, q Query, f flow, groups map[string]*Profile, now time.Time, r *Report) (last string, due bool, err error) {
	page, err := k.store.Page(ctx, q)
	if err != nil {
		return "", false, err
	}
	rows := make(map[string]Report, len(page))
	for i := range page {
		c := &page[i]
		profile, known := groups[c.Group]
		if !known {
			profile = k.profileOf(c.Group)
			groups[c.Group] = profile
		}
		_, row, err := k.sweepRow(c, f, profile, now)
		if !errors.Is(err, ErrUnchanged) {
			return "", true, err
		}
		rows[c.Account] = row
		last = c.Account
	}
	r.Rows += len(page)
	r.addFindings(rows)
	return last, false, nil
}

// addChanges counts what was written, which a second look does not find again.
func (r *Report) addChanges(rows map[string]Report) {
	for _, row := range rows {
		r.Changed += row.Changed
		r.Reminded += row.Reminded
		r.Resealed += row.Resealed
	}
}

// addFindings counts what was found and left as it is.
func (r *Report) addFindings(rows map[string]Report) {
	for _, row := range rows {
		r.Unreadable += row.Unreadable
		r.NoProfile += row.NoProfile
	}
}

// profileOf returns the profile of a group, nil if it has none.
func (k *Keeper) profileOf(group string) *Profile {
	p, err := k.profile(group)
	if err != nil {
		return nil
	}
	p.fingerprint = p.Fingerprint()
	return &p
}

// sweepRow does what is due for one row; the profile is nil for a group without.
func (k *Keeper) sweepRow(c *Credential, f flow, p *Profile, now time.Time) (events []Event, r Report, err error) {
	changed := false
	if p == nil {
		r.NoProfile = 1
	} else {
		changed = forgetOld(c, p.Rules, now)
		if e, ok := k.remind(c, p.Due(c, f.orders, now), p.Rules, now); ok {
			events = append(events, e)
			r.Reminded = 1
		}
	}
	switch resealed, err := k.resealRow(f.key, c); {
	case err != nil:
		r.Unreadable = 1
	case resealed:
		r.Resealed = 1
	}
	if !changed && r.Reminded == 0 && r.Resealed == 0 {
		return nil, r, ErrUnchanged
	}
	r.Changed = 1
	return events, r, nil
}

// resealRow seals a row anew, all of it or nothing.
func (k *Keeper) resealRow(key string, c *Credential) (bool, error) {
	copied := c.Clone()
	changed, err := k.reseal(key, &copied, c.Account)
	if err != nil || !changed {
		return false, err
	}
	*c = copied
	return true, nil
}

// forgetOld drops what has outlived its time (GDPR, article 5(1)(e)).
func forgetOld(c *Credential, r Rules, now time.Time) (changed bool) {
	if c.Pending != nil && !now.Before(c.Pending.Since.Add(pendingFor)) {
		c.Pending, changed = nil, true
	}
	if kept := forgetRetired(c.Retired, r.History, now); len(kept) < len(c.Retired) {
		c.Retired, changed = kept, true
	}
	spent := slices.DeleteFunc(slices.Clone(c.Spent), func(s Spent) bool { return !now.Before(s.Until) })
	if len(spent) < len(c.Spent) {
		c.Spent, changed = spent, true
	}
	ended := slices.DeleteFunc(slices.Clone(c.Ended), func(e Ended) bool { return !now.Before(e.Until) })
	if len(ended) < len(c.Ended) {
		c.Ended, changed = ended, true
	}
	return changed
}

// remind tells of a deadline: once at each reminder time, and once when it is
// over. Of reminder times that were slept through, only the latest counts.
func (k *Keeper) remind(c *Credential, due Due, r Rules, now time.Time) (Event, bool) {
	if !due.Open() {
		return Event{}, false
	}
	kind, before := ChangeForced, time.Duration(0)
	if !due.Now(now) {
		found := false
		for _, b := range r.reminders() {
			if !now.Before(due.By.Add(-b)) {
				before, found = b, true
			}
		}
		if !found || before == 0 {
			return Event{}, false
		}
		kind = ChangeReminder
	}
	if c.Reminded.By.Equal(due.By) && c.Reminded.Before <= before {
		return Event{}, false
	}
	c.Reminded = Reminded{By: due.By, Before: before}
	e := k.event(kind, c.Account)
	e.Reason, e.By, e.Order = due.Reason, due.By, due.Order
	return e, true
}
