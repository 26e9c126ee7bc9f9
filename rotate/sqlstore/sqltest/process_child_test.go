package sqltest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// job is the work of a child process. It comes by its standard input, as it
// holds keys and perhaps the password of a database.
type job struct {
	Database database
	Keys     []string
	Now      time.Time
	// Work names what is done; the rest is for it.
	Work  string
	Point point
	Deed  deed
}

// patience ends a child that hangs. It is no limit on speed.
const patience = 2 * time.Minute

// isChild is set in the environment of a child.
const isChild = "TILLKEY_SQLTEST_CHILD"

// said begins each line by which a child speaks to its parent.
const said = "~ "

// process is a child that works on the parent's database.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	errs  *bytes.Buffer
	lines chan string // more room than a child needs that nobody listens to
	// events are what the child's receiver took, as told before it said so to
	// its Keeper.
	mu     sync.Mutex
	events []delivery
	// failed is what its Run could not do, and tried again.
	failed []string
}

// delivery is one event as its receiver got it.
type delivery struct {
	ID      string      `json:"id"`
	Kind    rotate.Kind `json:"kind"`
	Account string      `json:"account"`
}

// start runs a job in a process of its own.
func (j job) start(t *testing.T) *process {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	p := &process{t: t, errs: &bytes.Buffer{}, lines: make(chan string, 64)}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	p.cmd = exec.CommandContext(ctx, exe, "-test.run=^TestProcess$", "-test.count=1")
	p.cmd.Env = append(os.Environ(), isChild+"=1")
	p.cmd.Stderr = p.errs
	p.in, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go p.read(out)
	text, err := json.Marshal(j)
	require.NoError(t, err)
	p.tell(string(text))
	return p
}

// read sorts what the child says until it is silent.
func (p *process) read(out io.Reader) {
	defer close(p.lines)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line, ok := strings.CutPrefix(lines.Text(), said)
		if !ok {
			line = "? " + lines.Text() // of package testing: how a failure is told
		}
		if text, ok := strings.CutPrefix(line, "event "); ok {
			var d delivery
			if json.Unmarshal([]byte(text), &d) == nil {
				p.mu.Lock()
				p.events = append(p.events, d)
				p.mu.Unlock()
			}
			continue
		}
		if strings.HasPrefix(line, "failed: ") {
			p.mu.Lock()
			p.failed = append(p.failed, line)
			p.mu.Unlock()
			continue
		}
		p.lines <- line
	}
}

// tell sends a line to the child.
func (p *process) tell(line string) {
	p.t.Helper()
	_, err := fmt.Fprintln(p.in, line)
	require.NoError(p.t, err)
}

// await waits until the child says one of these lines, and returns it.
func (p *process) await(want ...string) string {
	p.t.Helper()
	var other []string
	for line := range p.lines {
		for _, w := range want {
			if line == w {
				return line
			}
		}
		other = append(other, line)
	}
	_ = p.cmd.Wait()
	require.Fail(p.t, "the child never said "+strings.Join(want, " or "), "%s\n%s", strings.Join(other, "\n"), p.errs)
	return ""
}

// kill ends the child as kill -9 does.
func (p *process) kill() {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Kill())
	for range p.lines { // what it said before
	}
	require.Error(p.t, p.cmd.Wait(), "it had ended by itself")
}

// finish lets the child come to its end, which must be a good one.
func (p *process) finish() {
	p.t.Helper()
	require.NoError(p.t, p.in.Close())
	p.await("done")
	var rest []string
	for line := range p.lines {
		rest = append(rest, line)
	}
	require.NoError(p.t, p.cmd.Wait(), "%s\n%s", strings.Join(rest, "\n"), p.errs)
	if len(p.failed) > 0 {
		p.t.Logf("tried again after: %s", strings.Join(p.failed, "; "))
	}
}

// boss is the child's side of the pipes.
type boss struct {
	t  *testing.T
	in *bufio.Reader
	mu sync.Mutex
}

// say tells the parent.
func (b *boss) say(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, _ = os.Stdout.WriteString(said + line + "\n")
}

// hear waits for the parent; the end of the pipe is "".
func (b *boss) hear() string {
	line, _ := b.in.ReadString('\n')
	return strings.TrimSpace(line)
}

// TestProcess is the work of a child process.
func TestProcess(t *testing.T) {
	if os.Getenv(isChild) == "" {
		t.Skip("this is the work of a child process")
	}
	b := &boss{t: t, in: bufio.NewReaderSize(os.Stdin, 1<<16)}
	var j job
	require.NoError(t, json.Unmarshal([]byte(b.hear()), &j))
	switch j.Work {
	case "sweep":
		sweepInChild(t, b, j)
	case "deed":
		deedInChild(t, b, j)
	default:
		t.Fatalf("unknown work %q", j.Work)
	}
	b.say("done")
}

// keeper makes a Keeper as all processes of these tests have it: a fixed clock,
// cheap hashes, and no policy but length.
func (j job) keeper(t *testing.T, s *sqlstore.Store, change func(*rotate.Config)) *rotate.Keeper {
	t.Helper()
	ring, err := keyring.Parse("sqltest", strings.Join(j.Keys, "\n"))
	require.NoError(t, err)
	c := rotate.Config{
		Store: s, Ring: ring, Hasher: cheapHasher(t, 2), Now: func() time.Time { return j.Now },
		Sources: rotate.SourceLimit{Off: true}, Profile: plainProfile,
	}
	if change != nil {
		change(&c)
	}
	k, err := rotate.New(c)
	require.NoError(t, err)
	return k
}

// cheapHasher makes hashes of 8 KiB and so many passes.
func cheapHasher(t *testing.T, passes uint32) *hash.Hasher {
	t.Helper()
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: passes}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return h
}

func plainProfile(string) (rotate.Profile, error) {
	return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: rotate.ShopCustomer()}, nil
}
