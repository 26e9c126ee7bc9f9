package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// ask reads one secret for each label: at a terminal by prompts that do not
// echo, else from standard input, one a line, which must hold just as many. A
// secret of more than limit bytes comes back cut to limit+1, so that whoever
// gets it finds it too long; memory is bounded whatever comes in.
func (p *program) ask(ctx context.Context, limit int, labels ...string) ([]string, error) {
	terminal, ok := p.terminal()
	if !ok {
		return p.askInput(ctx, limit, len(labels))
	}
	secrets := make([]string, len(labels))
	for i, label := range labels {
		secret, err := p.prompt(ctx, terminal, label)
		if err != nil {
			return nil, err
		}
		secrets[i] = cut(secret, limit+1)
	}
	return secrets, nil
}

// terminal returns standard input if somebody sits there.
func (p *program) terminal() (*os.File, bool) {
	file, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil, false
	}
	return file, true
}

// prompt reads a line without echo. If ctx ends meanwhile, it puts the terminal
// back as it was; the read that is under way is left behind.
func (p *program) prompt(ctx context.Context, terminal *os.File, label string) (string, error) {
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", failed("the terminal cannot be set up")
	}
	fmt.Fprint(p.stderr, label+": ")
	secret, err := await(ctx, func() (string, error) {
		line, err := term.ReadPassword(fd)
		return string(line), err
	})
	fmt.Fprintln(p.stderr)
	switch {
	case err == nil:
		return secret, nil
	case ctx.Err() != nil:
		return "", errors.Join(err, term.Restore(fd, before))
	}
	return "", failed("the terminal cannot be read")
}

func (p *program) askInput(ctx context.Context, limit, n int) ([]string, error) {
	text, err := await(ctx, func() (string, error) {
		data, err := io.ReadAll(io.LimitReader(p.stdin, int64(n*(limit+len("\r\n"))+1)))
		return string(data), err
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, failed("standard input cannot be read")
	}
	secrets := strings.SplitN(strings.TrimSuffix(text, "\n"), "\n", n)
	if len(secrets) < n {
		return nil, misused("standard input needs %s.", lines(n))
	}
	last := n - 1
	for i := range last {
		secrets[i] = cut(strings.TrimSuffix(secrets[i], "\r"), limit+1)
	}
	if strings.HasSuffix(text, "\n") {
		secrets[last] = strings.TrimSuffix(secrets[last], "\r")
	}
	if strings.Contains(secrets[last], "\n") && len(secrets[last]) <= limit {
		return nil, misused("standard input has more than %s.", lines(n))
	}
	secrets[last] = cut(secrets[last], limit+1)
	return secrets, nil
}

// await returns what f returns, or the error of ctx as soon as that is done. It
// does not end f, which may be stuck in a read.
func await[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

func cut(text string, n int) string { return text[:min(len(text), n)] }

func lines(n int) string {
	if n == 1 {
		return "one line"
	}
	return fmt.Sprintf("%d lines", n)
}
