package rotate

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOrderComplete: what is missing or contradicts itself is refused, and what
// follows from the rest is filled in.
func TestOrderComplete(t *testing.T) {
	good := Order{
		Group: "store-1", Account: "a", Before: noon, Reason: PolicyRaised, Grace: day,
		Actor: "staff-1", Note: "longer ones", Expect: 7,
	}
	for name, c := range map[string]struct {
		edit func(*Order)
		want string // "" if it is fine
	}{
		"good":                       {func(*Order) {}, ""},
		"no reason":                  {func(o *Order) { o.Reason = "" }, `reason ""`},
		"unknown reason":             {func(o *Order) { o.Reason = "whim" }, `reason "whim"`},
		"unknown proof":              {func(o *Order) { o.Proof = "promise" }, `proof "promise"`},
		"more proof than the reason": {func(o *Order) { o.Proof = ProofOutOfBand }, ""},
		"less proof than the reason": {func(o *Order) { o.Reason, o.Proof = AdminReset, ProofPassword }, `needs proof "out_of_band"`},
		"no actor":                   {func(o *Order) { o.Actor = "" }, "no actor"},
		"blank actor":                {func(o *Order) { o.Actor = " \t" }, "no actor"},
		"negative grace":             {func(o *Order) { o.Grace = -1 }, "negative"},
		"compromise with grace":      {func(o *Order) { o.Reason = Compromise }, "no grace"},
		"compromise":                 {func(o *Order) { o.Reason, o.Grace = Compromise, 0 }, ""},
		"note as long as allowed":    {func(o *Order) { o.Note = strings.Repeat("n", 1024) }, ""},
		"long note":                  {func(o *Order) { o.Note = strings.Repeat("n", 1025) }, "1024 bytes"},
		"long actor":                 {func(o *Order) { o.Actor = strings.Repeat("n", 1025) }, "1024 bytes"},
		"withdrawal":                 {func(o *Order) { o.Withdraws = "x" }, "use Withdraw"},
		"every group":                {func(o *Order) { o.Group = "" }, ""},
		"bad group":                  {func(o *Order) { o.Group = "store-1/" }, ErrGroup.Error()},
		"every account":              {func(o *Order) { o.Account = "" }, ""},
		"bad account":                {func(o *Order) { o.Account = "a\x00" }, ErrAccount.Error()},
		"unknown age too":            {func(o *Order) { o.Before = time.Time{} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			c.edit(&o)
			got, err := o.complete()
			if c.want != "" {
				require.ErrorIs(t, err, ErrOrder)
				require.ErrorContains(t, err, c.want)
				return
			}
			require.NoError(t, err)
			want := o
			if want.Proof == "" {
				want.Proof = o.Reason.Proof()
			}
			want.EndSessions = o.EndSessions || o.Reason == Compromise
			require.Equal(t, want, got)
			again, err := got.complete()
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}

// TestOrderProof: each reason with each proof, and none.
func TestOrderProof(t *testing.T) {
	for _, r := range Reasons() {
		for _, p := range []Proof{"", ProofPassword, ProofOutOfBand} {
			o, err := Order{Reason: r, Proof: p, Actor: "staff-1"}.complete()
			if p == ProofPassword && r.Proof() == ProofOutOfBand {
				require.ErrorIs(t, err, ErrOrder, "%s with %s", r, p)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, o.Proof, stricter(o.Proof, r.Proof()), "never less than the reason asks for")
		}
	}
}

// TestOrderMatches agrees with the query that counts and selects.
func TestOrderMatches(t *testing.T) {
	o := order(3, WeakHash, func(o *Order) { o.Grace = day })
	require.Equal(t, noon, o.By())
	c := row()
	require.True(t, o.Matches(c))
	require.True(t, o.Query().Matches(c))
	require.True(t, o.concerns().Matches(c))
	c.Password = ""
	require.False(t, o.Matches(c), "there is nothing to change")
	require.True(t, o.Query().Matches(c), "but its sessions may end")
	require.False(t, o.concerns().Matches(c))
	o.Withdraws = "x"
	require.False(t, o.Matches(row()))
}

// TestStanding drops what was withdrawn and the withdrawals.
func TestStanding(t *testing.T) {
	log := []Order{
		{ID: "a", Seq: 1}, {ID: "w", Seq: 2, Withdraws: "a"}, {ID: "b", Seq: 3}, {ID: "c", Seq: 4},
		{ID: "x", Seq: 5, Withdraws: "nothing"}, {ID: "y", Seq: 6, Withdraws: "c"}, {ID: "d", Seq: 7},
	}
	require.Equal(t, []Order{log[2], log[6]}, standing(log))
	require.Empty(t, standing(nil))
	require.Empty(t, standing(log[:2]))
	require.Equal(t, log[:1], standing(log[:1]))
	// A withdrawal of a withdrawal revives nothing: the log only grows.
	require.Empty(t, standing(append(log[:2:2], Order{ID: "z", Seq: 3, Withdraws: "w"})))
}
