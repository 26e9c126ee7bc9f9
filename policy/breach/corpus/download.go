package corpus

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"
)

// download asks for every range that the journal lacks.
func (u *updating) download(ctx context.Context) error {
	if err := u.round(ctx, u.state.entries(u.journal.next)); err != nil {
		return err
	}
	if u.tooCrowded() {
		if err := u.round(ctx, u.unchanged()); err != nil {
			return err
		}
	}
	return u.check()
}

// tooCrowded tells whether the new corpus may want more blocks than the old one
// knows the bits for.
func (u *updating) tooCrowded() bool {
	if u.old == nil || u.journal.changed == u.journal.ranges() {
		return false
	}
	p := plan{layout: u.old.layout, limit: maxBlockBits}
	return p.wantsMore(u.journal.kept)
}

// unchanged returns the ranges that the corpus has, to be asked for whole.
func (u *updating) unchanged() iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		var buffer []byte
		for prefix := u.journal.again; prefix < u.journal.ranges(); prefix++ {
			if u.journal.fresh[prefix] {
				continue
			}
			e, err := u.journal.load(prefix, &buffer)
			e.etag = ""
			if !yield(e, err) {
				return
			}
		}
	}
}

// request is a range that is being asked for.
type request struct {
	known  entry
	answer entry
	err    error
	done   chan struct{}
}

// round asks for ranges, several at once, and writes the answers to the journal
// in their order.
func (u *updating) round(ctx context.Context, asked iter.Seq2[entry, error]) error {
	ctx, cancel := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	// As many answers may wait for one before them.
	order, open := make(chan *request, 2*u.Parallel), make(chan *request)
	workers.Go(func() {
		defer close(order)
		defer close(open)
		u.ask(ctx, asked, order, open)
	})
	var pace pace
	for range u.Parallel {
		workers.Go(func() { u.work(ctx, open, &pace) })
	}
	told := time.Time{}
	for r := range order {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.done:
		}
		if r.err != nil {
			return r.err
		}
		if err := u.journal.add(&r.answer, 0); err != nil {
			return unwritten(u.journalPath(), err)
		}
		if now := time.Now(); now.Sub(told) >= progressEvery {
			told = now
			u.tell()
		}
	}
	u.tell()
	return ctx.Err()
}

// progressEvery is how often a download tells how far it is.
const progressEvery = 100 * time.Millisecond

// ask sends the ranges to the workers and, in the same order, to whoever
// collects the answers.
func (u *updating) ask(ctx context.Context, asked iter.Seq2[entry, error], to ...chan<- *request) {
	for known, err := range asked {
		r := &request{known: known, err: err, done: make(chan struct{})}
		if err != nil {
			r.err = unwritten(u.statePath(), err)
			close(r.done)
			to = to[:1]
		}
		for _, c := range to {
			select {
			case <-ctx.Done():
				return
			case c <- r:
			}
		}
		if err != nil {
			return
		}
	}
}

// work asks for one range after the other.
func (u *updating) work(ctx context.Context, open <-chan *request, pace *pace) {
	f := u.fetcher()
	for r := range open {
		r.answer, r.err = f.persist(ctx, pace, r.known)
		if r.err == nil && r.answer.fresh {
			u.received.Add(int64(f.body.Len()))
		}
		close(r.done)
	}
}

// tell tells the progress.
func (u *updating) tell() {
	done := u.journal.next
	if u.journal.again > 0 {
		done = u.journal.changed
	}
	u.Options.Progress(Progress{
		Stage: StageDownload, Done: int64(done), Total: int64(u.journal.ranges()),
		Keys: u.journal.kept, Received: u.received.Load(),
	})
}

// stamp returns when the newest range was current.
func (u *updating) stamp() time.Time {
	if u.journal.stamp == 0 {
		return time.Time{}
	}
	return time.Unix(u.journal.stamp, 0)
}

// check makes sure that nothing is missing before anything is written.
func (u *updating) check() error {
	for prefix, place := range u.journal.places {
		if place == 0 || !u.journal.fresh[prefix] && u.old == nil {
			return fmt.Errorf("corpus: range %0*X was not answered", u.digits, prefix)
		}
	}
	return nil
}
