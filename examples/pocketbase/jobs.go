package main

import (
	"context"
	"errors"
	"time"
)

// jobs are done one after the other, each after the answer to whoever asked for
// it, so that the answer does not tell what it was.
type jobs struct {
	queue  chan func(context.Context) error
	failed func(error)
}

const (
	maxJobs = 64
	jobTime = 30 * time.Second
)

var errBusy = errors.New("too many jobs wait; this one was dropped")

func newJobs(failed func(error)) *jobs {
	return &jobs{make(chan func(context.Context) error, maxJobs), failed}
}

// later queues a job. Where too many wait it is dropped: who asked asks again.
func (j *jobs) later(job func(context.Context) error) {
	select {
	case j.queue <- job:
	default:
		j.failed(errBusy)
	}
}

// run does the jobs until ctx ends, and then those that are left.
func (j *jobs) run(ctx context.Context) {
	for {
		select {
		case job := <-j.queue:
			j.do(ctx, job)
			continue
		default:
		}
		select {
		case job := <-j.queue:
			j.do(ctx, job)
		case <-ctx.Done():
			return
		}
	}
}

func (j *jobs) do(ctx context.Context, job func(context.Context) error) {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobTime)
	defer cancel()
	j.failed(job(limited))
}
