package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// letter is a mail. Its body may hold a ticket, so letters are in memory only,
// and gone when the shop stops.
type letter struct {
	ID, To, Subject string
	At              time.Time
	Body            []string
	// Link and LinkText lead into the shop; "" in notices about what the
	// customer did not just ask for.
	Link, LinkText string
}

const (
	maxLetters = 200
	maxJobs    = 64
	jobTime    = 30 * time.Second
)

// mailer is the outbox of the demonstration, and the queue of what is done
// after a visitor got an answer, so that the answer does not tell what it was.
type mailer struct {
	log  *slog.Logger
	now  func() time.Time
	jobs chan func(context.Context) error

	mu      sync.Mutex
	letters []letter // newest first
	busy    sync.WaitGroup
}

func newMailer(log *slog.Logger, now func() time.Time) *mailer {
	return &mailer{log: log, now: now, jobs: make(chan func(context.Context) error, maxJobs)}
}

// run does the jobs, one after the other, until ctx ends.
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

// later does a job soon. When too much waits, it is left out; whoever asked
// asks again.
func (m *mailer) later(job func(context.Context) error) {
	m.busy.Add(1)
	select {
	case m.jobs <- job:
	default:
		m.busy.Done()
		m.log.Error("mail", "error", "too much waits; a request was left out")
	}
}

// send puts a letter into the outbox. One whose id is there already was
// delivered before.
func (m *mailer) send(l letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.ID != "" && slices.ContainsFunc(m.letters, func(old letter) bool { return old.ID == l.ID }) {
		return
	}
	l.At = m.now()
	m.letters = slices.Insert(m.letters, 0, l)
	m.letters = m.letters[:min(len(m.letters), maxLetters)]
}

// all returns the letters, newest first.
func (m *mailer) all() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}
