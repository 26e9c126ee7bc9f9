package policy

import "strings"

// maxParts is how many parts of a password a customer is told of.
const maxParts = 3

// Estimator rates passwords by the guesses an attacker would need.
//
// GuessesLog10 returns that number as a power of ten, 0 or more. The password
// is valid UTF-8 in NFC and within the caps of the policy. about are texts
// about the person and the shop, at most 32 and the policy's Words, each at
// most 256 bytes; knowing them makes guessing easier. It does no I/O, its work
// is bounded, and it is called from many goroutines at once.
type Estimator interface {
	GuessesLog10(password string, about ...string) float64
}

// Explainer is an Estimator that can say what it took a password for.
//
// Parts returns the codes of the parts that it recognised, from left to right
// and each once, none if it saw nothing but signs. The codes this package has
// texts for are those of PartCodes. It is asked only about passwords that are
// refused for their rating, with what GuessesLog10 was asked with, and keeps
// to the same rules.
type Explainer interface {
	Estimator
	Parts(password string, about ...string) []string
}

// parts returns what the first three parts of a password are, joined by commas.
func (p Policy) parts(password string, about []string) string {
	explainer, ok := p.estimator().(Explainer)
	if !ok {
		return ""
	}
	codes := explainer.Parts(password, about...)
	return strings.Join(codes[:min(len(codes), maxParts)], ",")
}
