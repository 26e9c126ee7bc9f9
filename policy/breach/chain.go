package breach

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tillkey/tillkey/policy"
)

const (
	chainSource = "chain"
	// defaultOnlineBudget is what a Range takes at most by default.
	defaultOnlineBudget = defaultTimeout
)

// OnlineRule says when a [Chain] asks its online source.
type OnlineRule int

const (
	// OnlineFallback asks online where no source at hand knows the password and
	// Offline could not answer, or there is none.
	OnlineFallback OnlineRule = iota
	// OnlineConfirm asks online only about passwords that a source at hand knows,
	// so that nothing is sent for all others. Where the online source answers that
	// it does not know the password, a hit of Offline counts as a chance one, and
	// what Embedded says stays: that is asked about for its count alone, which
	// tends to be far below the real one. Where the online source cannot answer,
	// every hit stays. See Chain.Offline for a corpus with passwords of your own.
	OnlineConfirm
	// OnlineAlways asks online in any case, as it may know newer leaks.
	OnlineAlways
)

// Chain asks several sources as one. It implements policy.List: put one into
// policy.Policy.Breach, for passwords that are chosen, and one into
// rotate.Config.Breach, for those that are typed at a sign-in. The two may have
// other rules, and have thresholds of their own: policy.Policy.BreachThreshold
// and rotate.Rules.BreachThreshold are compared with the count that a Chain
// gives.
//
// Embedded is asked first, then Offline, then Online where the rule allows it.
// The count is the largest of all that were given. It is zero only if the best
// source that was asked says so, in the order Online, Offline, Embedded:
// otherwise what could not be asked is an error, never a zero. Under
// [OnlineConfirm] a zero of Online clears a hit of Offline, but none of Embedded.
//
// # Where nobody could check
//
// What happens then is said where the Chain is used:
//
//   - policy.AcceptUnchecked accepts a new password. Package rotate marks the
//     account, and the next sign-ins ask rotate.Config.BreachRecheck, too, until
//     all of that has answered. Without one, all of Breach has to answer.
//   - policy.RefuseUnchecked refuses it for the moment.
//
// A Chain is a value that is not changed. It is safe for concurrent use if its
// sources are.
type Chain struct {
	// Embedded is a small list in memory that always answers, such as
	// embedded.List of the package of that name. No rule overrules its hits: a list
	// of your own that the service does not know belongs here, or beside the Chain.
	// Nil is none.
	Embedded policy.List
	// Offline is a corpus on disk. Under OnlineConfirm it must hold nothing that
	// Online lacks: passwords of your own that were merged into it would be cleared
	// as chance hits, and accepted. Nil is none.
	Offline policy.List
	// Online is a service, such as a [Range]. Nil is none.
	Online policy.List

	// Rule says when Online is asked.
	Rule OnlineRule
	// OnlineBudget is how long an answer of Online is waited for. Zero means
	// 1.5 s. It is cut to three quarters of the time that the context leaves, so
	// that what the other sources know comes back in time: to 225 ms of the 300 ms
	// that package rotate waits at a sign-in unless it is told otherwise.
	OnlineBudget time.Duration
}

// Seen returns how often the password leaked, as far as the sources know. Every
// error matches policy.ErrUnchecked and holds those of all sources that could
// not answer, in the order they were asked. [errors.As] finds the first of the
// type that it is given: an [*UncheckedError] of a Range, a File or the Chain
// itself, a *corpus.UncheckedError of package corpus or embedded. A caller who
// wants the reason looks for both. If ctx ended first, the error also matches
// ctx.Err(); a hit that is known by then is given nevertheless. Seen waits for
// Online no longer than its budget, even if that heeds no context.
func (c Chain) Seen(ctx context.Context, password string) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, &UncheckedError{Source: chainSource, Reason: ReasonCanceled, Err: err}
	}
	var best verdict
	if c.Embedded != nil {
		best.add(c.Embedded.Seen(ctx, password))
	}
	certain := best.count
	if c.Offline != nil {
		best.add(c.Offline.Seen(ctx, password))
	}
	if c.Online == nil || !c.asksOnline(best) {
		return best.result()
	}
	count, err := c.askOnline(ctx, password)
	if c.Rule == OnlineConfirm && err == nil && count == 0 {
		return certain, nil
	}
	best.add(count, err)
	return best.result()
}

// asksOnline tells whether the rule asks Online after what the others said.
func (c Chain) asksOnline(v verdict) bool {
	switch c.Rule {
	case OnlineFallback:
		return v.count == 0 && (c.Offline == nil || v.last != nil)
	case OnlineConfirm:
		return v.count > 0
	case OnlineAlways:
		return true
	}
	return false
}

// verdict is what the sources said so far.
type verdict struct {
	count int
	asked bool
	last  error   // of the source that was asked last, nil if it answered
	all   []error // of all that could not answer
}

func (v *verdict) add(count int, err error) {
	v.asked, v.last = true, nil
	if err != nil {
		if !errors.Is(err, policy.ErrUnchecked) {
			err = fmt.Errorf("%w: %w", policy.ErrUnchecked, err)
		}
		v.last, v.all = err, append(v.all, err)
		return
	}
	v.count = max(v.count, count)
}

// result is the answer of the Chain.
func (v *verdict) result() (int, error) {
	switch {
	case v.count > 0:
		return v.count, nil
	case !v.asked:
		return 0, &UncheckedError{Source: chainSource, Reason: ReasonNoSource}
	case v.last != nil:
		return 0, errors.Join(v.all...)
	}
	return 0, nil
}

// askOnline asks Online, and gives up on it after the budget. Online sees
// nothing of the caller's context but its end: some frameworks give the context,
// and the memory of the texts of a request, to the next one.
func (c Chain) askOnline(ctx context.Context, password string) (int, error) {
	inner, cancel := context.WithTimeout(context.Background(), c.budget(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	password = strings.Clone(password)
	type answer struct {
		count int
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		// Outside a handler nobody would catch it, and the process would end.
		defer func() {
			if recover() != nil {
				answered <- answer{err: &UncheckedError{Source: chainSource, Reason: ReasonPanicked}}
			}
		}()
		count, err := c.Online.Seen(inner, password)
		answered <- answer{count, err}
	}()
	select {
	case a := <-answered:
		return a.count, a.err
	case <-inner.Done():
	}
	if err := ctx.Err(); err != nil {
		return 0, &UncheckedError{Source: chainSource, Reason: ReasonCanceled, Err: err}
	}
	return 0, &UncheckedError{Source: chainSource, Reason: ReasonTimeout, Err: context.DeadlineExceeded}
}

// budget returns how long Online may take.
func (c Chain) budget(ctx context.Context) time.Duration {
	budget := c.OnlineBudget
	if budget <= 0 {
		budget = defaultOnlineBudget
	}
	if deadline, ok := ctx.Deadline(); ok {
		budget = min(budget, time.Until(deadline)*3/4)
	}
	return budget
}
