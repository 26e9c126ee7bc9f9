package rotate

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// noon is the moment of most tables.
var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// row is a credential of the group "store-1/customers" whose password was chosen
// a hundred days before noon and has cleared two orders.
func row() *Credential {
	return &Credential{
		Account: "a", Group: "store-1/customers", Password: "sealed",
		Changed: noon.Add(-100 * day), ClearedSeq: 2,
	}
}

// order is one that makes every account due, and row's too.
func order(seq int64, reason Reason, edit func(*Order)) Order {
	o := Order{ID: ID("order of " + string(reason)), Seq: seq, At: noon.Add(-day), Reason: reason, Proof: reason.Proof(), Actor: "staff-1"}
	if edit != nil {
		edit(&o)
	}
	return o
}

// TestDue: each field of a rule, a row and an order, alone and together.
func TestDue(t *testing.T) {
	none := Rules{}
	aged := Rules{MaxAge: 90 * day}
	warned := Rules{MaxAge: 110 * day, Remind: []time.Duration{day, 14 * day, 7 * day}}
	for name, c := range map[string]struct {
		rules  Rules
		row    func(*Credential)
		orders []Order
		want   Due
	}{
		"nothing": {rules: none},
		"forced": {
			rules: none,
			row: func(c *Credential) {
				c.Forced = &Forced{Reason: FirstUse, Proof: ProofPassword, Since: noon.Add(-time.Hour), By: noon.Add(time.Hour)}
			},
			want: Due{Reason: FirstUse, Proof: ProofPassword, By: noon.Add(time.Hour), Burn: true, HandedOut: true},
		},
		"forced out of band keeps its time": {
			rules: none,
			row: func(c *Credential) {
				c.Forced = &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: noon.Add(-time.Hour), By: noon.Add(-time.Hour)}
			},
			want: Due{Reason: Breached, Proof: ProofOutOfBand, By: noon.Add(-time.Hour), AtOnce: true, Since: noon.Add(-time.Hour), Burn: true},
		},
		"order": {
			rules:  none,
			orders: []Order{order(3, PolicyRaised, nil)},
			want:   Due{Reason: PolicyRaised, Proof: ProofPassword, By: noon.Add(-day), AtOnce: true, Order: "order of policy_raised"},
		},
		"order with grace": {
			rules:  none,
			orders: []Order{order(3, AdminReset, func(o *Order) { o.Grace = 3 * day })},
			want:   Due{Reason: AdminReset, Proof: ProofOutOfBand, By: noon.Add(2 * day), Since: noon.Add(-day), Order: "order of admin_reset"},
		},
		"order that ends sessions": {
			rules:  none,
			orders: []Order{order(3, Compromise, func(o *Order) { o.EndSessions = true })},
			want:   Due{Reason: Compromise, Proof: ProofOutOfBand, By: noon.Add(-day), AtOnce: true, Since: noon.Add(-day), Order: "order of compromise", EndSeq: 3, Burn: true},
		},
		"order that was cleared": {rules: none, orders: []Order{order(2, Compromise, nil), order(1, WeakHash, nil)}},
		"order of another group": {rules: none, orders: []Order{order(3, WeakHash, func(o *Order) { o.Group = "store" })}},
		"order of the group above": {
			rules:  none,
			orders: []Order{order(3, WeakHash, func(o *Order) { o.Group = "store-1" })},
			want:   Due{Reason: WeakHash, Proof: ProofPassword, By: noon.Add(-day), AtOnce: true, Order: "order of weak_hash"},
		},
		"order for another account": {rules: none, orders: []Order{order(3, WeakHash, func(o *Order) { o.Account = "b" })}},
		"order for this account": {
			rules:  none,
			orders: []Order{order(3, WeakHash, func(o *Order) { o.Account = "a" })},
			want:   Due{Reason: WeakHash, Proof: ProofPassword, By: noon.Add(-day), AtOnce: true, Order: "order of weak_hash"},
		},
		"order for older passwords": {
			rules:  none,
			orders: []Order{order(3, WeakHash, func(o *Order) { o.Before = noon.Add(-100 * day) })},
		},
		"order for passwords this old": {
			rules:  none,
			orders: []Order{order(3, WeakHash, func(o *Order) { o.Before = noon.Add(-100*day + time.Microsecond) })},
			want:   Due{Reason: WeakHash, Proof: ProofPassword, By: noon.Add(-day), AtOnce: true, Order: "order of weak_hash"},
		},
		"an unknown age counts as oldest": {
			rules:  none,
			row:    func(c *Credential) { c.Changed = time.Time{} },
			orders: []Order{order(3, WeakHash, func(o *Order) { o.Before = noon.Add(-1000 * day) })},
			want:   Due{Reason: WeakHash, Proof: ProofPassword, By: noon.Add(-day), AtOnce: true, Order: "order of weak_hash"},
		},
		"a withdrawal is no order": {rules: none, orders: []Order{{ID: "w", Seq: 3, At: noon, Withdraws: "x"}}},
		"no grace and a clock ahead of ours": {
			rules:  none,
			orders: []Order{order(3, Restored, func(o *Order) { o.At = noon.Add(time.Hour) })},
			want:   Due{Reason: Restored, Proof: ProofOutOfBand, By: noon.Add(time.Hour), AtOnce: true, Since: noon.Add(time.Hour), Order: "order of restored"},
		},
		"too old": {
			rules: aged,
			want:  Due{Reason: Age, Proof: ProofPassword, By: noon.Add(-10 * day)},
		},
		"too old, age unknown": {
			rules: aged,
			row:   func(c *Credential) { c.Changed = time.Time{} },
			want:  Due{Reason: Age, Proof: ProofPassword, By: time.Time{}.Add(90 * day)},
		},
		"a factor lifts the age limit": {rules: aged, row: func(c *Credential) { c.Factor = &Factor{ID: "f"} }},
		"an offered factor does not": {
			rules: aged,
			row:   func(c *Credential) { c.Pending = &Factor{ID: "f"} },
			want:  Due{Reason: Age, Proof: ProofPassword, By: noon.Add(-10 * day)},
		},
		"unless the rules say so": {
			rules: Rules{MaxAge: 90 * day, MaxAgeWithFactor: true},
			row:   func(c *Credential) { c.Factor = &Factor{ID: "f"} },
			want:  Due{Reason: Age, Proof: ProofPassword, By: noon.Add(-10 * day)},
		},
		"young enough": {rules: Rules{MaxAge: 100*day + time.Microsecond}},
		"as old as allowed": {
			rules: Rules{MaxAge: 100 * day},
			want:  Due{Reason: Age, Proof: ProofPassword, By: noon},
		},
		"within the first reminder": {
			rules: warned,
			want:  Due{Reason: Age, Proof: ProofPassword, By: noon.Add(10 * day)},
		},
		"before the first reminder": {rules: warned, row: func(c *Credential) { c.Changed = noon.Add(-96 * day).Add(time.Microsecond) }},
		"the earliest names the reason, the strictest the proof": {
			rules: aged,
			row: func(c *Credential) {
				c.Forced = &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: noon.Add(-5 * day), By: noon.Add(5 * day)}
			},
			orders: []Order{
				order(3, Compromise, func(o *Order) { o.At, o.EndSessions = noon.Add(-3*day), true }),
				order(4, PolicyRaised, func(o *Order) { o.Grace = 9 * day }),
				order(5, WeakHash, func(o *Order) { o.EndSessions = true }),
			},
			want: Due{Reason: Age, Proof: ProofOutOfBand, By: noon.Add(-10 * day), AtOnce: true, Since: noon.Add(-5 * day), EndSeq: 5, Burn: true},
		},
		"at the same time the gravest": {
			rules: none,
			orders: []Order{
				order(3, PolicyRaised, nil),
				order(4, Restored, func(o *Order) { o.Grace = day }),
				order(5, AdminReset, nil),
			},
			want: Due{Reason: AdminReset, Proof: ProofOutOfBand, By: noon.Add(-day), AtOnce: true, Since: noon.Add(-day), Order: "order of admin_reset"},
		},
		"without a password nothing can be changed": {
			rules: aged,
			row: func(c *Credential) {
				c.Password = ""
				c.Forced = &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: noon, By: noon}
			},
			orders: []Order{order(3, WeakHash, nil)},
		},
		"but sessions end": {
			rules: aged,
			row:   func(c *Credential) { c.Password = "" },
			orders: []Order{
				order(2, Compromise, func(o *Order) { o.EndSessions = true }),
				order(3, Compromise, func(o *Order) { o.EndSessions = true }),
				order(4, WeakHash, nil),
				order(5, Compromise, func(o *Order) { o.EndSessions, o.Group = true, "store-2" }),
			},
			want: Due{EndSeq: 3},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := row()
			if c.row != nil {
				c.row(r)
			}
			before := r.Clone()
			got := c.rules.Due(r, c.orders, noon)
			require.Equal(t, c.want, got)
			require.Equal(t, before, *r, "a pure function")
			require.Equal(t, c.want.Reason != "", got.Open())
			require.Equal(t, c.want.AtOnce || c.want.Reason != "" && !noon.Before(c.want.By), got.Now(noon))
		})
	}
}

// TestDueDoesNotDependOnTheOrderOfTheLog: nor does one more reason ever ask for
// less, or later.
func TestDueDoesNotDependOnTheOrderOfTheLog(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	reasons := Reasons()
	for range 2000 {
		orders := make([]Order, 1+random.IntN(5))
		for i := range orders {
			orders[i] = order(int64(i+3), reasons[random.IntN(len(reasons))], func(o *Order) {
				o.ID = ID(rune('a' + i))
				o.At = noon.Add(-time.Duration(random.IntN(3)) * day)
				o.Grace = time.Duration(random.IntN(3)) * day
				o.EndSessions = random.IntN(2) == 0
				if random.IntN(4) == 0 {
					o.Proof = ProofOutOfBand
				}
			})
		}
		want := Rules{}.Due(row(), orders, noon)
		fewer := Rules{}.Due(row(), orders[1:], noon)
		random.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
		got := Rules{}.Due(row(), orders, noon)

		gravity := -1
		for _, o := range orders {
			if o.By().Equal(got.By) {
				gravity = max(gravity, o.Reason.gravity())
			}
			if o.ID == got.Order {
				require.Equal(t, got.Reason, o.Reason)
				require.True(t, o.By().Equal(got.By))
			}
		}
		require.Equal(t, gravity, got.Reason.gravity(), "of those due first, one of the gravest is named")
		require.Equal(t, gravity, want.Reason.gravity())
		got.Order, got.Reason = want.Order, want.Reason
		require.Equal(t, want, got)

		if fewer.Open() {
			require.False(t, want.By.After(fewer.By))
		}
		require.Equal(t, want.Proof, stricter(want.Proof, fewer.Proof))
		require.GreaterOrEqual(t, want.EndSeq, fewer.EndSeq)
		require.True(t, want.Burn || !fewer.Burn)
	}
}

// TestDueIsForever: what is due stays due as time goes by.
func TestDueIsForever(t *testing.T) {
	rules := Rules{MaxAge: 120 * day, Jitter: 20 * day, Remind: []time.Duration{14 * day}}
	c := row()
	orders := []Order{order(3, PolicyRaised, func(o *Order) { o.Grace = 40 * day })}
	var by time.Time
	for h := range 24 * 60 {
		now := noon.Add(time.Duration(h) * time.Hour)
		due := rules.Due(c, orders, now)
		require.True(t, due.Open())
		require.True(t, by.IsZero() || !due.By.After(by))
		by = due.By
		require.Equal(t, !now.Before(by), due.Now(now))
	}
}

// TestJitter: below the spread, earlier only, and the same every time.
func TestJitter(t *testing.T) {
	require.Zero(t, jitter("a", 0))
	require.Zero(t, jitter("a", -day))
	seen := map[time.Duration]bool{}
	for i := range 1000 {
		account := string(rune('a'+i%26)) + time.Duration(i).String()
		for _, spread := range []time.Duration{1, time.Second, 30 * day} {
			j := jitter(account, spread)
			require.GreaterOrEqual(t, j, time.Duration(0))
			require.Less(t, j, spread)
			require.Equal(t, j, jitter(account, spread))
		}
		seen[jitter(account, 30*day)/day] = true
		c := Credential{Account: account, Password: "sealed", Changed: noon}
		by, limited := Rules{MaxAge: 90 * day, Jitter: 30 * day}.expires(&c)
		require.True(t, limited)
		require.True(t, by.After(noon.Add(60*day)))
		require.False(t, by.After(noon.Add(90*day)))
	}
	require.Len(t, seen, 30, "every day of the spread is somebody's")
}

// TestForce: a reason written onto a row never weakens the one that is there.
func TestForce(t *testing.T) {
	early, late := noon, noon.Add(day)
	for name, c := range map[string]struct {
		old  *Forced
		add  Forced
		want Forced
	}{
		"alone": {
			add:  Forced{Reason: WeakHash, Proof: ProofPassword, Since: early, By: late},
			want: Forced{Reason: WeakHash, Proof: ProofPassword, Since: early, By: late},
		},
		"a leak beside a weak hash": {
			old:  &Forced{Reason: WeakHash, Proof: ProofPassword, Since: early, By: early},
			add:  Forced{Reason: Breached, Proof: ProofOutOfBand, Since: late, By: late},
			want: Forced{Reason: Breached, Proof: ProofOutOfBand, Since: late, By: early},
		},
		"a weak hash beside a leak": {
			old:  &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: late, By: late},
			add:  Forced{Reason: WeakHash, Proof: ProofPassword, Since: early, By: early},
			want: Forced{Reason: Breached, Proof: ProofOutOfBand, Since: late, By: early},
		},
		"an earlier leak beside a later one": {
			old:  &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: late, By: late},
			add:  Forced{Reason: Compromise, Proof: ProofOutOfBand, Since: early, By: late},
			want: Forced{Reason: Compromise, Proof: ProofOutOfBand, Since: early, By: late},
		},
		"a reset beside a leak does not unburn it": {
			old:  &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: early, By: late},
			add:  Forced{Reason: AdminReset, Proof: ProofOutOfBand, Since: late, By: late},
			want: Forced{Reason: Breached, Proof: ProofOutOfBand, Since: early, By: late},
		},
		"a reset beside a password that was handed out": {
			old:  &Forced{Reason: FirstUse, Proof: ProofPassword, Since: early, By: early},
			add:  Forced{Reason: AdminReset, Proof: ProofOutOfBand, Since: late, By: late},
			want: Forced{Reason: FirstUse, Proof: ProofOutOfBand, Since: late, By: early},
		},
		"a leak of a password that was handed out": {
			old:  &Forced{Reason: FirstUse, Proof: ProofPassword, Since: early, By: early},
			add:  Forced{Reason: Breached, Proof: ProofOutOfBand, Since: late, By: late},
			want: Forced{Reason: FirstUse, Proof: ProofOutOfBand, Since: late, By: early},
		},
		"a leaked password that an order hands out": {
			old:  &Forced{Reason: Breached, Proof: ProofOutOfBand, Since: early, By: early},
			add:  Forced{Reason: FirstUse, Proof: ProofPassword, Since: late, By: late},
			want: Forced{Reason: FirstUse, Proof: ProofOutOfBand, Since: early, By: early},
		},
		"two of one kind": {
			old:  &Forced{Reason: WeakHash, Proof: ProofPassword, Since: late, By: late},
			add:  Forced{Reason: PolicyRaised, Proof: ProofPassword, Since: early, By: early},
			want: Forced{Reason: WeakHash, Proof: ProofPassword, Since: late, By: early},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var before Forced
			if c.old != nil {
				before = *c.old
			}
			got := Credential{Forced: c.old}
			force(&got, c.add)
			require.Equal(t, c.want, *got.Forced)
			if c.old != nil {
				require.Equal(t, before, *c.old, "the old one may be shared with a snapshot")
			}
		})
	}
}

// TestReasons: each is valid and named once, none is the default.
func TestReasons(t *testing.T) {
	seen := map[Reason]bool{}
	for _, r := range Reasons() {
		require.NoError(t, r.Valid())
		require.False(t, seen[r])
		seen[r] = true
		require.Contains(t, []Proof{ProofPassword, ProofOutOfBand}, r.Proof())
		if r.burns() {
			require.Equal(t, ProofOutOfBand, r.Proof(), "a password that others know proves nothing")
		}
	}
	require.Len(t, seen, 8)
	for _, r := range []Reason{"", "Compromise", "age "} {
		require.ErrorContains(t, r.Valid(), "is not one of")
	}
	for _, a := range []Proof{"", ProofPassword, ProofOutOfBand} {
		require.Equal(t, ProofOutOfBand, stricter(a, ProofOutOfBand))
		require.Equal(t, ProofOutOfBand, stricter(ProofOutOfBand, a))
	}
	require.Equal(t, ProofPassword, stricter(ProofPassword, ProofPassword))
	require.Equal(t, ProofPassword, stricter("", ProofPassword))
}
