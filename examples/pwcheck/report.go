package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/tillkey/tillkey/policy"
)

// report is what check says about one password. It holds nothing of it but its
// length, and that only in a too_short problem.
type report struct {
	Line         int              `json:"line,omitempty"` // from 1, in a batch
	OK           bool             `json:"ok"`             // no problem, and every source answered
	Score        int              `json:"score"`
	GuessesLog10 float64          `json:"guesses_log10"`
	Breached     *int             `json:"breached"` // nil: no source was asked, or one that had to know could not answer
	Problems     []policy.Problem `json:"problems"`
	Unchecked    []string         `json:"unchecked,omitempty"` // "online: timeout"
}

// code returns the exit code of the report.
func (r report) code() int {
	switch {
	case r.Breached != nil && *r.Breached > 0:
		return exitBreached
	case len(r.Unchecked) > 0:
		return exitFailed
	case len(r.Problems) > 0:
		return exitWeak
	}
	return exitFine
}

// json returns the report as one line.
func (r report) json() []byte {
	r.GuessesLog10 = math.Floor(r.GuessesLog10*1000) / 1000 // down, to stay on the side of the score
	return jsonLine(r)
}

// text returns the report for a person.
func (r report) text() string {
	var b strings.Builder
	b.WriteString([...]string{exitFine: "fine", exitWeak: "weak", exitBreached: "breached", exitFailed: "not checked"}[r.code()])
	fmt.Fprintf(&b, ": score %d of 4, about 10^%.1f guesses\n", r.Score, r.GuessesLog10)
	if r.Breached != nil {
		fmt.Fprintf(&b, "Seen in leaks: %d times.\n", *r.Breached)
	}
	for _, problem := range r.Problems {
		b.WriteString("- " + problem.Text + "\n")
	}
	for _, u := range r.Unchecked {
		b.WriteString("Not checked against " + u + ". It may have leaked; ask again later.\n")
	}
	return b.String()
}

// jsonLine returns a value as one line of JSON. The values of this program can
// always be written.
func jsonLine(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err)
	}
	return b.Bytes()
}
