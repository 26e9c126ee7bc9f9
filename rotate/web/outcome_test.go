package web_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestOutcome: each step keeps what the next one needs, beside an error, too.
func TestOutcome(t *testing.T) {
	by := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		decision rotate.Decision
		err      error
		status   int
		text     string
	}{
		{rotate.Decision{Next: rotate.Proceed}, nil, 200, `{"code":"proceed"}`},
		{rotate.Decision{Next: rotate.Proceed, Reason: rotate.PolicyRaised, Proof: rotate.ProofPassword, By: by}, nil, 200,
			`{"code":"proceed","reason":"policy_raised","proof":"password","by":"2026-12-01T00:00:00Z"}`},
		{rotate.Decision{Next: rotate.Proceed, Unmet: true}, nil, 200, `{"code":"proceed","unmet":true}`},
		{rotate.Decision{Next: rotate.NeedCode, Ticket: "t"}, nil, 200, `{"code":"need_code","ticket":"t"}`},
		{rotate.Decision{Next: rotate.NeedEnroll, Ticket: "t"}, nil, 200, `{"code":"need_enroll","ticket":"t"}`},
		{rotate.Decision{Next: rotate.NeedNewPassword, Ticket: "t", Reason: rotate.Compromise, Proof: rotate.ProofOutOfBand}, nil, 200,
			`{"code":"need_new_password","reason":"compromise","proof":"out_of_band","ticket":"t"}`},
		{rotate.Decision{}, nil, 401, `{"code":"sign_in_again"}`},
		{rotate.Decision{Next: rotate.NeedCode, Ticket: "t"}, rotate.ErrDenied, 401, `{"code":"denied","next":"need_code","ticket":"t"}`},
		{rotate.Decision{}, rotate.ErrDenied, 401, `{"code":"denied"}`},
	} {
		a := web.Outcome(row.decision, row.err)
		require.Equal(t, row.status, a.Status, row.text)
		text, err := json.Marshal(a)
		require.NoError(t, err)
		require.JSONEq(t, row.text, string(text))
	}
}

// TestAnswersDoNotPrintTheTicket: no printer shows it, but JSON, which goes to
// the visitor.
func TestAnswersDoNotPrintTheTicket(t *testing.T) {
	a := web.Outcome(rotate.Decision{Next: rotate.NeedCode, Ticket: "sesame"}, nil)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{a, &a, []web.Answer{a}, struct{ A web.Answer }{a}} {
			require.NotContains(t, fmt.Sprintf(verb, value), "sesame", verb)
			require.NotContains(t, fmt.Sprintf(verb, value), fmt.Sprintf("%x", "sesame"), verb)
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "answer", a)
	require.NotContains(t, log.String(), "sesame")
}

func ExampleOutcome() {
	d, err := rotate.Decision{Next: rotate.NeedCode, Ticket: "a sealed text"}, error(nil) // of Keeper.Login
	a := web.Outcome(d, err)
	text, _ := json.Marshal(a)
	fmt.Println(a.Status == http.StatusOK, string(text))
	// Output: true {"code":"need_code","ticket":"a sealed text"}
}

func ExampleTexts() {
	var cookie string // what a session library keeps for one visitor
	var gate web.Gate
	gate.Load, gate.Keep, gate.Drop = web.Texts(
		func(*http.Request) (string, error) { return cookie, nil },
		func(_ http.ResponseWriter, _ *http.Request, text string) error { cookie = text; return nil },
	)
	signedIn := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	err := gate.Keep(nil, nil, rotate.Session{Account: "17", Epoch: 7, AuthTime: signedIn, Methods: []string{rotate.MethodPassword}})
	session, loadErr := gate.Load(nil)
	fmt.Println(err, loadErr, session.Account)
	fmt.Println(gate.Drop(nil, nil), cookie == "")
	// Output:
	// <nil> <nil> 17
	// <nil> true
}
