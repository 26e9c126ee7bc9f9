package kettle

import (
	"bufio"
	"bytes"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is the shop as it is built for everybody, with its files.
type program struct {
	t             *testing.T
	bin, db, keys string
}

// process is one run of the program.
type process struct {
	cmd *exec.Cmd
	// url is where it listens, said what it printed when it began to.
	url  string
	said string
	errs *logs
	// drained is closed when it prints no more.
	drained chan struct{}
}

func newProgram(t *testing.T, flags ...string) program {
	t.Helper()
	p := program{t, filepath.Join(t.TempDir(), "shop.exe"), filepath.Join(t.TempDir(), "shop.db"), filepath.Join(t.TempDir(), "shop.keys")}
	args := append([]string{"build", "-o", p.bin}, flags...)
	out, err := exec.Command("go", append(args, "github.com/tillkey/tillkey/examples/shop")...).CombinedOutput()
	require.NoError(t, err, string(out))
	return p
}

func (p program) command() *exec.Cmd {
	return exec.Command(p.bin, "-addr", "127.0.0.1:0", "-db", p.db, "-keys", p.keys)
}

var (
	openAt  = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	allSaid = regexp.MustCompile(`Ctrl-C|at the first start`)
)

// start runs the program until it serves.
func (p program) start() *process {
	p.t.Helper()
	run := &process{cmd: p.command(), errs: &logs{}, drained: make(chan struct{})}
	run.cmd.Stderr = run.errs
	out, err := run.cmd.StdoutPipe()
	require.NoError(p.t, err)
	require.NoError(p.t, run.cmd.Start())
	p.t.Cleanup(func() { _ = run.cmd.Process.Kill() }) // fails where it was killed before
	lines := bufio.NewScanner(out)
	for !allSaid.MatchString(run.said) && lines.Scan() {
		run.said += lines.Text() + "\n"
	}
	if run.url = openAt.FindString(run.said); run.url == "" {
		err := run.cmd.Wait()
		require.Fail(p.t, "the shop does not start", "%v\n%s\n%s", err, run.said, run.errs)
	}
	go func() {
		defer close(run.drained)
		for lines.Scan() {
		}
	}()
	return run
}

// kill ends the run as kill -9 does. Until then nothing may have gone wrong.
func (r *process) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, r.cmd.Process.Kill())
	<-r.drained
	require.Error(t, r.cmd.Wait())
	require.False(t, r.cmd.ProcessState.Success())
	require.NotContains(t, r.errs.String(), "level=ERROR")
	require.NotContains(t, r.errs.String(), "panic")
}

// refuseSecond starts the program once more on the same files, which it has to
// refuse, and say why.
func (p program) refuseSecond() {
	p.t.Helper()
	var out, errs bytes.Buffer
	second := p.command()
	second.Stdout, second.Stderr = &out, &errs
	var exit *exec.ExitError
	require.ErrorAs(p.t, second.Run(), &exit)
	require.Equal(p.t, exitFailed, exit.ExitCode())
	require.Contains(p.t, errs.String(), "another instance of the shop uses")
	require.Empty(p.t, out.String())
}
