package policy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/policy/internal/common"
	"github.com/tillkey/tillkey/policy/internal/fold"
)

// List knows passwords that should not be chosen: common ones, or leaked ones.
//
// Seen returns how often the list saw the password, or 0. A list without
// counts returns 1 for those it holds. The password is valid UTF-8 in NFC. A
// list that cannot know, because its file or server does not answer, returns
// an error that wraps ErrUnchecked, and within the time the context allows; it
// must not answer 0 then. The error must not hold the password. Seen is called
// from many goroutines at once.
//
// What counts as the same password is the list's own business: a breach source
// compares exactly, Common and NewList compare as a guesser would.
type List interface {
	Seen(ctx context.Context, password string) (count int, err error)
}

// ErrUnchecked says that a list could not tell whether it holds a password.
// Check wraps it under RefuseUnchecked: ask the customer to try again.
var ErrUnchecked = errors.New("policy: password not checked")

// unchecked makes sure that err is recognised as ErrUnchecked.
func unchecked(err error) error {
	if errors.Is(err, ErrUnchecked) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnchecked, err)
}

const (
	listBudget = 4.5  // powers of ten of decoration that a listed password may wear
	listBytes  = 4096 // longer texts are on no list of common passwords
	listedCore = 4    // code points from which what is left is looked up
	shortCore  = 5    // below this many, chance alone makes listed words: they may wear less
	shortSpare = 3.0  // powers of ten of decoration that such a word may wear

	longestListed = 128 // code points; the passwords of Common have 64 at most, their folded forms hardly more
)

// NewList returns a list of passwords in memory, compared like those of
// Common: also repeated, decorated, and with look-alike signs. Use it for words
// a shop's staff tends to choose. It keeps 46 bits of the SHA-256 of each
// folded form, not the passwords, so that printing a policy shows none; it
// does no I/O and its count is 0 or 1. Entries are looked up whole from one
// code point on, and in decorated forms from four.
func NewList(passwords ...string) List {
	set := make(map[uint64]struct{}, len(passwords))
	for _, p := range passwords {
		set[common.Fingerprint(fold.Skeleton(fold.Lower(p)))] = struct{}{}
	}
	var b strings.Builder
	for _, entry := range slices.Sorted(maps.Keys(set)) {
		fmt.Fprintln(&b, entry)
	}
	return wordList{set, "list 1 " + digest(b.String())}
}

type wordList struct {
	set         map[uint64]struct{}
	fingerprint string // of all that Seen compares with
}

// Fingerprint implements [Fingerprinter].
func (l wordList) Fingerprint() string { return l.fingerprint }

func (l wordList) Seen(_ context.Context, password string) (int, error) {
	if len(password) > listBytes {
		return 0, nil
	}
	for i, core := range fold.Cores(password, listBudget) {
		if i > 0 && !worthLooking(core) {
			continue
		}
		skeleton := fold.Skeleton(core.Text)
		if l.has(skeleton) || l.has(fold.Reverse(skeleton)) {
			return 1, nil
		}
	}
	return 0, nil
}

// worthLooking reports whether what is left of a password is long enough to be
// looked up, for what was taken off.
func worthLooking(core fold.Core) bool {
	n := len(core.Text)
	return n >= shortCore || n >= listedCore && core.Cost <= shortSpare
}

func (l wordList) has(skeleton string) bool {
	_, ok := l.set[common.Fingerprint(skeleton)]
	return ok
}
