package corpus

import "github.com/tillkey/tillkey/policy"

// Reason says in one stable word why a corpus could not answer. It holds no
// secret and suits as a label of a metric.
type Reason string

// The reasons of an [UncheckedError].
const (
	ReasonEmpty    Reason = "empty"    // the empty password is never looked up
	ReasonTooLong  Reason = "too-long" // the password has more than 64 KiB
	ReasonNotText  Reason = "not-text" // the password is no UTF-8, which NTLM needs
	ReasonNoHash   Reason = "no-hash"  // GODEBUG=fips140=only forbids SHA-1 and MD4
	ReasonWidth    Reason = "width"    // the hash given to Count is not of the corpus's kind
	ReasonCanceled Reason = "canceled" // the caller's context ended first
	ReasonClosed   Reason = "closed"   // the corpus is closed
	ReasonCut      Reason = "cut"      // the file ends early
	ReasonDamaged  Reason = "damaged"  // the file's checksums do not match; run Verify
	ReasonRead     Reason = "read"     // the file cannot be read
)

// UncheckedError is the error of every look-up: the corpus could not tell
// whether the password leaked. It matches policy.ErrUnchecked with
// [errors.Is]. It holds neither the password nor any part of its hash, and
// names no place in the file, which would tell the beginning of the hash.
type UncheckedError struct {
	Reason Reason // why, in one stable word
	Err    error  // the cause if one is known and holds no secret, else nil
}

// Error says why the corpus did not answer.
func (e *UncheckedError) Error() string {
	text := "corpus: not checked: " + e.Reason.text()
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns policy.ErrUnchecked and, if known, the cause.
func (e *UncheckedError) Unwrap() []error {
	if e.Err == nil {
		return []error{policy.ErrUnchecked}
	}
	return []error{policy.ErrUnchecked, e.Err}
}

func (r Reason) text() string {
	switch r {
	case ReasonEmpty:
		return "the empty password is never looked up"
	case ReasonTooLong:
		return "the password is too long to be looked up"
	case ReasonNotText:
		return "the password is no valid UTF-8"
	case ReasonNoHash:
		return "SHA-1 and MD4 are forbidden by GODEBUG=fips140=only"
	case ReasonWidth:
		return "the hash is not of the kind that the corpus holds"
	case ReasonCanceled:
		return "the caller left"
	case ReasonClosed:
		return "the corpus is closed"
	case ReasonCut:
		return "the file ends early"
	case ReasonDamaged:
		return "the file is damaged; run Verify"
	case ReasonRead:
		return "the file cannot be read"
	}
	return string(r)
}
