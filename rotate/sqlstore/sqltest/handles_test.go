package sqltest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

// turns is a Store whose calls go to several pools on one file in turn, as they
// come from several processes.
type turns struct {
	stores []*sqlstore.Store
	calls  *atomic.Int64
}

func (t turns) next() rotate.Store {
	return t.stores[int(t.calls.Add(1))%len(t.stores)]
}

func (t turns) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	return t.next().Insert(ctx, c, events)
}

func (t turns) Load(ctx context.Context, account string) (rotate.Credential, error) {
	return t.next().Load(ctx, account)
}

func (t turns) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return t.next().Update(ctx, account, fn)
}

func (t turns) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (int, string, error) {
	return t.next().Batch(ctx, q, fn)
}

func (t turns) Page(ctx context.Context, q rotate.Query) ([]rotate.Credential, error) {
	return t.next().Page(ctx, q)
}

func (t turns) Count(ctx context.Context, q rotate.Query) (int, error) {
	return t.next().Count(ctx, q)
}

func (t turns) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return t.next().Rename(ctx, from, to, fn)
}

func (t turns) Erase(ctx context.Context, account string, events []rotate.Event) error {
	return t.next().Erase(ctx, account, events)
}

func (t turns) Place(ctx context.Context, fn func(int64) (rotate.Order, []rotate.Event, error)) error {
	return t.next().Place(ctx, fn)
}

func (t turns) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	return t.next().Orders(ctx, after)
}

func (t turns) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	return t.next().Guess(ctx, key, now, expires, fn)
}

func (t turns) Prune(ctx context.Context, now time.Time, keep int) (int, error) {
	return t.next().Prune(ctx, now, keep)
}

func (t turns) Lease(ctx context.Context, limit int, now, until time.Time) ([]rotate.Event, error) {
	return t.next().Lease(ctx, limit, now, until)
}

func (t turns) Delivered(ctx context.Context, ids []string) error {
	return t.next().Delivered(ctx, ids)
}

func (t turns) Events(ctx context.Context, account, before string, limit int) ([]rotate.Event, error) {
	return t.next().Events(ctx, account, before, limit)
}

func (t turns) Keys(ctx context.Context) ([]rotate.KeyState, error) { return t.next().Keys(ctx) }

func (t turns) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	return t.next().UpdateKeys(ctx, fn)
}

func (t turns) KeyUse(ctx context.Context, id string) (int, error) { return t.next().KeyUse(ctx, id) }

func TestTwoPoolsOnOneFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		dsn := sqlstore.SQLiteDSN(file(t))
		first := open(t, pool(t, dsn), sqlstore.Config{})
		second := open(t, pool(t, dsn), sqlstore.Config{})
		return turns{[]*sqlstore.Store{first, second}, new(atomic.Int64)}
	})
}

// The work of a child process: the variable names the file, the test the work.
const childFile = "TILLKEY_SQLTEST_FILE"

// child runs one test of this file in a process of its own.
func child(t *testing.T, test, path string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^"+test+"$", "-test.count=1")
	cmd.Env = append(os.Environ(), childFile+"="+path)
	return cmd
}

// inChild returns the Store of the parent's file, or skips.
func inChild(t *testing.T) *sqlstore.Store {
	t.Helper()
	path := os.Getenv(childFile)
	if path == "" {
		t.Skip("this is the work of a child process")
	}
	return open(t, pool(t, sqlstore.SQLiteDSN(path)), sqlstore.Config{})
}

const rounds = 100

func TestChildCounts(t *testing.T) {
	s := inChild(t)
	for range rounds {
		require.NoError(t, s.Update(t.Context(), "a", guess))
	}
}

// TestProcessesLoseNoUpdate also lets them make the tables at once.
func TestProcessesLoseNoUpdate(t *testing.T) {
	const processes = 3
	path := file(t)
	s := open(t, pool(t, sqlstore.SQLiteDSN(path)), sqlstore.Config{})
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	failed := make(chan error, processes)
	for range processes {
		cmd := child(t, "TestChildCounts", path)
		go func() {
			out, err := cmd.CombinedOutput()
			if err != nil {
				err = &exec.Error{Name: string(out), Err: err}
			}
			failed <- err
		}()
	}
	for range processes {
		require.NoError(t, <-failed)
	}
	c, err := s.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, processes*rounds, c.PasswordGuesses.Total)
}

func TestChildHangsInTransaction(t *testing.T) {
	s := inChild(t)
	require.NoError(t, s.Update(t.Context(), "a", guess))
	_ = s.Update(t.Context(), "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.PasswordGuesses.Total += 100
		_, _ = os.Stdout.WriteString("under the lock\n")
		_, _ = os.Stdin.Read(make([]byte, 1)) // until it is killed
		return nil, nil
	})
}

// TestKilledProcess kills one that holds the lock. What it had committed stays,
// what it had not is gone, and nobody waits for its lock.
func TestKilledProcess(t *testing.T) {
	path := file(t)
	s := open(t, pool(t, sqlstore.SQLiteDSN(path)), sqlstore.Config{})
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	cmd := child(t, "TestChildHangsInTransaction", path)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	defer in.Close()
	require.NoError(t, cmd.Start())
	var said strings.Builder
	for b := make([]byte, 1024); !strings.Contains(said.String(), "under the lock"); {
		n, err := out.Read(b)
		said.Write(b[:n])
		require.NoError(t, err, said.String())
	}
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()

	c, err := s.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 1, c.PasswordGuesses.Total)
	require.NoError(t, s.Update(t.Context(), "a", guess))
	c, err = s.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 2, c.PasswordGuesses.Total)
}
