package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// retrySoon is the Retry-After where nobody knows how long it will take.
const retrySoon = 5 * time.Second

// Status returns the status for an error of a Keeper, and the time for a
// Retry-After header, 0 if there is to be none:
//
//	nil                                  200
//	*policy.Refusal                      422  show the problems
//	rotate.ErrSession                    401  sign in again
//	*rotate.Denied                       401, or 429 with RetryAfter
//	rotate.ErrTicket                     400  start again
//	rotate.ErrBrowser                    400  cookies are off
//	ErrInput                             400, or 413 for a body that is too long
//	rotate.ErrProof                      403  another proof first
//	rotate.ErrNotFound                   404
//	rotate.ErrExists, ErrFactor, ErrKey, *rotate.ExpectError  409
//	rotate.ErrOrder                      422  the order is incomplete
//	rotate.ErrConfig, ErrRules, ErrAccount, ErrGroup, ErrGate, policy.ErrInvalid  500  the shop's own mistake
//	*hash.OverloadedError                503 with its Wait
//	everything else                      503, 5 s: a store is down
//
// Of errors that are joined, the one that comes first here decides. For a
// customer, [rotate.ErrNotFound] and [rotate.ErrExists] may tell that an
// account exists: sign-up and sign-in pages answer alike in both cases.
func Status(err error) (code int, retry time.Duration) {
	a := Failure(err)
	return a.Status, a.RetryAfter
}

// Failure is the answer to an error of a Keeper, for handlers that answer
// programs as well as pages. Nothing of the error's text is in it. Codes are
// "refused" with the problems, "denied", "wait", "sign_in_again", "bad_ticket",
// "no_browser", "bad_input", "need_proof", "not_found", "conflict", "overloaded",
// "unavailable" and "fault"; [Status] has the table.
func Failure(err error) Answer {
	if err == nil {
		return Answer{Status: http.StatusOK, Code: rotate.Proceed.String()}
	}
	var refusal *policy.Refusal
	var denied *rotate.Denied
	var busy *hash.OverloadedError
	var expect *rotate.ExpectError
	is := func(targets ...error) bool {
		for _, t := range targets {
			if errors.Is(err, t) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.As(err, &refusal):
		return Answer{Status: http.StatusUnprocessableEntity, Code: codeRefused, Problems: refusal.Problems}
	case is(rotate.ErrSession):
		return Answer{Status: http.StatusUnauthorized, Code: codeSignIn}
	case errors.As(err, &denied) && denied.RetryAfter > 0:
		return Answer{Status: http.StatusTooManyRequests, Code: codeWait, RetryAfter: denied.RetryAfter}
	case is(rotate.ErrDenied):
		return Answer{Status: http.StatusUnauthorized, Code: codeDenied}
	case is(rotate.ErrTicket):
		return Answer{Status: http.StatusBadRequest, Code: codeTicket}
	case is(rotate.ErrBrowser):
		return Answer{Status: http.StatusBadRequest, Code: codeBrowser}
	case errors.As(err, new(*http.MaxBytesError)):
		return Answer{Status: http.StatusRequestEntityTooLarge, Code: codeInput}
	case is(ErrInput):
		return Answer{Status: http.StatusBadRequest, Code: codeInput}
	case is(rotate.ErrProof):
		return Answer{Status: http.StatusForbidden, Code: codeProof}
	case is(rotate.ErrNotFound):
		return Answer{Status: http.StatusNotFound, Code: codeNotFound}
	case is(rotate.ErrExists, rotate.ErrFactor, rotate.ErrKey), errors.As(err, &expect):
		return Answer{Status: http.StatusConflict, Code: codeConflict}
	case is(rotate.ErrOrder):
		return Answer{Status: http.StatusUnprocessableEntity, Code: codeRefused}
	case is(rotate.ErrConfig, rotate.ErrRules, rotate.ErrAccount, rotate.ErrGroup, ErrGate, policy.ErrInvalid):
		return Answer{Status: http.StatusInternalServerError, Code: codeFault}
	case errors.As(err, &busy):
		return Answer{Status: http.StatusServiceUnavailable, Code: codeOverloaded, RetryAfter: max(busy.Wait, time.Second)}
	}
	return Answer{Status: http.StatusServiceUnavailable, Code: codeUnavailable, RetryAfter: retrySoon}
}
