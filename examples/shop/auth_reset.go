package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

func (s *shop) forgotForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "forgot", step{})
}

// forgot answers every visitor the same before it is known whether there is
// anybody to write to.
func (s *shop) forgot(w http.ResponseWriter, r *http.Request) {
	st := step{Email: clip(r.FormValue("email"), maxEmail)}
	request := rotate.Request{Name: r.FormValue("email"), Source: web.Source(r), Browser: web.Browser(w, r)}
	send := s.mailTicket
	if r.FormValue("for") == "second-factor" {
		send = s.mailProof
	}
	s.mail.later(func(ctx context.Context) error { return send(ctx, request) })
	s.show(w, r, http.StatusOK, "forgot-sent", st)
}

// mailTicket makes the ticket at the moment of sending, so that it lies in no
// queue.
func (s *shop) mailTicket(ctx context.Context, request rotate.Request) error {
	issued, err := s.keeper.Issue(ctx, request)
	if err != nil || issued.Ticket == "" {
		return err
	}
	s.mail.send(letter{To: issued.Address, Subject: "Your new password", Body: []string{
		"Open the link in the browser in which you asked for it, and choose a new password.",
		"It works once, until " + moment(issued.Until) + ". If you did not ask for it, there is nothing to do."},
		Link: "/reset?ticket=" + url.QueryEscape(issued.Ticket), LinkText: "Choose a new password"})
	return nil
}

// mailProof mails the same kind of ticket to somebody who is setting up a second
// factor while a change is due for a reason that the password does not answer.
func (s *shop) mailProof(ctx context.Context, request rotate.Request) error {
	issued, err := s.keeper.Issue(ctx, request)
	if err != nil || issued.Ticket == "" {
		return err
	}
	s.mail.send(letter{To: issued.Address, Subject: "Your second factor", Body: []string{
		"Open the link in the browser in which you asked for it, and go on with your second factor.",
		"It is good until " + moment(issued.Until) + ". If you did not ask for it, choose a new password now."},
		Link: "/account/second-factor/proof?mailed=" + url.QueryEscape(issued.Ticket), LinkText: "Go on with the second factor"})
	return nil
}

// resetForm asks the Keeper what the ticket needs: an empty try counts nothing.
func (s *shop) resetForm(w http.ResponseWriter, r *http.Request) {
	s.resetWith(w, r, rotate.Proofs{Source: web.Source(r), Browser: web.Browser(w, r)})
}

func (s *shop) reset(w http.ResponseWriter, r *http.Request) { s.resetWith(w, r, proofs(w, r)) }

type resetPage struct {
	step
	// NeedCode is true where the account has a second factor.
	NeedCode bool
}

// resetWith sets a new password with a mailed ticket. It signs nobody in.
func (s *shop) resetWith(w http.ResponseWriter, r *http.Request, p rotate.Proofs) {
	ticket := r.FormValue("ticket")
	d, err := s.keeper.Reset(r.Context(), ticket, p)
	page := resetPage{step: step{Ticket: ticket, Reason: d.Reason, Rules: s.rules(groupCustomers)}, NeedCode: d.Next == rotate.NeedCode || r.FormValue("with_code") != ""}
	switch {
	case err != nil && d.Next == rotate.SignInAgain:
		s.again(w, r, "forgot", step{}, err)
	case err != nil:
		a := s.failure(w, err)
		page.Problem, page.Problems = says(a), problems(a.Problems)
		if a.Code == "need_proof" {
			page.Problem = "Please open the link in the browser in which you asked for it."
		}
		s.show(w, r, a.Status, "reset", page)
	case d.Next == rotate.SignInAgain:
		s.show(w, r, http.StatusOK, "reset-done", nil)
	default:
		s.show(w, r, http.StatusOK, "reset", page)
	}
}
