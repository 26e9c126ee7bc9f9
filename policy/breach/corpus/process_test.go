package corpus_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// child makes this program do something else than test.
const child = "TILLKEY_TEST_CORPUS_CHILD"

func TestMain(m *testing.M) {
	work := map[string]func(path string) error{"build": childBuild, "ask": childAsk, "fips": childFIPS, "update": childUpdate}[os.Getenv(child)]
	if work == nil {
		os.Exit(m.Run())
	}
	if err := work(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func startChild(t *testing.T, what, path string, env ...string) (*exec.Cmd, *bufio.Reader, func() error) {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, path)
	command.Env = append(append(os.Environ(), child+"="+what), env...)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	in, err := command.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	return command, bufio.NewReader(out), in.Close
}

// generation is what the children build, one after the other.
func generation(i int) []row { return rows(12_000, 100+uint64(i%2)) }

// childBuild builds for ever and says how far it is.
func childBuild(path string) error {
	texts := [][]byte{text(generation(0), "\n"), text(generation(1), "\n")}
	for i := 0; ; i++ {
		_, err := corpus.Build(context.Background(), path, source(texts[i%2]), corpus.Options{
			RemainderBits: 40, Progress: func(p corpus.Progress) { fmt.Println(p.Stage) },
		})
		if err != nil {
			return err
		}
	}
}

// A build that is killed at any moment leaves a whole file, the one before or
// the one after, and the next build uses up what it left.
func TestKilledBuild(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("kills otherwise")
	}
	path := filepath.Join(t.TempDir(), "corpus")
	_, err := corpus.Build(t.Context(), path, source(text(generation(0), "\n")), corpus.Options{RemainderBits: 40})
	require.NoError(t, err)
	for i := range 12 {
		command, out, _ := startChild(t, "build", path)
		for range 1 + i*3 {
			_, err := out.ReadString('\n')
			require.NoError(t, err)
		}
		require.NoError(t, command.Process.Kill())
		require.Error(t, command.Wait())
		c := open(t, path, corpus.Map)
		require.NoError(t, c.Verify(t.Context()))
		all := generation(0)
		if n, err := c.Count(all[0].sum[:]); err == nil && n == 0 {
			all = generation(1)
		}
		requireMembers(t, c, all)
	}
	_, err = corpus.Build(t.Context(), path, source(text(generation(1), "\n")), corpus.Options{RemainderBits: 40})
	require.NoError(t, err)
	requireAlone(t, path)
}

// Two builds of one path at once: the second is refused and harms nothing.
func TestBuildWhileBuilding(t *testing.T) {
	lines := text(rows(5000, 1), "\n")
	path := filepath.Join(t.TempDir(), "corpus")
	var second error
	_, err := corpus.Build(t.Context(), path, source(lines), corpus.Options{Progress: func(p corpus.Progress) {
		if p.Stage == corpus.StageSync {
			_, second = corpus.Build(t.Context(), path, source(lines), corpus.Options{})
		}
	}})
	require.NoError(t, err)
	if runtime.GOOS == "linux" {
		require.ErrorContains(t, second, "another build")
	}
	require.NoError(t, open(t, path, corpus.Map).Verify(t.Context()))
	requireAlone(t, path)
}

// childAsk looks up until its input ends, and reloads all the time.
func childAsk(path string) error {
	ended := make(chan struct{})
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		close(ended)
	}()
	c, err := corpus.Open(path, corpus.OpenOptions{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	generations := [][]row{generation(0), generation(1)}
	for i := 0; ; i++ {
		select {
		case <-ended:
			fmt.Println("right", i)
			return nil
		default:
		}
		if err := c.Reload(); err != nil {
			return err
		}
		// The file holds one generation or the other, and never changes between
		// two questions without Reload.
		r := i % 12_000
		a, errA := c.Count(generations[0][r].sum[:])
		b, errB := c.Count(generations[1][r].sum[:])
		if err := errors.Join(errA, errB); err != nil {
			return err
		}
		if a+b != 1 {
			return fmt.Errorf("both generations: %d, %d", a, b)
		}
	}
}

// Processes look up while the file is replaced: 3 processes and 15 times, or 8
// and 100 with CORPUS_REPLACE=1.
func TestReplacedWhileAsked(t *testing.T) {
	processes, times := 3, 15
	if os.Getenv("CORPUS_REPLACE") != "" {
		processes, times = 8, 100
	}
	path := filepath.Join(t.TempDir(), "corpus")
	replace := func(i int) {
		_, err := corpus.Build(t.Context(), path, source(text(generation(i), "\n")), corpus.Options{RemainderBits: 40})
		require.NoError(t, err)
	}
	replace(0)
	var commands []*exec.Cmd
	var outs []*bufio.Reader
	var ends []func() error
	for range processes {
		command, out, end := startChild(t, "ask", path)
		line, err := out.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "open\n", line)
		commands, outs, ends = append(commands, command), append(outs, out), append(ends, end)
	}
	for i := range times {
		replace(i + 1)
	}
	for i, command := range commands {
		require.NoError(t, ends[i]())
		line, err := outs[i].ReadString('\n')
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(line, "right "), line)
		require.NoError(t, command.Wait())
	}
}

// childFIPS asks where SHA-1 is forbidden.
func childFIPS(path string) error {
	c, err := corpus.Open(path, corpus.OpenOptions{})
	if err != nil {
		return err
	}
	n, err := c.Seen(context.Background(), "password")
	var unchecked *corpus.UncheckedError
	fmt.Println(n, errors.Is(err, policy.ErrUnchecked), errors.As(err, &unchecked) && unchecked.Reason == corpus.ReasonNoHash)
	return nil
}

// Where SHA-1 is forbidden a look-up answers "unchecked" instead of ending the
// process.
func TestForbiddenSHA1IsUnchecked(t *testing.T) {
	path, _ := build(t, source(text(rows(100, 1), "\n")), corpus.Options{})
	command, out, _ := startChild(t, "fips", path, "GODEBUG=fips140=only")
	var all bytes.Buffer
	_, err := all.ReadFrom(out)
	require.NoError(t, err)
	require.NoError(t, command.Wait())
	require.Equal(t, "0 true true\n", all.String())
}
