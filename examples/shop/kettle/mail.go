package kettle

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tillkey/tillkey/rotate/web"
)

// Letter is a mail. Its body may hold a ticket, so letters are in memory only,
// and gone when the shop stops.
type Letter struct {
	ID, To, Subject string
	// Lang is the language it is in, as "de".
	Lang string
	At   time.Time
	Body []string
	// Link and LinkText lead into the shop; "" in notices about what the
	// customer did not just ask for.
	Link, LinkText string
}

const (
	maxLetters = 200
	maxJobs    = 64
	jobTime    = 30 * time.Second
	// A job waits for a database that is away, for ten minutes or so. Then whoever
	// asked asks again.
	jobTries = 600
	jobPause = time.Second
)

// mailer is the outbox of the demonstration, and the queue of what is done
// after a visitor got an answer, so that the answer does not tell what it was.
type mailer struct {
	log  *slog.Logger
	now  func() time.Time
	jobs chan func(context.Context) error
	// pause is between two tries of a job.
	pause time.Duration

	mu      sync.Mutex
	letters []Letter // newest first
	busy    sync.WaitGroup
}

func newMailer(log *slog.Logger, now func() time.Time) *mailer {
	return &mailer{log: log, now: now, jobs: make(chan func(context.Context) error, maxJobs), pause: jobPause}
}

// run does the jobs, one after the other, until ctx ends, and then those that
// are left.
func (m *mailer) run(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case job := <-m.jobs:
			m.do(ctx, job)
		case <-ctx.Done():
		}
	}
	for {
		select {
		case job := <-m.jobs:
			m.do(ctx, job)
		default:
			return
		}
	}
}

// do does a job, again and again while the database is away. When ctx ends, it
// tries no more.
func (m *mailer) do(ctx context.Context, job func(context.Context) error) {
	defer m.busy.Done()
	for try := 1; ; try++ {
		err := m.once(ctx, job)
		if err == nil {
			return
		}
		m.log.Error("mail", "error", err, "try", try)
		if status, _ := web.Status(err); status != http.StatusServiceUnavailable || try == jobTries || ctx.Err() != nil {
			return
		}
		select {
		case <-time.After(m.pause):
		case <-ctx.Done():
			return
		}
	}
}

// once does a job that the end of the shop does not cut short.
func (m *mailer) once(ctx context.Context, job func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobTime)
	defer cancel()
	return job(ctx)
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
func (m *mailer) send(l Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.ID != "" && slices.ContainsFunc(m.letters, func(old Letter) bool { return old.ID == l.ID }) {
		return
	}
	l.At = m.now()
	m.letters = slices.Insert(m.letters, 0, l)
	m.letters = m.letters[:min(len(m.letters), maxLetters)]
}

// all returns the letters, newest first.
func (m *mailer) all() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// Mails returns the mails to an address, newest first, once what visitors asked
// for is done. Notices about events come with the next sweep: to have them now,
// call Deliver of the Keeper first.
func (s *Shop) Mails(to string) (list []Letter) {
	s.mail.busy.Wait()
	for _, l := range s.mail.all() {
		if l.To == to {
			list = append(list, l)
		}
	}
	return list
}
