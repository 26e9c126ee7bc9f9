package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// letter is a mail. Its text may hold a ticket, so letters are in memory alone.
type letter struct{ To, Subject, Text string }

// mailer stands for a mail service, and does what is done after an answer, so
// that the answer does not tell what it was.
type mailer struct {
	log  *slog.Logger
	jobs chan func(context.Context) error
	busy sync.WaitGroup

	mu      sync.Mutex
	letters []letter // oldest first
}

const (
	maxJobs    = 64
	maxLetters = 500
	jobTime    = 30 * time.Second
	jobTries   = 60
	jobPause   = time.Second
)

func newMailer(log *slog.Logger) *mailer {
	return &mailer{log: log, jobs: make(chan func(context.Context) error, maxJobs)}
}

// later does a job soon. When too much waits, it is left out: whoever asked asks
// again.
func (m *mailer) later(job func(context.Context) error) {
	m.busy.Add(1)
	select {
	case m.jobs <- job:
	default:
		m.busy.Done()
		m.log.Error("mail: too much waits; a request was left out")
	}
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

// do tries a job again while the database is away.
func (m *mailer) do(ctx context.Context, job func(context.Context) error) {
	defer m.busy.Done()
	for range jobTries {
		inner, cancel := context.WithTimeout(ctx, jobTime)
		err := job(inner)
		cancel()
		if status, _ := web.Status(err); status != http.StatusServiceUnavailable || ctx.Err() != nil {
			if err != nil && !errors.Is(err, rotate.ErrNotFound) {
				m.log.Error("mail", "error", err)
			}
			return
		}
		select {
		case <-time.After(jobPause):
		case <-ctx.Done():
		}
	}
	m.log.Error("mail: given up")
}

func (m *mailer) send(to, subject, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter{to, subject, text})
	if len(m.letters) > maxLetters {
		m.letters = m.letters[1:]
	}
}

// sent returns the letters to an address, once what was asked for is done.
func (m *mailer) sent(to string) (list []letter) {
	m.busy.Wait()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.letters {
		if l.To == to {
			list = append(list, l)
		}
	}
	return list
}

// notify is told of every event at least once: it tells the customer, without
// a link and without a code.
func (s *shop) notify(ctx context.Context, e rotate.Event) error {
	s.Log.Info("event", "kind", e.Kind, "account", e.Account, "reason", e.Reason)
	switch e.Kind {
	case rotate.PasswordChanged, rotate.PasswordReset, rotate.FactorEnrolled, rotate.FactorRemoved, rotate.RecoveryUsed,
		rotate.Disabled, rotate.ChangeForced, rotate.ChangeReminder:
		found, err := s.byAccount(ctx, e.Account)
		if errors.Is(err, rotate.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		s.mail.send(found.Address, "About your account", string(e.Kind)+": open the shop as you always do.")
	}
	return nil
}
