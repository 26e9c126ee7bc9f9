package shopspec

import (
	"sync"
	"time"
)

// together does something n times at once: all wait for the last to be ready.
func together(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-start
			do(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// count is how many answers mean something.
func count(answers []Answer, o Outcome) (n int) {
	for _, a := range answers {
		if a.Outcome == o {
			n++
		}
	}
	return n
}

// race is a change that sign-ins overlap with, played for some rounds. A mistake
// shows where the change is written while a sign-in hashes. So each sign-in
// begins at another moment, up to one and a half times its length before the
// change ends, by how long both took in the rounds before.
type race struct {
	change, signIn time.Duration
	begun          int // sign-ins so far
}

// maxLead bounds how long one of a race waits for the other.
const maxLead = 3 * time.Second

// racers is how many sign-ins overlap with one change: fewer than make a right
// password wait.
const racers = 3

// play plays one of several rounds.
func (r *race) play(rounds int, change func(), signIn func(i int)) {
	lead := make([]time.Duration, racers) // of the beginning of the change before that of the sign-in
	var least time.Duration
	for i := range lead {
		// From 3/2 of a sign-in before the end of the change to 1/8 after it, in
		// an order that mixes early and late.
		part := float64((r.begun*7+3)%(rounds*racers)) / float64(rounds*racers)
		lead[i] = min(maxLead, r.change-time.Duration((1.5-1.625*part)*float64(r.signIn)))
		least = min(least, lead[i])
		r.begun++
	}
	var mu sync.Mutex
	var changed, signed time.Duration
	together(1+racers, func(i int) {
		if i == racers {
			time.Sleep(-least)
		} else {
			time.Sleep(lead[i] - least)
		}
		began := time.Now()
		if i == racers {
			change()
			changed = time.Since(began)
			return
		}
		signIn(i)
		mu.Lock()
		defer mu.Unlock()
		signed += time.Since(began) / racers
	})
	if r.change == 0 {
		r.change, r.signIn = changed, signed
	}
	r.change, r.signIn = (r.change+changed)/2, (r.signIn+signed)/2
}
