package main

import (
	"errors"
	"fmt"
	"io"
	"syscall"
)

// The exit codes, as every help text lists them.
const (
	exitFine     = 0
	exitWeak     = 1 // also: no match, a hash to replace, and a policy with an error
	exitBreached = 2
	exitUsage    = 3
	exitFailed   = 4
)

const exitHelp = `
Exit codes:
  0  fine, or a match
  1  weak, no match, or an error that lint found
  2  breached
  3  wrong usage
  4  a source that was asked could not answer, or something else failed
  In a batch the worst line decides: 2 over 4 over 1 over 0.
`

// outcome is the error that ends a command with a code, and a message for the
// person if there is more to say than the command's output did.
type outcome struct {
	code    int
	message string
}

func (o *outcome) Error() string { return o.message }

// ended returns nil for exitFine, and else an outcome without a message.
func ended(code int) error {
	if code == exitFine {
		return nil
	}
	return &outcome{code: code}
}

// weak, misused and failed return outcomes with a message. It must not hold
// anything that might be a secret: no argument, no input.
func weak(format string, args ...any) error {
	return &outcome{code: exitWeak, message: fmt.Sprintf(format, args...)}
}

func misused(format string, args ...any) error {
	return &outcome{code: exitUsage, message: fmt.Sprintf(format, args...)}
}

func failed(format string, args ...any) error {
	return &outcome{code: exitFailed, message: fmt.Sprintf(format, args...)}
}

// worse returns the code that decides of two lines of a batch.
func worse(a, b int) int {
	rank := [...]int{exitFine: 0, exitWeak: 1, exitFailed: 2, exitBreached: 3, exitUsage: 4}
	if rank[a] >= rank[b] {
		return a
	}
	return b
}

// partnerGone reports whether an error says that nobody reads the output any
// more. There is nobody to tell then.
func partnerGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}
