package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// The tables of peer…_test.go restate, row by row, what the tests of other
// libraries and servers say of a password under one of their rules, and what
// this package says under its nearest policy. Each names the repository, its
// commit and the file it was read from.

// accepts and refuses are what a peer's test says.
const accepts, refuses = true, false

// peer is what one file of tests says.
type peer struct {
	source string
	rows   []peerRow
}

// peerRow is one password under one rule.
type peerRow struct {
	rule     string        // as the peer calls it
	policy   policy.Policy // the nearest of ours
	about    []string      // what the peer knows of the person
	password string
	theirs   bool
	ours     string // the codes, in byte order, "" for an accepted password
	why      string // we decide otherwise
}

// TestPeersRules: each row holds, and wherever we decide otherwise the row says
// why.
func TestPeersRules(t *testing.T) {
	rows, differ := 0, 0
	for _, p := range slices.Concat(jvmPeers(), phpPeers(), otherPeers()) {
		require.Regexp(t, `^[\w-]+/[\w-]+@[0-9a-f]{7} [\w./-]+$`, p.source)
		for _, row := range p.rows {
			rows++
			v := check(t, row.policy, row.password, row.about...)
			where := p.source + ": " + row.rule + ": " + row.password
			require.Equal(t, row.ours, strings.Join(codes(v), " "), where)
			if accepted := v.Err() == nil; accepted == row.theirs {
				require.Empty(t, row.why, "no difference: %s", where)
			} else {
				differ++
				require.NotEmpty(t, row.why, where)
			}
		}
	}
	t.Logf("%d rows, %d decided otherwise", rows, differ)
}

// What we decide otherwise, and why.
const (
	noCase     = "no rule about case or signs: NIST SP 800-63B-4, 3.1.1.2(5) forbids composition rules, and PCI DSS v4.0.1, 8.3.6 asks for a letter and a digit only"
	oneDigit   = "one digit is all that PCI DSS v4.0.1, 8.3.6 asks for; a count is one more composition rule"
	wholeValue = "the whole password is compared (NIST SP 800-63B-4, 3.1.1.2): a long password may hold a listed word; an estimator rates what is left"
	lookAlike  = "look-alike signs are the first thing an attacker tries, so they are read as the letters they stand for"
	bothWays   = "words are always read in both directions and without case"
	shortWord  = "names of three signs are inside too many other words: Contains counts from four code points"
	anySign    = "spaces and all other signs are welcome (NIST SP 800-63B-4, 3.1.1.2(3)); nothing is trimmed"
	partOfMail = "a part of an address is no word about the person; the estimator knows the address and rates it"
	alwaysCap  = "a cap on the length bounds the work of everything behind it"
	ratedToo   = "a run inside a password that does not fall to it is rated, not refused"
	weighted   = "guesses are counted by patterns and words, not by kinds of signs"
)

func minimum(n int) policy.Policy { return policy.Policy{MinLength: n} }

func listed(passwords ...string) policy.Policy {
	return policy.Policy{Lists: []policy.List{policy.NewList(passwords...)}}
}

// common returns a policy with the list that ships with the package.
func common(minLength int) policy.Policy {
	return policy.Policy{MinLength: minLength, Lists: []policy.List{policy.Common()}}
}

// rated returns a policy that asks for a rating by package strength.
func rated(log10 float64) policy.Policy {
	return policy.Policy{Estimator: strength.Estimator{}, MinGuessesLog10: log10}
}
