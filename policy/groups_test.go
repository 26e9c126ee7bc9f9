package policy_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestGroupsInherit: a group asks for what it and all of its parents ask for.
func TestGroupsInherit(t *testing.T) {
	groups := policy.Groups{
		"":                         {Name: "all", MinLength: 8, Words: []string{"Tillkey"}, Breach: []policy.List{policy.Named("a", answer{})}},
		"store-17":                 {Name: "17", MinLength: 12, Words: []string{"Corner"}, Breach: []policy.List{policy.Named("b", answer{})}},
		"store-17/customers":       {Name: "customers", MinLength: 10, MaxLength: 128},
		"store-17/customers/trade": {Name: "trade", MinLength: 15},
		"store-1":                  {Name: "1", NeedDigit: true},
		"store-9/staff":            {Name: "staff", MinLength: 20},
	}
	require.NoError(t, groups.Validate())
	require.Equal(t, []string{"store-1", "store-17", "store-17/customers", "store-17/customers/trade", "store-9/staff"}, groups.Paths())
	for group, want := range map[string]policy.Policy{
		"store-17": {MinLength: 12, Words: []string{"Tillkey", "Corner"},
			Breach: []policy.List{policy.Named("a", answer{}), policy.Named("b", answer{})}},
		"store-17/customers": {MinLength: 12, MaxLength: 128, Words: []string{"Tillkey", "Corner"},
			Breach: []policy.List{policy.Named("a", answer{}), policy.Named("b", answer{})}},
		"store-17/customers/trade": {MinLength: 15, MaxLength: 128, Words: []string{"Tillkey", "Corner"},
			Breach: []policy.List{policy.Named("a", answer{}), policy.Named("b", answer{})}},
		"store-1":       {MinLength: 8, NeedDigit: true, Words: []string{"Tillkey"}, Breach: []policy.List{policy.Named("a", answer{})}},
		"store-9/staff": {MinLength: 20, Words: []string{"Tillkey"}, Breach: []policy.List{policy.Named("a", answer{})}},
	} {
		got, err := groups.Policy(group)
		require.NoError(t, err, group)
		require.Equal(t, want.Fingerprint(), got.Fingerprint(), group)
	}
	trade, err := groups.Policy("store-17/customers/trade")
	require.NoError(t, err)
	require.Equal(t, "17 + all + customers + trade", trade.Name)
	require.Equal(t, policy.Named("a", answer{}), trade.Breach[0], "parents are asked first")
}

// TestGroupsKnowNoOthers: no group gets a policy that nobody gave it.
func TestGroupsKnowNoOthers(t *testing.T) {
	groups := policy.Groups{"": policy.ShopStaff(), "store-17": policy.ShopCustomer(), "\xff": {}, "a//b": {}}
	for _, group := range []string{
		"", "/", "store-17/", "/store-17", "store-17/customers", "store", "store-1", "STORE-17", "store-17 ",
		"\xff", "a//b", "a\x00", strings.Repeat("g", 256),
	} {
		p, err := groups.Policy(group)
		require.ErrorIs(t, err, policy.ErrUnknownGroup, "%q", group)
		require.Equal(t, policy.Policy{}, p)
	}
	_, err := policy.Groups(nil).Policy("store-17")
	require.ErrorIs(t, err, policy.ErrUnknownGroup)
}

func TestGroupsValidate(t *testing.T) {
	for want, groups := range map[string]policy.Groups{
		"inherited by every group": {"": {MinLength: -1}},
		`"a//b" is not a path`:     {"a//b": {}},
		`"a/" is not a path`:       {"a/": {}},
		`is not a path`:            {strings.Repeat("g", 256): {}},
		`(group "b")`:              {"a": {}, "b": {MaxBytes: -1}, "c": {MaxBytes: -1}},
		`MinLength 20 of "long" is above MaxLength 16 of "short" (group "a/b")`: {
			"a": {Name: "long", MinLength: 20}, "a/b": {Name: "short", MaxLength: 16}},
		"10002 groups": manyGroups(10002),
	} {
		err := groups.Validate()
		require.ErrorIs(t, err, policy.ErrInvalid, want)
		require.ErrorContains(t, err, want)
	}
	_, err := policy.Groups{"a": {MinLength: 20}, "a/b": {MaxLength: 16}}.Policy("a/b")
	require.ErrorIs(t, err, policy.ErrInvalid)
	require.ErrorContains(t, err, `(group "a/b")`)
	require.NoError(t, policy.Groups(nil).Validate())
	require.NoError(t, manyGroups(10000).Validate())
}

func manyGroups(n int) policy.Groups {
	groups := policy.Groups{}
	for i := range n {
		groups["store-"+string(rune(0x4e00+i))] = policy.Policy{}
	}
	return groups
}

// TestGroupsOnlyAddRules: no child accepts what its parent refuses.
func TestGroupsOnlyAddRules(t *testing.T) {
	r := seeded()
	for range 300 {
		groups := policy.Groups{"": randomPolicy(r), "a": randomPolicy(r), "a/b": randomPolicy(r), "a/b/c": randomPolicy(r)}
		if groups.Validate() != nil {
			continue
		}
		above := groups[""]
		for _, group := range []string{"a", "a/b", "a/b/c"} {
			p, err := groups.Policy(group)
			require.NoError(t, err)
			require.False(t, above.Stricter(p), group)
			require.False(t, groups[group].Stricter(p), group)
			above = p
		}
	}
}

// TestGroupsTakeLittleMemory: of the merged policies only those above the group at
// hand are kept, so that a small file cannot fill the memory.
func TestGroupsTakeLittleMemory(t *testing.T) {
	held := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var before, during uint64
	groups := policy.Groups{
		"":       {Name: strings.Repeat("a + ", 63), Words: numbered(0, 999)},
		"\uffff": {Lists: []policy.List{atMerge{func() { during = held() }}}}, // comes last
	}
	for i := range 3000 {
		path := fmt.Sprint(i)
		groups[path] = policy.Policy{Name: path, Words: []string{"x"}}
		groups[path+"/b"] = policy.Policy{}
	}
	before = held()
	require.NoError(t, groups.Validate())
	require.NotZero(t, during)
	require.Less(t, int64(during-before), int64(4<<20))
}

// atMerge is told whenever policies are merged.
type atMerge struct{ do func() }

func (atMerge) Seen(context.Context, string) (int, error) { return 0, nil }

func (a atMerge) Fingerprint() string {
	a.do()
	return "atMerge"
}

// TestGroupsOfAnyOrder: a group stands between its parent and its children,
// whatever signs their names have.
func TestGroupsOfAnyOrder(t *testing.T) {
	groups := policy.Groups{
		"a": {Name: "top", MinLength: 12}, "a!": {Name: "other", MaxLength: 10}, "a/b": {}, "a!/b": {MinLength: 10}, "a/b!": {},
		"a/b/c": {}, "b": {MaxLength: 10}, "a/x/y/z": {Name: "low", MaxLength: 11},
	}
	err := groups.Validate()
	require.ErrorContains(t, err, `MinLength 12 of "top" is above MaxLength 11 of "low" (group "a/x/y/z")`)
	groups["a/x/y/z"] = policy.Policy{MaxLength: 12}
	require.NoError(t, groups.Validate())
}
