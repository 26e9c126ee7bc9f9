package rotate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tillkey/tillkey/policy"
)

// patientList gives up on a list that does not answer in time, even one that
// heeds no context. A list that goes on after that sees nothing of the request:
// some frameworks give its context, and the memory of its texts, to the next one.
type patientList struct {
	list     policy.List
	patience time.Duration
}

// Seen implements [policy.List].
func (p patientList) Seen(ctx context.Context, password string) (int, error) {
	inner, cancel := context.WithTimeout(context.Background(), p.patience)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	password = strings.Clone(password)
	type answer struct {
		count int
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		// Outside the handler nobody would catch it, and the process would end.
		defer func() {
			if recover() != nil {
				answered <- answer{err: fmt.Errorf("%w: the list panicked", policy.ErrUnchecked)}
			}
		}()
		count, err := p.list.Seen(inner, password)
		answered <- answer{count, err}
	}()
	select {
	case a := <-answered:
		return a.count, a.err
	case <-inner.Done():
		return 0, fmt.Errorf("%w: no answer within %v", policy.ErrUnchecked, p.patience)
	}
}
