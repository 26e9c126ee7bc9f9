package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func fieldLaws() []law {
	return []law{
		{"a full row comes back as it was", func(ctx context.Context, t *testing.T, s rotate.Store) {
			want := newRing(t, 1).full("a")
			insert(ctx, t, s, want)
			equalRow(t, want, load(ctx, t, s, "a"))
			page, err := s.Page(ctx, rotate.Query{})
			require.NoError(t, err)
			require.Len(t, page, 1)
			equalRow(t, want, page[0])
		}},
		{"a bare row comes back as it was", func(ctx context.Context, t *testing.T, s rotate.Store) {
			insert(ctx, t, s, bare("a"))
			equalRow(t, bare("a"), load(ctx, t, s, "a"))
		}},
		{"nil and empty lists are the same", emptyLists},
		{"a short value behind a pointer is not nil", shortPointers},
		{"each value stays in its own field", oneField},
		{"numbers keep every bit", numbers},
		{"times are UTC and of microseconds", times},
		{"an update can fill and empty every field", fillAndEmpty},
	}
}

func emptyLists(ctx context.Context, t *testing.T, s rotate.Store) {
	c := bare("a")
	c.Retired, c.Spent, c.Ended = []rotate.Retired{}, []rotate.Spent{}, []rotate.Ended{}
	c.Recovery = newRing(t, 1).full("a").Recovery[:0]
	insert(ctx, t, s, c)
	equalRow(t, bare("a"), load(ctx, t, s, "a"))
}

func shortPointers(ctx context.Context, t *testing.T, s rotate.Store) {
	c := bare("a")
	c.Forced = &rotate.Forced{Reason: rotate.AdminReset}
	c.Factor = &rotate.Factor{ID: "f", Seed: newRing(t, 1).seal(0, "a", 0)}
	insert(ctx, t, s, c)
	equalRow(t, c, load(ctx, t, s, "a"))
}

// oneField sets a single field in each row, so that two fields that share a
// column show.
func oneField(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	for i, set := range []func(c, f *rotate.Credential){
		func(c, f *rotate.Credential) { c.Group = f.Group },
		func(c, f *rotate.Credential) { c.Password = f.Password },
		func(c, f *rotate.Credential) { c.Format = f.Format },
		func(c, f *rotate.Credential) { c.PolicyName = f.PolicyName },
		func(c, f *rotate.Credential) { c.PolicyFingerprint = f.PolicyFingerprint },
		func(c, f *rotate.Credential) { c.Unmet = f.Unmet },
		func(c, f *rotate.Credential) { c.Adopted = true },
		func(c, f *rotate.Credential) { c.Created = f.Created },
		func(c, f *rotate.Credential) { c.Changed = f.Changed },
		func(c, f *rotate.Credential) { c.SignedIn = f.SignedIn },
		func(c, f *rotate.Credential) { c.Epoch = f.Epoch },
		func(c, f *rotate.Credential) { c.ClearedSeq = f.ClearedSeq },
		func(c, f *rotate.Credential) { c.Forced = f.Forced },
		func(c, f *rotate.Credential) { c.Reminded.By = f.Reminded.By },
		func(c, f *rotate.Credential) { c.Reminded.Before = f.Reminded.Before },
		func(c, f *rotate.Credential) { c.Recheck = true },
		func(c, f *rotate.Credential) { c.PasswordGuesses = f.PasswordGuesses },
		func(c, f *rotate.Credential) { c.CodeGuesses = f.CodeGuesses },
		func(c, f *rotate.Credential) { c.PasswordGuesses.Total = 1 },
		func(c, f *rotate.Credential) { c.PasswordGuesses.Recent = 1 },
		func(c, f *rotate.Credential) { c.PasswordGuesses.Until = at(1) },
		func(c, f *rotate.Credential) { c.CodeGuesses.Total = 1 },
		func(c, f *rotate.Credential) { c.CodeGuesses.Recent = 1 },
		func(c, f *rotate.Credential) { c.CodeGuesses.Until = at(1) },
		func(c, f *rotate.Credential) { c.Factor = f.Factor },
		func(c, f *rotate.Credential) { c.Pending = f.Pending },
		func(c, f *rotate.Credential) { c.Recovery = f.Recovery },
		func(c, f *rotate.Credential) { c.Retired = f.Retired },
		func(c, f *rotate.Credential) { c.Spent = f.Spent },
		func(c, f *rotate.Credential) { c.Ended = f.Ended },
	} {
		account := fmt.Sprintf("field %d", i)
		c, f := bare(account), r.full(account)
		set(&c, &f)
		insert(ctx, t, s, c)
		equalRow(t, c, load(ctx, t, s, account))
	}
}

func numbers(ctx context.Context, t *testing.T, s rotate.Store) {
	for i, n := range []int64{0, 1, 1<<31 - 1, 1 << 31, 1<<32 + 1, 1<<53 - 1} {
		c := bare(fmt.Sprint("number ", i))
		c.Epoch, c.ClearedSeq = n, n
		insert(ctx, t, s, c)
		equalRow(t, c, load(ctx, t, s, c.Account))
	}
}

func times(ctx context.Context, t *testing.T, s rotate.Store) {
	// Fifteen minutes off the hour, and finer than a database keeps.
	zone := time.FixedZone("Kathmandu", (5*60+45)*60)
	given := start().Add(789 * time.Nanosecond).In(zone)
	c := newRing(t, 1).full("a")
	for _, p := range timesOf(&c) {
		*p = given
	}
	insert(ctx, t, s, c)
	got := load(ctx, t, s, "a")
	for i, p := range timesOf(&got) {
		require.Equal(t, time.UTC, p.Location(), "time %d", i)
		require.Zero(t, p.Nanosecond()%1000, "time %d: %v", i, p)
		require.Less(t, p.Sub(given).Abs(), time.Microsecond, "time %d: %v", i, p)
	}
	// What was rounded once stays as it is.
	require.NoError(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) { return nil, nil }))
	equalRow(t, got, load(ctx, t, s, "a"))
}

// timesOf points at the times of a full row, one of each field.
func timesOf(c *rotate.Credential) []*time.Time {
	return []*time.Time{
		&c.Created, &c.Changed, &c.SignedIn, &c.Unmet, &c.Forced.Since, &c.Forced.By, &c.Reminded.By,
		&c.PasswordGuesses.Until, &c.CodeGuesses.Until, &c.Factor.Since, &c.Pending.Since,
		&c.Retired[0].At, &c.Retired[0].Until, &c.Spent[0].Until, &c.Ended[0].Until,
	}
}

func fillAndEmpty(ctx context.Context, t *testing.T, s rotate.Store) {
	full := newRing(t, 1).full("a")
	insert(ctx, t, s, bare("a"))
	for _, want := range []rotate.Credential{full, bare("a"), full} {
		require.NoError(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			*c = want.Clone()
			return nil, nil
		}))
		equalRow(t, want, load(ctx, t, s, "a"))
	}
}
