package policy_test

import (
	"math/rand/v2"

	"github.com/tillkey/tillkey/policy"
)

// randomPolicy returns a valid policy. Its lists and estimators are a few fixed
// ones, so that two policies often share some.
func randomPolicy(r *rand.Rand) policy.Policy {
	p := policy.Policy{
		Name:            pick(r, "", "a", "b", "c"),
		MaxLength:       pick(r, 0, 0, 16, 64, 256, 1024),
		MaxBytes:        pick(r, 0, 0, 64, 1024, 4096),
		NeedLetter:      r.IntN(4) == 0,
		NeedDigit:       r.IntN(4) == 0,
		MinGuessesLog10: pick(r, 0, 0, 4, 8, 10.5),
		Estimator:       pick[policy.Estimator](r, nil, policy.Entropy(), sized{}, policy.NamedEstimator("halves", sized{})),
		Contains:        r.IntN(4) == 0,
		Words:           some(r, "Tillkey", "walrus", "zebra", "Zebra", "lantern shop"),
		Lists:           some(r, policy.Common(), policy.NewList("walrus"), policy.List(exact{"zebra": 1}), policy.Named("seven", answerFunc(seven))),
		Breach: some(r, policy.Named("leaked", exact{"seven velvet turtles": 3}),
			policy.List(exact{"winter harbor": 9}), policy.List(answer{count: 1})),
		BreachThreshold: pick(r, 0, 1, 2, 5, 10),
		Unchecked:       pick(r, policy.AcceptUnchecked, policy.RefuseUnchecked),
	}
	p.MinLength = r.IntN(17)
	if p.Validate() != nil {
		panic("the generator is wrong")
	}
	return p
}

// seven says what has seven bytes.
func seven(password string) int {
	if len(password) == 7 {
		return 1
	}
	return 0
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// some returns a few of the given, in any order, some twice.
func some[T any](r *rand.Rand, from ...T) []T {
	var chosen []T
	for range r.IntN(len(from) + 1) {
		chosen = append(chosen, pick(r, from...))
	}
	return chosen
}

// randomChoice returns a password as people, password managers and attackers
// choose them.
func randomChoice(r *rand.Rand, list []string) string {
	switch r.IntN(5) {
	case 0:
		return randomPassword(r, r.IntN(24))
	case 1:
		return pick(r, overrated...)
	case 2:
		return pick(r, "", "walrus", "Zebra2026!", "winter harbor", "seven velvet turtles", "lanternshop1", "tillkeytillkey", "größe größe 7")
	}
	return passphrase(r, list, 1+r.IntN(5))
}
