package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBatch(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("q", 5000)
	for name, c := range map[string]struct {
		input string
		code  int
		codes []string
	}{
		"nothing":           {"", exitFine, nil},
		"one empty line":    {"\n", exitWeak, []string{"too_short too_guessable"}},
		"empty with CRLF":   {"\r\n", exitWeak, []string{"too_short too_guessable"}},
		"no end":            {good, exitFine, []string{""}},
		"LF":                {good + "\n" + good + "\n", exitFine, []string{"", ""}},
		"CRLF":              {good + "\r\n" + good + "\r\n", exitFine, []string{"", ""}},
		"mixed":             {good + "\n\n" + weak1 + "\r\n\r\n" + good, exitWeak, []string{"", "too_short too_guessable", "too_common too_guessable", "too_short too_guessable", ""}},
		"over the cap":      {good + "\n" + long + "\n" + good, exitWeak, []string{"", "too_long", ""}},
		"last over the cap": {good + "\n" + long, exitWeak, []string{"", "too_long"}},
		"not text":          {"\xff\xfe\xfd\xfc\n" + good, exitWeak, []string{"not_text", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := execute(t, c.input, "check", "--batch")
			require.Equal(t, c.code, r.code)
			require.Empty(t, r.stderr)
			list := reports(t, r.stdout)
			require.Len(t, list, len(c.codes))
			for i, line := range list {
				require.Equal(t, i+1, line.Line)
				require.Equal(t, c.codes[i], strings.Join(codes(line), " "))
			}
			again := execute(t, c.input, "check", "--batch", "--json")
			require.Equal(t, r, again, "--batch implies --json")
		})
	}
}

// The answers come in the order of the questions, however long each takes.
func TestBatchKeepsOrder(t *testing.T) {
	t.Parallel()
	const n = 5000
	var input strings.Builder
	for i := range n {
		input.WriteString(strings.Repeat("k", i%97) + "\n")
	}
	list := reports(t, execute(t, input.String(), "check", "--batch", "--preset", "NIST63B4").stdout)
	require.Len(t, list, n)
	for i, line := range list {
		require.Equal(t, i+1, line.Line)
		if length := i % 97; length < 15 {
			require.Equal(t, "too_short", line.Problems[0].Code)
			require.EqualValues(t, length, line.Problems[0].Params["length"])
		}
	}
}

// The worst line decides, wherever it stands: 2 over 4 over 1 over 0.
func TestBatchWorst(t *testing.T) {
	t.Parallel()
	ranked := []int{exitFine, exitWeak, exitFailed, exitBreached}
	for i, a := range ranked {
		for j, b := range ranked {
			require.Equal(t, ranked[max(i, j)], worse(a, b))
			p := &program{stdin: strings.NewReader("a\nb\n"), stdout: io.Discard}
			err := p.batch(t.Context(), 10, 2, func(_ context.Context, number int, _ string) answer {
				return answer{code: []int{a, b}[number-1]}
			})
			if o := new(outcome); errors.As(err, &o) {
				require.Equal(t, ranked[max(i, j)], o.code)
			} else {
				require.NoError(t, err)
				require.Equal(t, exitFine, max(a, b))
			}
		}
	}
}

// A partner that sends the next line only after the answer is not kept waiting.
func TestBatchAnswersAtOnce(t *testing.T) {
	t.Parallel()
	questions, ask := io.Pipe()
	listen, answers := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- run(t.Context(), []string{"check", "--batch"}, questions, answers, io.Discard)
		answers.Close()
	}()
	in := bufio.NewReader(listen)
	for i := range 20 {
		fmt.Fprintln(ask, good)
		line, err := in.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, i+1, reports(t, line)[0].Line)
	}
	ask.Close()
	require.Equal(t, exitFine, <-done)
}

func TestBatchInterrupted(t *testing.T) {
	t.Parallel()
	questions, ask := io.Pipe()
	defer ask.Close()
	listen, answers := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	var stderr bytes.Buffer
	done := make(chan int, 1)
	go func() { done <- run(ctx, []string{"check", "--batch"}, questions, answers, &stderr) }()
	fmt.Fprintln(ask, good)
	line, err := bufio.NewReader(listen).ReadString('\n')
	require.NoError(t, err)
	require.True(t, reports(t, line)[0].OK)
	cancel()
	require.Equal(t, exitFailed, <-done)
	require.Equal(t, "pwcheck: interrupted\n", stderr.String())
}

// A program that reads the answers may leave before the end.
func TestBatchPartnerLeaves(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	require.NoError(t, err)
	program := exec.CommandContext(t.Context(), os.Args[0], "check", "--batch")
	program.Env = append(os.Environ(), "PWCHECK_BE_THE_PROGRAM=1")
	program.Stdin = strings.NewReader(strings.Repeat(good+"\n", 20000))
	program.Stdout = write
	var stderr bytes.Buffer
	program.Stderr = &stderr
	require.NoError(t, program.Start())
	write.Close()
	line, err := bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	require.True(t, reports(t, line)[0].OK)
	read.Close()
	require.Error(t, program.Wait(), "not everything was answered")
	require.Empty(t, stderr.String())
}

func TestBatchInputBreaks(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader(good+"\n"+good+"\ncut off"), failing{})
	r := executeOpenly(t, func(p *program) { p.stdin = broken }, "", "check", "--batch")
	require.Equal(t, exitFailed, r.code)
	require.Len(t, reports(t, r.stdout), 2, "a line that may be cut off is not answered")
	require.Equal(t, "pwcheck: standard input cannot be read to its end\n", r.stderr)
	r = executeOpenly(t, func(p *program) { p.stdin = failing{} }, "", "check")
	require.Equal(t, exitFailed, r.code)
	require.Equal(t, "pwcheck: standard input cannot be read\n", r.stderr)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is on fire") }

// A line that never ends costs no memory. Not parallel: it counts what is
// allocated.
func TestBatchMemory(t *testing.T) {
	const size = 256 << 20
	for _, args := range [][]string{{"check", "--batch"}, {"check"}, {"verify", "--batch"}, {"hash"}} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := executeOpenly(t, func(p *program) { p.stdin = io.LimitReader(same('x'), size) }, "", args...)
		runtime.ReadMemStats(&after)
		require.NotEqual(t, exitFine, r.code)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20), args)
	}
}

// same is an endless input of one byte.
type same byte

func (s same) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s)
	}
	return len(p), nil
}
