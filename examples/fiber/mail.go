package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// letter is a mail. It may hold a ticket, so letters are in memory only.
type letter struct {
	id, to, subject, body string
	link                  string // "" in notices about what nobody just asked for
	at                    time.Time
}

const (
	maxLetters = 10_000
	maxJobs    = 1024
	jobTime    = 30 * time.Second
)

// mailer is an outbox, and the queue of what is done after a visitor got an
// answer, so that the answer does not tell what it was.
type mailer struct {
	log  *slog.Logger
	now  func() time.Time
	jobs chan func(context.Context) error
	busy sync.WaitGroup

	mu      sync.Mutex
	letters []letter // oldest first
}

func newMailer(log *slog.Logger, now func() time.Time) *mailer {
	return &mailer{log: log, now: now, jobs: make(chan func(context.Context) error, maxJobs)}
}

// run does the jobs until ctx ends.
func (m *mailer) run(ctx context.Context) {
	for {
		select {
		case job := <-m.jobs:
			m.do(ctx, job)
		case <-ctx.Done():
			return
		}
	}
}

func (m *mailer) do(ctx context.Context, job func(context.Context) error) {
	defer m.busy.Done()
	ctx, cancel := context.WithTimeout(ctx, jobTime)
	defer cancel()
	if err := job(ctx); err != nil {
		m.log.Error("mail", "error", err)
	}
}

// later does a job soon, when fiber has long used the memory of the request for
// another one: a job keeps clones. When too much waits, it is left out; whoever
// asked asks again.
func (m *mailer) later(job func(context.Context) error) {
	m.busy.Add(1)
	select {
	case m.jobs <- job:
	default:
		m.busy.Done()
		m.log.Error("mail", "error", "too much waits; a request was left out")
	}
}

// send puts a letter into the outbox, once for each id.
func (m *mailer) send(l letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.id != "" && slices.ContainsFunc(m.letters, func(old letter) bool { return old.id == l.id }) {
		return
	}
	l.at = m.now()
	m.letters = append(m.letters, l)
	m.letters = m.letters[max(0, len(m.letters)-maxLetters):]
}

// to returns the letters to an address, oldest first, all where it is "", once
// what visitors asked for is done.
func (m *mailer) to(address string) (list []letter) {
	m.busy.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.letters {
		if address == "" || l.to == address {
			list = append(list, l)
		}
	}
	return list
}

// sendReset mails a ticket, if there is one.
func (m *mailer) sendReset(issued rotate.Issued) {
	if issued.Ticket == "" {
		return
	}
	m.send(letter{to: issued.Address, subject: "Your new password",
		body: "Open the link in the browser in which you asked for it. It works once, until " + issued.Until.Format(time.RFC1123) + ".",
		link: "/reset?ticket=" + issued.Ticket})
}

// notices are what customers must be told of. None holds a link or a code.
func notices() map[rotate.Kind]string {
	return map[rotate.Kind]string{
		rotate.PasswordChanged: "Your password was changed", rotate.PasswordReset: "Your password was changed",
		rotate.FactorEnrolled: "Second factor switched on", rotate.FactorRemoved: "Second factor switched off",
		rotate.RecoveryUsed: "A recovery code was used", rotate.Disabled: "Signing in is blocked",
		rotate.ChangeForced: "Please choose a new password", rotate.ChangeReminder: "Please choose a new password soon",
	}
}

// notify receives every event of Tillkey at least once.
func (s *shop) notify(ctx context.Context, e rotate.Event) error {
	s.log.Info("event", "kind", e.Kind, "account", e.Account, "reason", e.Reason, "actor", e.Actor)
	switch e.Kind {
	case rotate.HashUpgraded, rotate.PasswordChanged, rotate.PasswordReset:
		if err := s.customers.forgetHash(ctx, e.Account); err != nil {
			return err
		}
	}
	subject := notices()[e.Kind]
	if subject == "" {
		return nil
	}
	c, err := s.customers.byAccount(ctx, e.Account)
	if errors.Is(err, rotate.ErrNotFound) {
		return nil
	}
	if err == nil {
		s.mail.send(letter{id: e.ID, to: c.email, subject: subject, body: "This mail holds no link on purpose. Open the shop as you always do."})
	}
	return err
}
