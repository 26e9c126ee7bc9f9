package shopspec

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync/atomic"
	"time"
)

// network makes the clients of visitors.
type network struct {
	timeout time.Duration
	// visitors counts them.
	visitors atomic.Uint32
}

// client is the client of a new visitor: it keeps cookies, follows nothing, and
// waits no longer than the timeout. Towards this machine, where the system lets
// it, each visitor has another address of the loopback network, so that a limit
// by address does not hide whether there is one by account.
func (n *network) client() (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	count := n.visitors.Add(1)
	from := net.IPv4(127, byte(1+count>>16&0x3f), byte(count>>8), byte(count))
	transport := &http.Transport{
		DialContext:         dialer{from, net.Dialer{Timeout: n.timeout}}.dial,
		TLSHandshakeTimeout: n.timeout, ResponseHeaderTimeout: n.timeout,
		MaxResponseHeaderBytes: 256 << 10, IdleConnTimeout: 30 * time.Second, MaxIdleConnsPerHost: 4,
	}
	return &http.Client{
		Jar: jar, Transport: transport, Timeout: n.timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// dialer dials from an address of its own.
type dialer struct {
	from  net.IP
	plain net.Dialer
}

func (d dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() || ip.To4() == nil {
		return d.plain.DialContext(ctx, network, address)
	}
	own := d.plain
	own.LocalAddr = &net.TCPAddr{IP: d.from}
	conn, err := own.DialContext(ctx, network, address)
	var op *net.OpError
	if err != nil && ctx.Err() == nil && errors.As(err, &op) && !op.Timeout() {
		// Only Linux has all of 127.0.0.0/8.
		return d.plain.DialContext(ctx, network, address)
	}
	return conn, err
}

// IsLoopback tells whether a URL is of this machine, by its name.
func IsLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
