package rotate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestJudge: the pure part of Valid, row by row.
func TestJudge(t *testing.T) {
	open := Session{Account: "a", ID: "ONE", Epoch: 7, Seq: 2, AuthTime: noon.Add(-day), Methods: []string{MethodPassword}}
	ends := func(o *Order) { o.EndSessions = true }
	grace := func(o *Order) { o.Grace = 2 * day }
	for name, c := range map[string]struct {
		row     func(*Credential)
		session func(*Session)
		orders  []Order
		factor  bool // the rules require one
		want    Decision
	}{
		"as it was":       {want: Decision{Next: Proceed}},
		"another epoch":   {session: func(s *Session) { s.Epoch = 8 }},
		"another account": {session: func(s *Session) { s.Account = "b" }},
		"ended alone":     {row: func(c *Credential) { c.Ended = []Ended{{open.ID, noon.Add(1)}} }},
		"another ended":   {row: func(c *Credential) { c.Ended = []Ended{{"TWO", noon.Add(1)}} }, want: Decision{Next: Proceed}},
		"ended alone, long ago": {
			row:  func(c *Credential) { c.Ended = []Ended{{open.ID, noon}} },
			want: Decision{Next: Proceed},
		},
		"due": {
			orders: []Order{order(3, PolicyRaised, nil)},
			want:   Decision{Next: NeedNewPassword, Reason: PolicyRaised, Proof: ProofPassword, By: noon.Add(-day)},
		},
		"due later": {
			orders: []Order{order(3, PolicyRaised, grace)},
			want:   Decision{Next: Proceed, Reason: PolicyRaised, Proof: ProofPassword, By: noon.Add(day)},
		},
		"ended by an order": {
			orders: []Order{order(3, Compromise, ends)},
			want:   Decision{Reason: Compromise, Proof: ProofOutOfBand, By: noon.Add(-day)},
		},
		"began after the order": {
			session: func(s *Session) { s.Seq = 3 },
			orders:  []Order{order(3, Compromise, ends)},
			want:    Decision{Next: NeedNewPassword, Reason: Compromise, Proof: ProofOutOfBand, By: noon.Add(-day)},
		},
		"without a factor": {factor: true, want: Decision{Next: NeedEnroll}},
		"with one":         {factor: true, row: func(c *Credential) { c.Factor = &Factor{ID: "f"} }, want: Decision{Next: Proceed}},
		"without a password": {
			factor: true,
			row:    func(c *Credential) { c.Password = "" },
			orders: []Order{order(3, PolicyRaised, nil)},
			want:   Decision{Next: Proceed},
		},
		"the password comes before the factor": {
			factor: true,
			orders: []Order{order(3, WeakHash, nil)},
			want:   Decision{Next: NeedNewPassword, Reason: WeakHash, Proof: ProofPassword, By: noon.Add(-day)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := row(), open
			r.Epoch = 7
			if c.row != nil {
				c.row(r)
			}
			if c.session != nil {
				c.session(&s)
			}
			if c.want.Next == Proceed {
				c.want.Session = s
			}
			require.Equal(t, c.want, judge(r, s, c.orders, Profile{Rules: Rules{RequireFactor: c.factor}}, noon))
		})
	}
}

// TestMergeMethods: each once, the old ones first, and neither list is written
// to.
func TestMergeMethods(t *testing.T) {
	old := append(make([]string, 0, 8), MethodPassword)
	require.Equal(t, []string{MethodPassword, MethodCode}, mergeMethods(old, []string{MethodCode, MethodPassword}))
	require.Equal(t, []string{MethodPassword}, mergeMethods(old, nil))
	require.Empty(t, old[:2][1])
	require.Empty(t, mergeMethods(nil, nil))
}
