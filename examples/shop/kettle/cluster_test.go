//go:build unix

package kettle

import (
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// cluster is a PostgreSQL server of a test alone, which can be stopped.
type cluster struct {
	t         *testing.T
	bin, dir  string
	port      string
	privilege *syscall.SysProcAttr
}

// newCluster makes a server and starts it. It refuses to run as root, so a test
// that does runs it as the user postgres.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{t: t}
	missing := func(what string) {
		if os.Getenv("CI") == "true" {
			require.Fail(t, what)
		}
		t.Skip(what)
	}
	if found, err := exec.LookPath("initdb"); err == nil {
		c.bin = filepath.Dir(found)
	} else if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		c.bin = filepath.Dir(slices.Max(found))
	} else {
		missing("there is no initdb: install PostgreSQL to stop a server of it")
	}
	var err error
	c.dir, err = os.MkdirTemp("", "kettle-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(c.dir)) })
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			missing("PostgreSQL does not run as root, and there is no user postgres")
		}
		uid, err := strconv.Atoi(u.Uid)
		require.NoError(t, err)
		gid, err := strconv.Atoi(u.Gid)
		require.NoError(t, err)
		require.NoError(t, os.Chown(c.dir, uid, gid))
		c.privilege = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, c.port, err = net.SplitHostPort(free.Addr().String())
	require.NoError(t, err)
	require.NoError(t, free.Close())
	c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	c.start()
	t.Cleanup(func() { c.stop("immediate") })
	return c
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// run runs a program of PostgreSQL. Its output goes to a file, which a server
// that it starts may keep open.
func (c *cluster) run(name string, args ...string) {
	c.t.Helper()
	out, err := os.CreateTemp(c.t.TempDir(), name)
	require.NoError(c.t, err)
	defer out.Close()
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = c.dir, out, out, c.privilege
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		require.NoError(c.t, err, string(text))
	}
}

func (c *cluster) start() {
	c.t.Helper()
	options := "-p " + c.port + " -k " + c.dir + " -c listen_addresses=127.0.0.1"
	c.run("pg_ctl", "start", "-w", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-o", options)
}

func (c *cluster) stop(mode string) {
	c.t.Helper()
	c.run("pg_ctl", "stop", "-w", "-D", c.data(), "-m", mode)
}

// url is where to connect: to the server, or to what stands before it.
func (c *cluster) url(port string) string {
	return "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable"
}

// wire is a way to a server that can be held: connections stay open and new ones
// come about, but nothing passes, as with a server that hangs.
type wire struct {
	listener net.Listener

	mu    sync.Mutex
	moved *sync.Cond
	held  bool
}

func newWire(t *testing.T, port string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{listener: listener}
	w.moved = sync.NewCond(&w.mu)
	t.Cleanup(func() {
		w.hold(false)
		require.NoError(t, listener.Close())
	})
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", "127.0.0.1:"+port)
			if err != nil {
				near.Close()
				continue
			}
			go w.pass(near, far)
			go w.pass(far, near)
		}
	}()
	return w
}

// pass hands on what comes, and the end.
func (w *wire) pass(from, to net.Conn) {
	defer to.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		w.mu.Lock()
		for w.held {
			w.moved.Wait()
		}
		w.mu.Unlock()
		if _, late := to.Write(b[:n]); err != nil || late != nil {
			return
		}
	}
}

func (w *wire) hold(held bool) {
	w.mu.Lock()
	w.held = held
	w.mu.Unlock()
	w.moved.Broadcast()
}

func (w *wire) port() string {
	_, port, _ := net.SplitHostPort(w.listener.Addr().String())
	return port
}
