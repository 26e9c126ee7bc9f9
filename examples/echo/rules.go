package main

import "github.com/tillkey/tillkey/policy"

// leaked are passwords that every guesser knows. Package policy/breach reads the
// lists that a real shop asks.
func leaked() []policy.List {
	return []policy.List{policy.NewList("correct horse battery staple", "never gonna give you up", "may the force be with you")}
}
