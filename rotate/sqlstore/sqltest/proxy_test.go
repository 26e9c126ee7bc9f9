package sqltest

import (
	"bytes"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// proxy stands between a Store and its server on 127.0.0.1, and cuts
// connections: after a random number of bytes in either direction, and around
// COMMIT, before it goes over or before its answer comes back.
type proxy struct {
	target string
	door   net.Listener
	done   sync.WaitGroup

	mu     sync.Mutex
	random *mathrand.Rand
	bytes  int // the most that one connection may carry; 0 lets everything pass
	links  map[*link]bool
	// stalled swallows everything, the end of a connection too, as a network does
	// that is gone.
	stalled bool
	// cuts counts connections that were cut, lost those among them whose COMMIT
	// had gone over.
	cuts, lost int
}

// link is one connection through the proxy.
type link struct {
	proxy          *proxy
	client, server net.Conn
	// Of proxy.mu: what is left to carry, and what became of a COMMIT.
	left      int
	committed bool // it went over, and its answer did not come back
	silence   bool // the answer must not
	cut       bool
}

// newProxy opens a proxy to the server of a place, and returns the data source
// name that leads through it.
func newProxy(t *testing.T, p place, random *mathrand.Rand) (x *proxy, dsn string) {
	t.Helper()
	x = &proxy{random: mathrand.New(mathrand.NewPCG(random.Uint64(), 0)), links: map[*link]bool{}}
	var err error
	x.door, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	here := x.door.Addr().String()
	if p.dialect == sqlstore.PostgreSQL {
		u, err := url.Parse(p.dsn)
		require.NoError(t, err)
		x.target, u.Host = u.Host, here
		q := u.Query()
		q.Set("application_name", p.name)
		u.RawQuery = q.Encode()
		dsn = u.String()
	} else {
		_, rest, ok := strings.Cut(p.dsn, "tcp(")
		require.True(t, ok, "%s has no tcp(host:port)", mariadbVariable)
		x.target, _, _ = strings.Cut(rest, ")")
		dsn = strings.Replace(p.dsn, "tcp("+x.target+")", "tcp("+here+")", 1)
	}
	x.done.Go(x.serve)
	t.Cleanup(x.close)
	return x, dsn
}

// close ends all connections and waits until nothing of the proxy is left.
func (x *proxy) close() {
	_ = x.door.Close()
	x.mu.Lock()
	for l := range x.links {
		l.end()
	}
	x.mu.Unlock()
	x.done.Wait()
}

// cutting sets after how many bytes connections are cut at the latest, also
// those that are open; 0 lets everything pass, and cuts those that are open.
func (x *proxy) cutting(bytes int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.bytes = bytes
	for l := range x.links {
		if bytes == 0 {
			l.end()
		}
		l.left = x.budget()
	}
}

// stall lets nothing pass any more.
func (x *proxy) stall() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stalled = true
}

// budget draws what one connection may carry. Of proxy.mu.
func (x *proxy) budget() int {
	if x.bytes == 0 {
		return -1
	}
	return 1 + x.random.IntN(x.bytes)
}

func (x *proxy) serve() {
	for {
		client, err := x.door.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", x.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		l := &link{proxy: x, client: client, server: server}
		x.mu.Lock()
		l.left = x.budget()
		x.links[l] = true
		x.mu.Unlock()
		x.done.Go(func() { l.carry(client, server, l.sent) })
		x.done.Go(func() { l.carry(server, client, l.answered) })
	}
}

// end closes both sides. Of proxy.mu.
func (l *link) end() {
	if l.cut {
		return
	}
	l.cut = true
	if l.committed {
		l.proxy.lost++
	}
	_ = l.client.Close()
	_ = l.server.Close()
	delete(l.proxy.links, l)
}

// carry passes on what comes, until allow says how much of it is the last.
func (l *link) carry(from, to net.Conn, allow func(chunk []byte) (n int, last bool)) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			l.proxy.mu.Lock()
			if l.proxy.stalled {
				l.proxy.mu.Unlock()
				continue
			}
			pass, last := allow(buffer[:n])
			if last {
				l.proxy.cuts++
			}
			l.proxy.mu.Unlock()
			if _, err := to.Write(buffer[:pass]); err != nil || last {
				break
			}
		}
		if err != nil {
			break
		}
	}
	l.proxy.mu.Lock()
	defer l.proxy.mu.Unlock()
	if !l.proxy.stalled {
		l.end()
	}
}

// spend takes from the budget.
func (l *link) spend(chunk []byte) (n int, last bool) {
	if l.left < 0 {
		return len(chunk), false
	}
	if len(chunk) < l.left {
		l.left -= len(chunk)
		return len(chunk), false
	}
	n = l.left
	l.left = 0
	return n, true
}

// sent is what the client says. Of five COMMIT that pass, two are struck.
func (l *link) sent(chunk []byte) (n int, last bool) {
	commit := bytes.HasSuffix(bytes.TrimRight(chunk, "\x00"), []byte("COMMIT"))
	if commit && l.left >= 0 {
		switch l.proxy.random.IntN(5) {
		case 0: // it never goes over
			return l.proxy.random.IntN(len(chunk) - 2), true
		case 1: // its answer never comes back
			l.committed, l.silence = true, true
			return len(chunk), false
		}
	}
	n, last = l.spend(chunk)
	l.committed = l.committed || commit && n == len(chunk)
	return n, last
}

// answered is what the server says.
func (l *link) answered(chunk []byte) (n int, last bool) {
	if l.silence {
		return 0, true
	}
	n, last = l.spend(chunk)
	if !last {
		l.committed = false
	}
	return n, last
}
