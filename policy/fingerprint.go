package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Fingerprinter is a List or an Estimator that says which one it is.
//
// Fingerprint names it and its version. Two with the same text answer the same
// about every password, in every process and release; whatever answers
// otherwise has another text. It is short, holds no secret, and is called
// whenever a policy is fingerprinted or merged, so it does no I/O.
type Fingerprinter interface {
	Fingerprint() string
}

// Fingerprint returns a short text that stands for the rules of a valid
// policy: "p1:" and 32 hexadecimal digits. Keep it beside a credential; when it
// is no longer that of the policy in force, the policy has changed since the
// password was chosen.
//
// It is the same for the same rules on every platform and in every release
// until its "p1" changes. It sees MinLength, MaxLength, MaxBytes and
// BreachThreshold with their defaults put in, NeedLetter, NeedDigit, Contains,
// Unchecked, the set of Words as they are spelt, MinGuessesLog10 and, where
// that is not 0, the Estimator. Name decides nothing and is not seen, nor is
// the order of Words, Lists and Breach, nor that one of them is there twice.
//
// Of Lists, Breach and Estimator it sees what a [Fingerprinter] says of
// itself: those of [Common], [NewList], [Entropy], [Named] and
// [NamedEstimator] do, and that of Common changes with the list that ships with
// a release. Of any other it sees the Go type and how many there are, so it does
// not notice that such a list holds other passwords today. Two are the same if
// they are equal; maps and slices, if they are in one place; funcs never are, not
// even one and itself: name them.
//
// The digits are the first 128 bits of the SHA-256 of lines, in this order:
// min_length, max_length, max_bytes, need_letter, need_digit, contains, unchecked
// and breach_threshold, each with a space and a number after it, 0 or 1 for what
// is off or on; words, lists and breach, each with a space and how many texts
// follow, and these in byte order, each in a line of its own after its length in
// bytes and a space; and where there is a threshold, min_guesses_log10 and
// estimator, with one text each. The text of a list or an estimator is "is " and
// its own fingerprint, or "type " and its Go type.
func (p Policy) Fingerprint() string {
	var b strings.Builder
	number := func(field string, n int) { fmt.Fprintf(&b, "%s %d\n", field, n) }
	texts := func(field string, list []string) {
		number(field, len(list))
		for _, text := range list {
			fmt.Fprintf(&b, "%d %s\n", len(text), text) // the length keeps two texts from reading as one
		}
	}
	yes := map[bool]int{true: 1}

	number("min_length", max(0, p.MinLength))
	number("max_length", p.maxLength())
	number("max_bytes", p.maxBytes())
	number("need_letter", yes[p.NeedLetter])
	number("need_digit", yes[p.NeedDigit])
	number("contains", yes[p.Contains])
	number("unchecked", int(p.Unchecked))
	number("breach_threshold", p.breachThreshold())
	texts("words", distinctWords(p.Words))
	texts("lists", identities(p.Lists))
	texts("breach", identities(p.Breach))
	if p.MinGuessesLog10 > 0 {
		texts("min_guesses_log10", []string{strconv.FormatFloat(p.MinGuessesLog10, 'g', -1, 64)})
		texts("estimator", []string{identity(p.estimator())})
	}
	return "p1:" + digest(b.String())
}

// Stricter reports whether p may refuse a password that than accepts: whether
// the rules of [Strictest] of the two are not those of than, or the two
// contradict each other. A policy that is stricter than it was has been raised.
// Each of two valid policies may be stricter than the other; none is stricter
// than itself, unless it has a func without a name in it, see [Policy.Fingerprint].
func (p Policy) Stricter(than Policy) bool {
	both, err := Strictest(p, than)
	return err != nil || both.Fingerprint() != than.Fingerprint()
}

// digest returns 128 bits of the SHA-256 of text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// distinctWords returns the words in byte order, each once.
func distinctWords(words []string) []string {
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// identities returns what is known of the lists, in byte order: each list once.
func identities(lists []List) []string {
	var ids []string
	for _, list := range distinctLists(lists) {
		ids = append(ids, identity(list))
	}
	slices.Sort(ids)
	return ids
}

// identity returns what a list or an estimator says of itself, or its type.
func identity(v any) string {
	if f, ok := v.(Fingerprinter); ok {
		return "is " + f.Fingerprint()
	}
	return fmt.Sprintf("type %T", v)
}

// same reports whether two values that name no fingerprint are one. It looks into
// nothing that somebody else may be changing: a map or a slice is the same in the
// same place, and nobody can tell of a func.
func same(a, b reflect.Value) bool {
	switch {
	case a.IsValid() != b.IsValid():
		return false
	case !a.IsValid():
		return true
	case a.Type() != b.Type():
		return false
	case a.Comparable() && b.Comparable():
		return a.Equal(b)
	}
	switch a.Kind() {
	case reflect.Map:
		return a.UnsafePointer() == b.UnsafePointer()
	case reflect.Slice:
		return a.UnsafePointer() == b.UnsafePointer() && a.Len() == b.Len()
	case reflect.Interface:
		return same(a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array:
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	return false
}

// distinctLists returns the lists in order, each once.
func distinctLists(lists ...[]List) []List { return distinct(slices.Concat(lists...)) }

// distinct returns the values in order, each once. Those with the same
// fingerprint are the same.
func distinct[T any](values []T) []T {
	var kept, others []T
	seen := map[string]bool{}
	for _, v := range values {
		if f, ok := any(v).(Fingerprinter); ok {
			fp := f.Fingerprint()
			if seen[fp] {
				continue
			}
			seen[fp] = true
		} else {
			if slices.ContainsFunc(others, func(other T) bool { return same(reflect.ValueOf(other), reflect.ValueOf(v)) }) {
				continue
			}
			others = append(others, v)
		}
		kept = append(kept, v)
	}
	return kept
}
