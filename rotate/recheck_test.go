package rotate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestRecheckValidate: each rule with the grace that is its own.
func TestRecheckValidate(t *testing.T) {
	for _, c := range []struct {
		recheck Recheck
		grace   time.Duration
		want    string
	}{
		{RecheckOff, 0, ""}, {RecheckWarn, 0, ""}, {RecheckBlock, 0, ""}, {RecheckForce, 1, ""}, {RecheckForce, 90 * day, ""},
		{RecheckOff, day, "grace"}, {RecheckWarn, day, "grace"}, {RecheckBlock, day, "grace"}, {RecheckBlock, -1, "grace"},
		{RecheckForce, 0, "grace"}, {RecheckForce, -day, "grace"}, {"Warn", 0, `"Warn" is not`},
	} {
		r := ShopCustomer()
		r.Recheck, r.RecheckGrace = c.recheck, c.grace
		if err := r.Validate(); c.want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, ErrRules)
			require.ErrorContains(t, err, c.want)
		}
	}
	for _, preset := range []Rules{ShopCustomer(), ShopStaff(), NIST63B4(), PCI401Staff(), ASVS5()} {
		require.Equal(t, RecheckOff, preset.Recheck)
	}
}

// TestProfileDue: what a verdict makes due, alone and beside other reasons.
func TestProfileDue(t *testing.T) {
	p := policy.Policy{MinLength: 15}
	raised := func(grace time.Duration) Due {
		return Due{Reason: PolicyRaised, Proof: ProofPassword, By: noon.Add(grace - day), AtOnce: grace == 0}
	}
	for name, c := range map[string]struct {
		recheck Recheck
		grace   time.Duration
		row     func(*Credential)
		orders  []Order
		want    Due
		unmet   bool
	}{
		"off":        {},
		"warn":       {recheck: RecheckWarn, unmet: true},
		"force":      {recheck: RecheckForce, grace: 3 * day, want: raised(3 * day), unmet: true},
		"force, now": {recheck: RecheckForce, grace: day, want: raised(day), unmet: true},
		"block":      {recheck: RecheckBlock, want: raised(0), unmet: true},
		"another policy": {recheck: RecheckBlock, row: func(c *Credential) {
			c.PolicyFingerprint = policy.Policy{MinLength: 16}.Fingerprint()
		}},
		"no policy":   {recheck: RecheckBlock, row: func(c *Credential) { c.PolicyFingerprint = "" }},
		"it was met":  {recheck: RecheckBlock, row: func(c *Credential) { c.Unmet = time.Time{} }},
		"no password": {recheck: RecheckBlock, row: func(c *Credential) { c.Password = "" }},
		"clock ahead": {recheck: RecheckBlock, row: func(c *Credential) { c.Unmet = noon.Add(day) }, want: raised(2 * day).now(), unmet: true},
		"a leak beside": {recheck: RecheckForce, grace: day / 2, orders: []Order{order(3, Compromise, nil)}, unmet: true, want: Due{
			Reason: Compromise, Proof: ProofOutOfBand, By: noon.Add(-day), AtOnce: true, Since: noon.Add(-day), Order: "order of compromise", Burn: true,
		}},
		"an order beside, later": {recheck: RecheckForce, grace: 2 * day, unmet: true, want: raised(2 * day),
			orders: []Order{order(3, WeakHash, func(o *Order) { o.Grace = 3 * day })}},
	} {
		t.Run(name, func(t *testing.T) {
			r := row()
			r.PolicyFingerprint, r.Unmet = p.Fingerprint(), noon.Add(-day)
			if c.row != nil {
				c.row(r)
			}
			before := r.Clone()
			profile := Profile{Policy: p, Rules: Rules{Recheck: c.recheck, RecheckGrace: c.grace}}
			require.Equal(t, c.want, profile.Due(r, c.orders, noon))
			require.Equal(t, c.unmet, profile.unmet(r))
			require.Equal(t, before, *r, "a pure function")
			require.True(t, !profile.Rules.Due(r, c.orders, noon).Open() || len(c.orders) > 0)
			// Nothing is due by Recheck before somebody has typed the password.
			require.Equal(t, c.recheck == RecheckBlock && c.unmet || c.want.Now(noon), profile.Due(r, c.orders, noon).Now(noon))
		})
	}
}

// now is the same, at once.
func (d Due) now() Due {
	d.AtOnce = true
	return d
}

// TestFingerprintOfAProfile: it sees the rules and no breach source.
func TestFingerprintOfAProfile(t *testing.T) {
	p := Profile{Policy: policy.ShopStaff()}
	local := policy.ShopStaff()
	local.Unchecked = policy.AcceptUnchecked
	want := local.Fingerprint()
	require.Equal(t, want, p.Fingerprint())
	p.Policy.BreachThreshold = 7
	require.Equal(t, want, p.Fingerprint())
	p.Policy.Breach = []policy.List{patientList{policy.Common(), time.Second}}
	require.Equal(t, want, p.Fingerprint())
	require.Len(t, p.Policy.Breach, 1, "a pure function")
	p.Brand, p.Issuer, p.Rules = []string{"Kettle"}, "Kettle", ShopStaff()
	require.Equal(t, want, p.Fingerprint())
	p.Policy.MinLength++
	require.NotEqual(t, want, p.Fingerprint())
}
