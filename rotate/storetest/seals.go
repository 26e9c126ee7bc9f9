package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// malformed are rows with something in place of a seal, one sealed column each.
func malformed(account string) map[string]rotate.Credential {
	const bad = "$2a$10$not.sealed"
	all := make(map[string]rotate.Credential)
	for name, set := range map[string]func(*rotate.Credential){
		"password": func(c *rotate.Credential) { c.Password = bad },
		"factor":   func(c *rotate.Credential) { c.Factor = &rotate.Factor{ID: "f", Seed: bad} },
		"pending":  func(c *rotate.Credential) { c.Pending = &rotate.Factor{ID: "f", Seed: bad} },
		"retired":  func(c *rotate.Credential) { c.Retired = []rotate.Retired{{Password: bad}} },
	} {
		c := bare(account)
		set(&c)
		all[name] = c
	}
	return all
}

func sealLaws() []law {
	return []law{
		{"Insert refuses what is not sealed", func(ctx context.Context, t *testing.T, s rotate.Store) {
			for name, c := range malformed("a") {
				require.Error(t, s.Insert(ctx, c, []rotate.Event{event("a", 1)}), name)
				gone(ctx, t, s, "a")
				written(ctx, t, s)
			}
		}},
		{"Update refuses what is not sealed", func(ctx context.Context, t *testing.T, s rotate.Store) {
			want := newRing(t, 1).full("a")
			insert(ctx, t, s, want)
			for name, c := range malformed("a") {
				require.Error(t, s.Update(ctx, "a", replace(c)), name)
				equalRow(t, want, load(ctx, t, s, "a"))
				written(ctx, t, s)
			}
		}},
		{"Batch refuses what is not sealed", func(ctx context.Context, t *testing.T, s rotate.Store) {
			r := newRing(t, 1)
			first, last := r.full("a"), r.full("b")
			insert(ctx, t, s, first, last)
			for name, bad := range malformed("b") {
				_, _, err := s.Batch(ctx, rotate.Query{}, func(c *rotate.Credential) ([]rotate.Event, error) {
					if c.Account == "b" {
						return replace(bad)(c)
					}
					return replace(bare("a"))(c)
				})
				require.Error(t, err, name)
				equalRow(t, first, load(ctx, t, s, "a"))
				equalRow(t, last, load(ctx, t, s, "b"))
				written(ctx, t, s)
			}
		}},
		{"Rename refuses what is not sealed", func(ctx context.Context, t *testing.T, s rotate.Store) {
			want := newRing(t, 1).full("a")
			insert(ctx, t, s, want)
			for name, c := range malformed("b") {
				require.Error(t, s.Rename(ctx, "a", "b", replace(c)), name)
				equalRow(t, want, load(ctx, t, s, "a"))
				gone(ctx, t, s, "b")
				written(ctx, t, s)
			}
		}},
	}
}

// replace is an fn that writes a whole row, and an event.
func replace(row rotate.Credential) edit {
	return func(c *rotate.Credential) ([]rotate.Event, error) {
		*c = row.Clone()
		return []rotate.Event{event(row.Account, 1)}, nil
	}
}
