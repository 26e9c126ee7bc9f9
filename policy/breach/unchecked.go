package breach

import (
	"fmt"
	"time"

	"github.com/tillkey/tillkey/policy"
)

// Reason says in one stable word why a source could not answer. It holds no
// secret and suits as a label of a metric.
type Reason string

// Reasons before a source is asked.
const (
	ReasonEmpty    Reason = "empty"     // the empty password is never looked up
	ReasonTooLong  Reason = "too-long"  // the password has more than 64 KiB
	ReasonNotText  Reason = "not-text"  // the password is no UTF-8, which NTLM needs
	ReasonNoSHA1   Reason = "no-sha1"   // GODEBUG=fips140=only forbids SHA-1 and MD4; no source can answer
	ReasonNoSource Reason = "no-source" // a Chain has no source that its rule lets it ask
	ReasonCanceled Reason = "canceled"  // the caller's context ended first
	ReasonPaused   Reason = "paused"    // the service asked for a pause, or failed at several prefixes; see RetryAfter
	ReasonTooMany  Reason = "too-many"  // too many ranges are being asked for at once
	ReasonTimeout  Reason = "timeout"   // no complete answer within the time limit
	ReasonPanicked Reason = "panicked"  // the online source of a Chain has a fault of its own
	ReasonNetwork  Reason = "network"   // no connection, a broken one, or no HTTP
	ReasonThrottle Reason = "throttled" // HTTP 429 or 503; see RetryAfter
)

// Reasons after an answer that must not be believed.
const (
	ReasonStatus      Reason = "status"       // an HTTP status other than 200; see Status
	ReasonContentType Reason = "content-type" // not text/plain: a portal, a proxy or an error page
	ReasonUnframed    Reason = "unframed"     // the answer's end is unmarked, so a cut one looks whole
	ReasonCut         Reason = "cut"          // the answer or the file ended early
	ReasonTooLarge    Reason = "too-large"    // an answer of more than 1 MiB
	ReasonMalformed   Reason = "malformed"    // a row or line is not HASH:COUNT
	ReasonChecksum    Reason = "checksum"     // the Content-MD5 header is not that of the rows
	ReasonTooFewRows  Reason = "too-few-rows" // fewer real rows than RangeConfig.MinRows
	ReasonUnsorted    Reason = "unsorted"     // the lines of the file are out of order
	ReasonRead        Reason = "read"         // the file cannot be read, or is closed
)

// UncheckedError is the error of every Seen of a [Range] or [File]: the source
// could not tell whether the password leaked. It matches policy.ErrUnchecked with
// [errors.Is]. It holds neither the password nor any part of its hash. The error
// of a [Chain] holds those of its sources that could not tell, of whatever type,
// or is an UncheckedError of its own.
type UncheckedError struct {
	Source     string        // "range", "file" or "chain"
	Reason     Reason        // why, in one stable word
	Status     int           // the HTTP status for ReasonStatus and ReasonThrottle, else 0
	RetryAfter time.Duration // how long the source will not ask again, else 0
	Err        error         // the cause if one is known and holds no secret, else nil
}

// Error says which source did not answer and why.
func (e *UncheckedError) Error() string {
	text := "breach: " + e.Source + " not checked: " + e.Reason.text()
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP status %d)", e.Status)
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf("; asks again in %v", e.RetryAfter.Round(time.Second))
	}
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
	case ReasonNoSHA1:
		return "SHA-1 and MD4 are forbidden by GODEBUG=fips140=only"
	case ReasonNoSource:
		return "no source may be asked"
	case ReasonCanceled:
		return "the caller left"
	case ReasonPaused:
		return "paused after failures"
	case ReasonTooMany:
		return "too many requests are under way"
	case ReasonTimeout:
		return "no complete answer in time"
	case ReasonPanicked:
		return "the source panicked"
	case ReasonNetwork:
		return "the connection failed"
	case ReasonThrottle:
		return "the service asked for a pause"
	case ReasonStatus:
		return "the answer is no range"
	case ReasonContentType:
		return "the answer is not text/plain; is there a portal or a proxy?"
	case ReasonUnframed:
		return "the answer has no marked end, so it cannot be shown to be complete"
	case ReasonCut:
		return "the data end early"
	case ReasonTooLarge:
		return "the answer is larger than 1 MiB"
	case ReasonMalformed:
		return "the data are not HASH:COUNT rows"
	case ReasonChecksum:
		return "the rows are not those of the Content-MD5 header"
	case ReasonTooFewRows:
		return "the answer has too few rows to be complete"
	case ReasonUnsorted:
		return "the file is not sorted; run Verify"
	case ReasonRead:
		return "the file cannot be read"
	}
	return string(r)
}
