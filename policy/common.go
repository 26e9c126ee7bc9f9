package policy

import (
	"context"

	"github.com/tillkey/tillkey/policy/internal/common"
	"github.com/tillkey/tillkey/policy/internal/fold"
)

// Common returns the list of common passwords that ships with the package:
// 184 000 passwords of eight code points or more that became public in leaks
// of 2006 to 2020, some 49 000 shorter ones, and months, seasons and the like
// in a dozen languages. It also knows what needs no list: keyboard walks,
// alphabets, dates, and units of up to four code points repeated.
// internal/common/NOTICE.md names the sources.
//
// A password is on the list if it, or what is left of it without case,
// accents, look-alike signs, separators, repetition and cheap decoration
// (digits, years, signs and keyboard walks that an attacker tries in about
// 30 000 guesses or fewer, 1 000 around a word of four code points), is; also
// backwards. Its count is 0 or 1.
//
// The list is 1 MB of fingerprints in the binary, read in place; no password
// can be read from it. A password of which no form is listed is taken for a
// listed one with a probability of 2e-7 at most: 64 look-ups, each wrong once
// in 3.1e8 (223 330 fingerprints of 46 bits). It does no I/O, needs no context
// and may be used from many goroutines. Texts above 4096 bytes are not on it.
//
// NIST SP 800-63B-4, 3.1.1.2 asks for a list of commonly used values; OWASP
// ASVS 5.0, 6.2.4 for the top 3000 that fit the policy at least. Few real
// passwords reach fifteen code points, so under such a minimum it is the
// repeated and decorated forms that count.
func Common() List { return commonList{} }

type commonList struct{}

// commonFingerprint holds the first 64 bits of the SHA-256 of the embedded
// file. Its number changes with the rules by which the list is compared.
const commonFingerprint = "common 1 24cdd95c278c504a"

// Fingerprint implements [Fingerprinter].
func (commonList) Fingerprint() string { return commonFingerprint }

func (commonList) Seen(_ context.Context, password string) (int, error) {
	if len(password) > listBytes {
		return 0, nil
	}
	set := common.Embedded()
	for _, core := range fold.Cores(password, listBudget) {
		if !worthLooking(core) {
			continue
		}
		if fold.Patterned(core.Text) {
			return 1, nil
		}
		if len(core.Text) > longestListed {
			continue
		}
		skeleton := fold.Skeleton(core.Text)
		if set.Has(skeleton) || set.Has(fold.Reverse(skeleton)) {
			return 1, nil
		}
	}
	return 0, nil
}
