package rotate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// TestQueryMatches: each field narrows the selection, at its edge.
func TestQueryMatches(t *testing.T) {
	old, fresh := keyring.NewKey(), keyring.NewKey()
	ring, err := keyring.New("test", old, fresh)
	require.NoError(t, err)
	seal := func(id string) string {
		text, err := ring.Seal(id, keyring.Context{Purpose: "test"}, []byte("x"))
		require.NoError(t, err)
		return text
	}
	c := Credential{Account: "m", Group: "store-1/customers", Password: seal(fresh.ID), Changed: noon, ClearedSeq: 5}
	for name, q := range map[string]struct {
		query Query
		edit  func(*Credential)
		want  bool
	}{
		"nothing":                    {want: true},
		"its very group":             {query: Query{GroupIs: "store-1/customers"}, want: true},
		"the group above alone":      {query: Query{GroupIs: "store-1"}},
		"its policy":                 {query: Query{PolicyIs: "p1:a"}, edit: func(c *Credential) { c.PolicyFingerprint = "p1:a" }, want: true},
		"another policy":             {query: Query{PolicyIs: "p1:a"}, edit: func(c *Credential) { c.PolicyFingerprint = "p1:b" }},
		"no policy":                  {query: Query{PolicyIs: "p1:a"}},
		"a policy of before":         {query: Query{PolicyOtherThan: "p1:a"}, edit: func(c *Credential) { c.PolicyFingerprint = "p1:b" }, want: true},
		"the policy of today":        {query: Query{PolicyOtherThan: "p1:a"}, edit: func(c *Credential) { c.PolicyFingerprint = "p1:a" }},
		"no other policy":            {query: Query{PolicyOtherThan: "p1:a"}},
		"unjudged":                   {query: Query{Unjudged: true}, want: true},
		"judged":                     {query: Query{Unjudged: true}, edit: func(c *Credential) { c.PolicyFingerprint = "p1:a" }},
		"unmet":                      {query: Query{Unmet: true}, edit: func(c *Credential) { c.Unmet = noon }, want: true},
		"met":                        {query: Query{Unmet: true}},
		"marked":                     {query: Query{Recheck: true}, edit: func(c *Credential) { c.Recheck = true }, want: true},
		"not marked":                 {query: Query{Recheck: true}},
		"after a lower one":          {query: Query{After: "lz"}, want: true},
		"after itself":               {query: Query{After: "m"}},
		"after a higher one":         {query: Query{After: "m\x00"}},
		"after, as bytes":            {query: Query{After: "Z"}, want: true},
		"its account":                {query: Query{Account: "m"}, want: true},
		"another account":            {query: Query{Account: "M"}},
		"its group":                  {query: Query{Group: "store-1/customers"}, want: true},
		"the group above":            {query: Query{Group: "store-1"}, want: true},
		"a group with its beginning": {query: Query{Group: "store"}},
		"changed before now":         {query: Query{ChangedBefore: noon}},
		"changed before later":       {query: Query{ChangedBefore: noon.Add(time.Microsecond)}, want: true},
		"changed at an unknown time": {query: Query{ChangedBefore: noon.Add(-1000 * day)}, edit: func(c *Credential) { c.Changed = time.Time{} }, want: true},
		"cleared below":              {query: Query{ClearedBelow: 6}, want: true},
		"cleared at":                 {query: Query{ClearedBelow: 5}},
		"has a password":             {query: Query{HasPassword: true}, want: true},
		"has none":                   {query: Query{HasPassword: true}, edit: func(c *Credential) { c.Password = "" }},
		"under the other key":        {query: Query{KeyOtherThan: old.ID}, want: true},
		"under this key":             {query: Query{KeyOtherThan: fresh.ID}},
		"some under the other key":   {query: Query{KeyOtherThan: fresh.ID}, edit: func(c *Credential) { c.Retired = []Retired{{Password: seal(old.ID)}} }, want: true},
		"no seal at all":             {query: Query{KeyOtherThan: fresh.ID}, edit: func(c *Credential) { c.Password = "" }},
		"a seal nobody can read":     {query: Query{KeyOtherThan: fresh.ID}, edit: func(c *Credential) { c.Password = "broken" }, want: true},
		"all of it": {query: Query{
			After: "a", Limit: 1, Account: "m", Group: "store-1", ChangedBefore: noon.Add(day), ClearedBelow: 9, HasPassword: true, KeyOtherThan: old.ID,
		}, want: true},
		"all but one": {query: Query{
			After: "a", Limit: 1, Account: "m", Group: "store-1", ChangedBefore: noon.Add(day), ClearedBelow: 5, HasPassword: true, KeyOtherThan: old.ID,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			row := c.Clone()
			if q.edit != nil {
				q.edit(&row)
			}
			require.Equal(t, q.want, q.query.Matches(&row))
		})
	}
}

// TestQuerySize is between one row and what one transaction may hold.
func TestQuerySize(t *testing.T) {
	for limit, want := range map[int]int{-1: 200, 0: 200, 1: 1, 200: 200, 499: 499, 500: 500, 501: 500, 1 << 40: 500} {
		require.Equal(t, want, Query{Limit: limit}.Size(), limit)
	}
}

// TestWithin: a path holds itself and what lies below it, not what begins alike.
func TestWithin(t *testing.T) {
	for _, c := range []struct {
		group, path string
		want        bool
	}{
		{"a", "a", true}, {"a/b", "a", true}, {"a/b/c", "a", true}, {"a/b/c", "a/b", true},
		{"ab", "a", false}, {"a", "a/b", false}, {"b/a", "a", false}, {"A/b", "a", false}, {"a.b", "a", false},
	} {
		require.Equal(t, c.want, within(c.group, c.path), "%q in %q", c.group, c.path)
	}
}
