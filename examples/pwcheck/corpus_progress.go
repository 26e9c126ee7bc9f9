package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

const (
	// Between two lines of progress, on a terminal, which shows only the last,
	// and elsewhere.
	shownEvery  = 200 * time.Millisecond
	loggedEvery = 10 * time.Second
	// rateOver is about how far back the rate looks.
	rateOver = 10 * time.Second
)

// progress shows how far something is: share, bytes, rate and the time left
// at this rate.
type progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time

	mu     sync.Mutex
	stage  corpus.Stage
	told   time.Time
	begun  mark // of the stage
	before mark // some seconds ago
	width  int  // of the line that is shown
}

type mark struct {
	at   time.Time
	done int64
}

// progress returns what shows progress, or nil if nobody wants to see it.
func (p *program) progress(wanted bool) *progress {
	file, ok := p.stderr.(*os.File)
	terminal := ok && term.IsTerminal(int(file.Fd()))
	if !terminal && !wanted {
		return nil
	}
	return &progress{out: p.stderr, terminal: terminal, now: p.now}
}

// callback returns what a build calls.
func (p *progress) callback() func(corpus.Progress) {
	if p == nil {
		return nil
	}
	return p.show
}

func (p *progress) show(now corpus.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.now()
	ended := now.Stage == corpus.StageSync
	every := loggedEvery
	if p.terminal {
		every = shownEvery
	}
	switch {
	case now.Stage != p.stage || now.Done < p.begun.done:
		p.stage, p.begun, p.before = now.Stage, mark{at, now.Done}, mark{at, now.Done}
	case at.Sub(p.told) < every && !ended:
		return
	}
	p.told = at
	p.write(p.line(now, at))
	if at.Sub(p.before.at) >= rateOver {
		// Half of the time back, so that a rate never comes of a moment.
		p.before = mark{at.Add(-at.Sub(p.before.at) / 2), p.before.done + (now.Done-p.before.done)/2}
	}
}

// line returns the line of a moment.
func (p *progress) line(now corpus.Progress, at time.Time) string {
	if now.Stage == corpus.StageSync {
		return fmt.Sprintf("sync: %s are on their way to the disk", size(now.Total))
	}
	done, total := now.Done, now.Total
	if done > total {
		total = done // it was an estimate
	}
	share := 100.0
	if total > 0 {
		share = 100 * float64(done) / float64(total)
	}
	rate := 0.0
	if d := at.Sub(p.before.at).Seconds(); d > 0 {
		rate = float64(done-p.before.done) / d
	}
	left := "time left unknown"
	if rate > 0 {
		left = span(time.Duration(float64(total-done)/rate*float64(time.Second))) + " left"
	}
	parts := []string{fmt.Sprintf("%s: %.1f %%", now.Stage, min(share, 100))}
	if now.Stage == corpus.StageDownload {
		parts = append(parts, fmt.Sprintf("%d of %d ranges", done, total), size(now.Received)+" received", fmt.Sprintf("%.0f ranges/s", rate))
	} else {
		parts = append(parts, fmt.Sprintf("%s of %s", size(done), size(total)), size(int64(rate))+"/s")
	}
	if now.Keys >= 1e5 {
		parts = append(parts, fmt.Sprintf("%.1f M passwords", float64(now.Keys)/1e6))
	}
	return strings.Join(append(parts, left), ", ")
}

// write shows a line in the place of the last.
func (p *progress) write(line string) {
	if !p.terminal {
		fmt.Fprintln(p.out, line)
		return
	}
	padding := max(p.width-len(line), 0)
	p.width = len(line)
	fmt.Fprintf(p.out, "\r%s%s", line, strings.Repeat(" ", padding))
}

// end ends the line that is shown.
func (p *progress) end() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal && p.width > 0 {
		fmt.Fprintln(p.out)
		p.width = 0
	}
}

// span returns a time for a person.
func span(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d s", (d+time.Second-1)/time.Second)
}
