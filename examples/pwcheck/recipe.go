package main

import (
	"math"
	"strings"

	"github.com/tillkey/tillkey/policy"
)

const (
	letters  = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ" // without l, I and O
	digits   = "23456789"                                          // without 0 and 1
	alphabet = letters + digits

	minLength, maxLength = 8, 128 // characters; 46 bits and more
	minWords, maxWords   = 3, 20  // 38 bits and more; 23 characters in the mean

	// maxTries is how often a password that the policy refuses is drawn again.
	// With the bounds above, far more than half are accepted.
	maxTries = 1000
)

// recipe says how to draw passwords.
type recipe struct {
	length int // characters, or 0
	words  int // words, or 0
	policy policy.Policy
	list   []string
}

// bits returns the entropy of what draw returns, in bits. Drawing again for the
// want of a letter or a digit takes some away, and is accounted for.
func (r recipe) bits() float64 {
	if r.words > 0 {
		bits := float64(r.words) * math.Log2(float64(len(r.list)))
		if r.policy.NeedDigit {
			bits += math.Log2(float64(len(digits)))
		}
		return bits
	}
	n := float64(r.length)
	accepted := 1.0
	if r.policy.NeedDigit {
		accepted -= math.Pow(float64(len(letters))/float64(len(alphabet)), n)
	}
	if r.policy.NeedLetter {
		accepted -= math.Pow(float64(len(digits))/float64(len(alphabet)), n)
	}
	return n*math.Log2(float64(len(alphabet))) + math.Log2(max(accepted, 0))
}

// check returns an outcome for a recipe that makes passwords too weak for the
// policy or for this program, or too long for anybody.
func (r recipe) check() error {
	shortest := max(minLength, r.policy.MinLength)
	switch {
	case r.words > 0 && r.length > 0:
		return misused("--words and --length exclude each other.")
	case r.words == 0 && (r.length < shortest || r.length > maxLength):
		return misused("--length takes %d to %d with preset %s.", shortest, maxLength, r.policy.Name)
	case r.words != 0 && (r.words < minWords || r.words > maxWords):
		return misused("--words takes %d to %d.", minWords, maxWords)
	case r.bits()*math.Log10(2) < r.policy.MinGuessesLog10:
		return misused("that is too easy to guess for preset %s.", r.policy.Name)
	}
	return nil
}

// draw returns a password that the policy accepts.
func (r recipe) draw() (string, error) {
	for range maxTries {
		password := r.once()
		if r.policy.Preview(password).Err() == nil {
			return password, nil
		}
	}
	return "", failed("no password of this kind satisfies preset %s", r.policy.Name)
}

func (r recipe) once() string {
	if r.words == 0 {
		return pickBytes(alphabet, r.length)
	}
	parts := make([]string, r.words, r.words+1)
	for i := range parts {
		parts[i] = r.list[pick(len(r.list))]
	}
	if r.policy.NeedDigit {
		parts = append(parts, pickBytes(digits, 1))
	}
	return strings.Join(parts, "-")
}
