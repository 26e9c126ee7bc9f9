package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal: the person types into person and sees what
// shown collects, the program runs in program.
type terminal struct {
	person, program *os.File
	shown           *screen
	watching        sync.WaitGroup
}

// screen is what was shown so far.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals, so the prompt is not tested: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { program.Close() })
	term := &terminal{person: person, program: program, shown: &screen{}}
	term.watching.Go(func() { io.Copy(term.shown, person) })
	return term
}

func (term *terminal) echoes(t *testing.T) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(term.program.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return state.Lflag&unix.ECHO != 0
}

// typed types once the terminal has stopped to echo.
func (term *terminal) typed(t *testing.T, text string) {
	t.Helper()
	for term.echoes(t) {
		runtime.Gosched()
	}
	_, err := term.person.WriteString(text)
	require.NoError(t, err)
}

// seen closes the terminal and returns everything that was on it.
func (term *terminal) seen() string {
	term.program.Close()
	term.watching.Wait()
	return term.shown.String()
}

// The test would notice an echo.
func TestTerminalEchoes(t *testing.T) {
	t.Parallel()
	term := openTerminal(t)
	require.True(t, term.echoes(t))
	_, err := term.person.WriteString("visible\n")
	require.NoError(t, err)
	line := make([]byte, 64)
	n, err := term.program.Read(line)
	require.NoError(t, err)
	require.Equal(t, "visible\n", string(line[:n]))
	// A terminal that is closed may swallow what it has not shown yet. Without an
	// echo this never ends, and the test with its time.
	for !strings.Contains(term.shown.String(), "visible") {
		runtime.Gosched()
	}
	require.Contains(t, term.seen(), "visible")
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	stored := strings.TrimSpace(execute(t, good, "hash").stdout)
	for name, c := range map[string]struct {
		args, typed, prompts string
		code                 int
		stdout               string
	}{
		"check":            {"check", good + "\n", "Password: \n", exitFine, "fine"},
		"check weak":       {"check --json", weak1 + "\n", "Password: \n", exitWeak, "too_common"},
		"hash":             {"hash", good + "\n" + good + "\n", "New password: \nThe same again: \n", exitFine, "$argon2id$"},
		"hash differs":     {"hash", good + "\n" + good + "x\n", "New password: \nThe same again: \npwcheck: the two passwords differ\n", exitWeak, ""},
		"verify":           {"verify", stored + "\n" + good + "\n", "Stored hash: \nPassword: \n", exitFine, "match"},
		"verify no match":  {"verify", stored + "\n" + weak1 + "\n", "Stored hash: \nPassword: \n", exitWeak, "no match"},
		"inspect":          {"inspect", stored + "\n", "Stored hash: \n", exitFine, "argon2id m=19456 t=2 p=1"},
		"totp code":        {"totp code", secret32 + "\n", "Secret or otpauth URI: \n", exitFine, ""},
		"totp verify":      {"totp verify", secret32 + "\n12345\n", "Secret or otpauth URI: \nCode: \n", exitWeak, "no match"},
		"corrected typing": {"check", "wrong\x15" + good + "\n", "Password: \n", exitFine, "fine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := openTerminal(t)
			done := make(chan result, 1)
			go func() {
				var stdout, stderr bytes.Buffer
				code := run(t.Context(), strings.Fields(c.args), term.program, &stdout, &stderr)
				done <- result{code, stdout.String(), stderr.String()}
			}()
			term.typed(t, c.typed)
			r := <-done
			require.Equal(t, c.code, r.code, r.stderr)
			require.Contains(t, r.stdout, c.stdout)
			require.True(t, strings.HasPrefix(r.stderr, strings.TrimSuffix(c.prompts, "\n")), r.stderr)
			require.True(t, term.echoes(t), "the terminal is as it was")
			screen := term.seen()
			for line := range strings.Lines(c.typed) {
				requireSilent(t, r, strings.TrimSpace(line))
				requireSilent(t, result{stdout: screen}, strings.TrimSpace(line))
			}
		})
	}
}

func TestBatchRefusesATerminal(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"check", "verify"} {
		term := openTerminal(t)
		var stdout, stderr bytes.Buffer
		require.Equal(t, exitUsage, run(t.Context(), []string{command, "--batch"}, term.program, &stdout, &stderr))
		require.Contains(t, stderr.String(), "--batch reads a file or a pipe, not a terminal")
	}
}

func TestPromptInterrupted(t *testing.T) {
	t.Parallel()
	term := openTerminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	var stdout, stderr bytes.Buffer
	done := make(chan int, 1)
	go func() { done <- run(ctx, []string{"check"}, term.program, &stdout, &stderr) }()
	term.typed(t, "half a pass")
	cancel()
	require.Equal(t, exitFailed, <-done)
	require.True(t, term.echoes(t), "the terminal is as it was")
	require.Equal(t, "Password: \npwcheck: interrupted\n", stderr.String())
	term.person.WriteString("\n") // lets the read that was left behind end
}

// The same with the real program, its signal handler and the key that people
// press.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	term := openTerminal(t)
	program := exec.CommandContext(t.Context(), os.Args[0], "hash")
	program.Env = append(os.Environ(), "PWCHECK_BE_THE_PROGRAM=1")
	program.Stdin = term.program
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	var stdout, stderr bytes.Buffer
	program.Stdout, program.Stderr = &stdout, &stderr
	require.NoError(t, program.Start())
	term.typed(t, "half a pass\x03")
	var exit *exec.ExitError
	require.ErrorAs(t, program.Wait(), &exit)
	require.Equal(t, exitFailed, exit.ExitCode())
	require.True(t, term.echoes(t), "the terminal is as it was")
	require.Equal(t, "New password: \npwcheck: interrupted\n", stderr.String())
	require.Empty(t, stdout.String())
	require.NotContains(t, term.seen(), "half")
}

// A QR code on a terminal is black on white, whatever its colours are.
func TestQROnATerminal(t *testing.T) {
	t.Parallel()
	term := openTerminal(t)
	p := &program{stdin: strings.NewReader(uri), stdout: term.program, stderr: io.Discard}
	require.Equal(t, exitFine, p.run(t.Context(), []string{"totp", "qr"}))
	require.Contains(t, term.seen(), blackOnWhite)
}
