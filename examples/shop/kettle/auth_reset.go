package kettle

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

func (s *Shop) forgotForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "forgot", step{})
}

// forgot answers every visitor the same before it is known whether there is
// anybody to write to.
func (s *Shop) forgot(w http.ResponseWriter, r *http.Request) {
	st := step{Email: clip(r.FormValue("email"), maxEmail)}
	request := rotate.Request{Name: r.FormValue("email"), Source: web.Source(r), Browser: web.Browser(w, r)}
	send := s.mailTicket
	if r.FormValue("for") == "second-factor" {
		send = s.mailProof
	}
	if err := s.db.PingContext(r.Context()); err != nil {
		s.fail(w, r, err) // nobody is told of a mail that may not come
		return
	}
	t := s.tongues.of(r)
	s.mail.later(func(ctx context.Context) error { return send(ctx, t, request) })
	s.show(w, r, http.StatusOK, "forgot-sent", st)
}

// mailTicket makes the ticket at the moment of sending, so that it lies in no
// queue.
func (s *Shop) mailTicket(ctx context.Context, t tongue, request rotate.Request) error {
	issued, err := s.keeper.Issue(ctx, request)
	if err != nil || issued.Ticket == "" {
		return err
	}
	s.mail.send(Letter{To: issued.Address, Lang: t.tag.String(), Subject: t.say("Your new password"), Body: []string{
		t.say("Open the link in the browser in which you asked for it, and choose a new password."),
		t.say("It works once, until %s. If you did not ask for it, there is nothing to do.", t.moment(issued.Until))},
		Link: "/reset?ticket=" + url.QueryEscape(issued.Ticket), LinkText: t.say("Choose a new password")})
	return nil
}

// mailProof mails the same kind of ticket to somebody who is setting up a second
// factor while a change is due for a reason that the password does not answer.
func (s *Shop) mailProof(ctx context.Context, t tongue, request rotate.Request) error {
	issued, err := s.keeper.Issue(ctx, request)
	if err != nil || issued.Ticket == "" {
		return err
	}
	s.mail.send(Letter{To: issued.Address, Lang: t.tag.String(), Subject: t.say("Your second factor"), Body: []string{
		t.say("Open the link in the browser in which you asked for it, and go on with your second factor."),
		t.say("It is good until %s. If you did not ask for it, choose a new password now.", t.moment(issued.Until))},
		Link: "/account/second-factor/proof?mailed=" + url.QueryEscape(issued.Ticket), LinkText: t.say("Go on with the second factor")})
	return nil
}

// resetForm asks the Keeper what the ticket needs: an empty try counts nothing.
func (s *Shop) resetForm(w http.ResponseWriter, r *http.Request) {
	s.resetWith(w, r, rotate.Proofs{Source: web.Source(r), Browser: web.Browser(w, r)})
}

func (s *Shop) reset(w http.ResponseWriter, r *http.Request) { s.resetWith(w, r, proofs(w, r)) }

type resetPage struct {
	step
	// NeedCode is true where the account has a second factor.
	NeedCode bool
}

// resetWith sets a new password with a mailed ticket. It signs nobody in.
func (s *Shop) resetWith(w http.ResponseWriter, r *http.Request, p rotate.Proofs) {
	ticket := r.FormValue("ticket")
	d, err := s.keeper.Reset(r.Context(), ticket, p)
	page := resetPage{step: step{Ticket: ticket, Reason: d.Reason, Rules: s.rules(r, groupCustomers)}, NeedCode: d.Next == rotate.NeedCode || r.FormValue("with_code") != ""}
	switch {
	case err != nil && d.Next == rotate.SignInAgain:
		s.again(w, r, "forgot", step{}, err)
	case err != nil:
		a, t := s.failure(w, err), s.tongues.of(r)
		page.Problem, page.Problems = t.says(a), t.problems(a.Problems)
		if a.Code == "need_proof" {
			page.Problem = t.say("Please open the link in the browser in which you asked for it.")
		}
		s.show(w, r, a.Status, "reset", page)
	case d.Next == rotate.SignInAgain:
		s.show(w, r, http.StatusOK, "reset-done", nil)
	default:
		s.show(w, r, http.StatusOK, "reset", page)
	}
}
