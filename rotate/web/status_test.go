package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestStatus: the whole table, each error alone, wrapped, and joined with
// another that says less.
func TestStatus(t *testing.T) {
	refusal := &policy.Refusal{Problems: []policy.Problem{policy.NewProblem(policy.TooShort, map[string]any{"min": 15, "length": 3})}}
	for _, row := range []struct {
		err    error
		status int
		retry  time.Duration
		code   string
	}{
		{refusal, 422, 0, "refused"},
		{rotate.ErrSession, 401, 0, "sign_in_again"},
		{&rotate.Denied{}, 401, 0, "denied"},
		{&rotate.Denied{Code: true}, 401, 0, "denied"},
		{rotate.ErrDenied, 401, 0, "denied"},
		{&rotate.Denied{RetryAfter: 90 * time.Second}, 429, 90 * time.Second, "wait"},
		{&rotate.Denied{RetryAfter: time.Millisecond, Code: true}, 429, time.Millisecond, "wait"},
		{rotate.ErrTicket, 400, 0, "bad_ticket"},
		{rotate.ErrBrowser, 400, 0, "no_browser"},
		{web.ErrInput, 400, 0, "bad_input"},
		{&http.MaxBytesError{Limit: 1}, 413, 0, "bad_input"},
		{rotate.ErrProof, 403, 0, "need_proof"},
		{rotate.ErrNotFound, 404, 0, "not_found"},
		{rotate.ErrExists, 409, 0, "conflict"},
		{rotate.ErrFactor, 409, 0, "conflict"},
		{rotate.ErrKey, 409, 0, "conflict"},
		{&rotate.ExpectError{Expect: 1, Found: 9}, 409, 0, "conflict"},
		{rotate.ErrOrder, 422, 0, "refused"},
		{rotate.ErrConfig, 500, 0, "fault"},
		{rotate.ErrRules, 500, 0, "fault"},
		{fmt.Errorf("%w: MinLength 15 is above MaxLength 10", policy.ErrInvalid), 500, 0, "fault"},
		{fmt.Errorf("a list: %w", policy.ErrUnchecked), 503, 5 * time.Second, "unavailable"},
		{rotate.ErrAccount, 500, 0, "fault"},
		{rotate.ErrGroup, 500, 0, "fault"},
		{web.ErrGate, 500, 0, "fault"},
		{&hash.OverloadedError{Wait: 7 * time.Second}, 503, 7 * time.Second, "overloaded"},
		{&hash.OverloadedError{Wait: time.Millisecond}, 503, time.Second, "overloaded"},
		{errAway, 503, 5 * time.Second, "unavailable"},
		{context.DeadlineExceeded, 503, 5 * time.Second, "unavailable"},
		{context.Canceled, 503, 5 * time.Second, "unavailable"},
	} {
		for _, err := range []error{row.err, fmt.Errorf("sign in: %w", row.err), errors.Join(errAway, row.err), errors.Join(row.err, errAway)} {
			status, retry := web.Status(err)
			require.Equal(t, row.status, status, "%v", err)
			require.Equal(t, row.retry, retry, "%v", err)
			require.Equal(t, row.code, web.Failure(err).Code, "%v", err)
		}
	}
	status, retry := web.Status(nil)
	require.Equal(t, 200, status)
	require.Zero(t, retry)
	require.Equal(t, refusal.Problems, web.Failure(refusal).Problems)
	// The fifth wrong proof of a step-up is denied and ends the session.
	status, _ = web.Status(errors.Join(&rotate.Denied{}, rotate.ErrSession))
	require.Equal(t, "sign_in_again", web.Failure(errors.Join(&rotate.Denied{}, rotate.ErrSession)).Code)
	require.Equal(t, 401, status)
}

// TestFailureWritten: what goes over the wire, and that the error's text, which
// may name an account, does not.
func TestFailureWritten(t *testing.T) {
	write := func(err error, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/login", nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		web.Failure(err).Write(w, r)
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		return w
	}
	w := write(&rotate.Denied{RetryAfter: 1500 * time.Millisecond}, "application/json")
	require.Equal(t, http.StatusTooManyRequests, w.Code)
	require.Equal(t, "2", w.Header().Get("Retry-After"), "rounded up")
	require.Equal(t, `{"code":"wait","retry_after":2}`+"\n", w.Body.String())

	w = write(&policy.Refusal{Problems: []policy.Problem{{Code: "too_short", Params: map[string]any{"min": 15}, Text: "Too short."}}}, "application/json")
	require.Equal(t, http.StatusUnprocessableEntity, w.Code)
	require.JSONEq(t, `{"code":"refused","problems":[{"code":"too_short","params":{"min":15},"text":"Too short."}]}`, w.Body.String())

	for _, accept := range []string{"application/json", "text/html"} {
		w = write(fmt.Errorf("no row for account %q", account), accept)
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.NotContains(t, w.Body.String(), account)
	}
	require.Equal(t, "Service Unavailable\n", w.Body.String())
	require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))

	// A problem that cannot be written is no reason to write half an answer.
	w = write(&policy.Refusal{Problems: []policy.Problem{{Code: "x", Params: map[string]any{"f": func() {}}}}}, "application/json")
	require.Equal(t, `{"code":"fault"}`+"\n", w.Body.String())
}

// TestAnswerLocationIsEscapedInTheNote: the note of a redirect is HTML.
func TestAnswerLocationIsEscapedInTheNote(t *testing.T) {
	w := httptest.NewRecorder()
	web.Answer{Status: 403, Location: `/x?a=1&next="><script>`}.Write(w, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, http.StatusSeeOther, w.Code)
	require.NotContains(t, w.Body.String(), "<script>")
	require.Contains(t, w.Body.String(), "a=1&amp;next")
	text, err := json.Marshal(web.Answer{Code: "x", Location: "/y"})
	require.NoError(t, err)
	require.Equal(t, `{"code":"x","location":"/y"}`, string(text))
}
