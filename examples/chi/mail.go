package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// letter is a mail. It may hold a ticket, so letters are in memory alone.
type letter struct {
	ID, To, Subject, Text string
	// Link leads into the shop; "" in notices of what the customer did not ask for.
	Link string
	At   time.Time
}

const (
	maxLetters = 200
	maxJobs    = 64
	jobTime    = 30 * time.Second
)

// outbox stands for the mail of a real shop. It also does what is done after a
// visitor got an answer, so that the answer does not tell what it was.
type outbox struct {
	log  *slog.Logger
	now  func() time.Time
	busy sync.WaitGroup
	free chan struct{}

	mu      sync.Mutex
	letters []letter // newest first
}

func newOutbox(log *slog.Logger, now func() time.Time) *outbox {
	return &outbox{log: log, now: now, free: make(chan struct{}, maxJobs)}
}

// later does a job soon. When too much waits, it is left out; whoever asked asks
// again.
func (o *outbox) later(job func(context.Context) error) {
	select {
	case o.free <- struct{}{}:
	default:
		o.log.Error("mail", "error", "too much waits; a request was left out")
		return
	}
	o.busy.Go(func() {
		defer func() { <-o.free }()
		ctx, cancel := context.WithTimeout(context.Background(), jobTime)
		defer cancel()
		if err := job(ctx); err != nil {
			o.log.Error("mail", "error", err)
		}
	})
}

// send puts a letter into the outbox, once for each id.
func (o *outbox) send(l letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if l.ID != "" && slices.ContainsFunc(o.letters, func(old letter) bool { return old.ID == l.ID }) {
		return
	}
	l.At = o.now()
	o.letters = slices.Insert(o.letters, 0, l)
	o.letters = o.letters[:min(len(o.letters), maxLetters)]
}

func (o *outbox) all() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.letters)
}

// sendTicket mails the ticket of a forgotten password, if there is one.
func (o *outbox) sendTicket(i rotate.Issued) {
	if i.Ticket == "" {
		return
	}
	o.send(letter{To: i.Address, Subject: "Your new password", Link: "/reset?ticket=" + url.QueryEscape(i.Ticket),
		Text: "Open the link in the browser in which you asked for it. It works once, until " + moment(i.Until) + "."})
}

// notify receives every event of Tillkey at least once. Notices hold no link: a
// mail that asks for a new password behind a link is what a thief would send.
func (s *shop) notify(ctx context.Context, e rotate.Event) error {
	s.Log.Info("event", "kind", e.Kind, "account", e.Account, "reason", e.Reason, "actor", e.Actor)
	switch e.Kind {
	case rotate.HashUpgraded, rotate.PasswordChanged, rotate.PasswordReset:
		if err := s.forgetHash(ctx, e.Account); err != nil {
			return err
		}
	}
	subject := noticeOf(e.Kind)
	if subject == "" {
		return nil
	}
	c, err := s.byAccount(ctx, e.Account)
	if errors.Is(err, rotate.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.mail.send(letter{ID: e.ID, To: c.Address, Subject: subject,
		Text: "If that was not you, open the shop as you always do, and use “Forgotten password”."})
	return nil
}

// noticeOf is what a customer is told of an event; "" if nothing.
func noticeOf(k rotate.Kind) string {
	return map[rotate.Kind]string{
		rotate.PasswordChanged: "Your password was changed",
		rotate.PasswordReset:   "Your password was changed",
		rotate.FactorEnrolled:  "Your second factor was switched on",
		rotate.FactorRemoved:   "Your second factor was switched off",
		rotate.RecoveryIssued:  "You have new recovery codes",
		rotate.RecoveryUsed:    "One of your recovery codes was used",
		rotate.Disabled:        "Signing in is blocked after too many tries",
		rotate.ChangeForced:    "Please choose a new password",
		rotate.ChangeReminder:  "Please choose a new password soon",
	}[k]
}

// outboxPage shows the mails to visitors from this machine alone: whoever sees
// them can take over any account.
func (s *shop) outboxPage(w http.ResponseWriter, r *http.Request) {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		s.notFound(w, r)
		return
	}
	s.show(w, r, "outbox", web.Answer{}, s.mail.all())
}
