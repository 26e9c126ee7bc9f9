package main

import (
	"bufio"
	"context"
	"io"
)

// answer is what one input line gets.
type answer struct {
	text []byte // one output line, with its end
	code int
	err  error // ends the batch
}

// batch answers each line of standard input with one line of standard output,
// in order, and returns the outcome of the worst. Lines are cut as lineReader
// does. Output is flushed as soon as nothing more is ready, so that a partner
// who waits for an answer before the next question gets it.
//
// It returns when the input ends, the output fails, or ctx is done; then the
// answers so far are written out. Memory is bounded by the length of the queue.
func (p *program) batch(ctx context.Context, limit, workers int, respond func(ctx context.Context, number int, line string) answer) error {
	if _, ok := p.terminal(); ok {
		return misused("--batch reads a file or a pipe, not a terminal, which would show what is typed.")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q := newQueue(workers)
	var stopped error // why reading stopped; to be read once q.order is closed
	go func() {
		defer q.close()
		stopped = q.fill(ctx, newLineReader(p.stdin, limit))
	}()
	for range workers {
		go q.work(ctx, respond)
	}
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	worst, err := q.drain(ctx, out)
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case stopped != nil && stopped != io.EOF:
		return &outcome{code: worse(worst, exitFailed), message: "standard input cannot be read to its end"}
	}
	return ended(worst)
}

// job is a line on its way to its answer.
type job struct {
	number int
	line   string
	done   chan answer
}

// queue keeps the lines under way, once in their order and once for the
// workers.
type queue struct {
	order, open chan *job
}

func newQueue(workers int) *queue {
	depth := 64 * workers
	return &queue{order: make(chan *job, depth), open: make(chan *job, depth)}
}

func (q *queue) close() {
	close(q.order)
	close(q.open)
}

// fill reads lines until there are no more and returns why.
func (q *queue) fill(ctx context.Context, in *lineReader) error {
	for number := 1; ; number++ {
		line, err := in.next()
		if err != nil {
			return err
		}
		j := &job{number: number, line: line, done: make(chan answer, 1)}
		for _, to := range []chan *job{q.order, q.open} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

func (q *queue) work(ctx context.Context, respond func(context.Context, int, string) answer) {
	for {
		select {
		case j, ok := <-q.open:
			if !ok {
				return
			}
			j.done <- respond(ctx, j.number, j.line)
		case <-ctx.Done():
			return
		}
	}
}

// drain writes the answers in order and returns the worst code.
func (q *queue) drain(ctx context.Context, out *bufio.Writer) (int, error) {
	worst := exitFine
	for {
		j, ok, err := receive(ctx, q.order, out)
		if err != nil || !ok {
			return worst, err
		}
		a, _, err := receive(ctx, j.done, out)
		if err == nil {
			err = a.err
		}
		if err != nil {
			return worst, err
		}
		if _, err := out.Write(a.text); err != nil {
			return worst, err
		}
		worst = worse(worst, a.code)
	}
}

// receive receives from a channel, and flushes out before it has to wait.
func receive[T any](ctx context.Context, from <-chan T, out *bufio.Writer) (T, bool, error) {
	select {
	case value, ok := <-from:
		return value, ok, nil
	default:
	}
	var none T
	if err := out.Flush(); err != nil {
		return none, false, err
	}
	select {
	case value, ok := <-from:
		return value, ok, nil
	case <-ctx.Done():
		return none, false, ctx.Err()
	}
}
