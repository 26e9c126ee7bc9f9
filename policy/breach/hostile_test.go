package breach_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// listen serves raw connections: each is told to a script after the header of
// a request was read. All that a client ever says is checked.
func listen(t *testing.T, script func(c net.Conn)) *service {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var group sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		group.Wait()
	})
	s := &service{Server: &httptest.Server{URL: "http://" + listener.Addr().String()}}
	group.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() {
				defer c.Close()
				request, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return // a connection that was never used
				}
				s.requests.Add(1)
				assert.Regexp(t, asked, request.Method+" "+request.RequestURI)
				for name := range request.Header {
					assert.Contains(t, sent, name)
				}
				script(c)
			})
		}
	})
	return s
}

// say sends text.
func say(texts ...string) func(net.Conn) {
	return func(c net.Conn) {
		for _, text := range texts {
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	}
}

// drip sends texts for ever, the last one again and again, with a while between
// them, until the client is gone.
func drip(every time.Duration, texts ...string) func(net.Conn) {
	return func(c net.Conn) {
		for i := 0; ; i++ {
			if _, err := io.WriteString(c, texts[min(i, len(texts)-1)]); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
}

// silent says something and then nothing until the client is gone.
func silent(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, c)
	}
}

// broken says something and resets the connection.
func broken(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		_ = c.(*net.TCPConn).SetLinger(0)
	}
}

// Whatever a server does, a look-up ends in time, with the right answer or with
// "not checked", and with what was kept if that is still good. The table has what
// net/http would not send; TestRangeRefusesIncompleteAnswers has the rest.
func TestRangeHostileServers(t *testing.T) {
	const ok, plain = "HTTP/1.1 200 OK\r\n", "Content-Type: text/plain\r\n"
	const chunked = ok + plain + "Transfer-Encoding: chunked\r\n\r\n"
	hit := leakedHash[5:] + ":7"
	good := fullBody(hit)
	sized := func(headers, body string) string {
		return ok + headers + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	whole := func(headers string) string { return sized(headers, good) }
	before, after, _ := strings.Cut(good, hit)
	chunk := fmt.Sprintf("%x\r\n%s\r\n\r\n", len(hit)+2, hit)
	const brief, long = 150 * time.Millisecond, 30 * time.Second
	for name, c := range map[string]struct {
		script func(net.Conn)
		budget time.Duration
		reason breach.Reason // "" finds the leak
	}{
		"honest":                                 {say(whole(plain)), long, ""},
		"rows in any order":                      {say(sized(plain, strings.TrimPrefix(after, "\r\n")+"\r\n"+before+hit)), long, ""},
		"silent":                                 {silent(""), brief, breach.ReasonTimeout},
		"silent after the status":                {silent(ok), brief, breach.ReasonTimeout},
		"silent after the header":                {silent(ok + plain + "Content-Length: 9999\r\n\r\n"), brief, breach.ReasonTimeout},
		"silent after all rows, length too long": {silent(ok + plain + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(good)+1, good)), brief, breach.ReasonTimeout},
		"silent before the last chunk":           {silent(chunked + fmt.Sprintf("%x\r\n%s\r\n", len(good), good)), brief, breach.ReasonTimeout},
		"slow drip of the header":                {drip(time.Millisecond, ok, "X: y\r\n"), brief, breach.ReasonTimeout},
		"slow drip of rows":                      {drip(time.Millisecond, chunked, chunk), brief, breach.ReasonTimeout},
		"slow drip of early hints":               {drip(time.Millisecond, "HTTP/1.1 103 Early Hints\r\n\r\n"), brief, breach.ReasonTimeout},
		"endless header":                         {drip(0, ok, "X: "+strings.Repeat("y", 1000)+"\r\n"), long, breach.ReasonNetwork},
		"endless body":                           {drip(0, chunked, chunk), long, breach.ReasonTooLarge},
		"endless padding":                        {drip(0, chunked, fmt.Sprintf("%x\r\n%s:0\r\n\r\n", 39, leaked2Hash[5:])), long, breach.ReasonTooLarge},
		"endless body without rows":              {drip(0, chunked, "400\r\n"+strings.Repeat("\r\n", 512)+"\r\n"), long, breach.ReasonTooLarge},
		"reset at once":                          {broken(""), long, breach.ReasonNetwork},
		"reset within the rows":                  {broken(ok + plain + "Content-Length: 9999\r\n\r\n" + good), long, breach.ReasonNetwork},
		"closed within the rows":                 {say(ok + plain + "Content-Length: 9999\r\n\r\n" + good), long, breach.ReasonCut},
		"two lengths":                            {say(ok + plain + "Content-Length: 3\r\n" + whole("")[len(ok):]), long, breach.ReasonNetwork},
		"length and chunks":                      {say(ok + plain + fmt.Sprintf("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(good), good)), long, ""},
		"two content types":                      {say(whole(plain + "Content-Type: text/html\r\n")), long, breach.ReasonContentType},
		"two ETags":                              {say(whole(plain + "ETag: \"a\"\r\nETag: \"b\"\r\n")), long, ""},
		"two checksums":                          {say(whole(plain + "Content-MD5: " + contentMD5(good) + "\r\nContent-MD5: " + contentMD5("") + "\r\n")), long, breach.ReasonChecksum},
		"wrong checksum":                         {say(whole(plain + "Content-MD5: " + contentMD5("") + "\r\n")), long, breach.ReasonChecksum},
		"unknown encoding":                       {say(whole(plain + "Content-Encoding: br\r\n")), long, ""},
		"throttled for a year":                   {say("HTTP/1.1 429 Slow Down\r\nRetry-After: 31536000\r\nContent-Length: 0\r\n\r\n"), long, breach.ReasonThrottle},
		"switching protocols":                    {silent("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), long, breach.ReasonStatus},
		"not modified":                           {say("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"), long, breach.ReasonStatus},
		"moved":                                  {say("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/range/21BD1\r\nContent-Length: 0\r\n\r\n"), long, breach.ReasonStatus},
		"padding only":                           {say(sized(plain, strings.Repeat(leaked2Hash[5:]+":0\r\n", 1000))), long, breach.ReasonTooFewRows},
		"HTTP/0.9":                               {say(good), long, breach.ReasonNetwork},
		"HTTP/9.9":                               {say(strings.Replace(whole(plain), "1.1", "9.9", 1)), long, ""},
		"TLS":                                    {say("\x15\x03\x01\x00\x02\x02\x16"), long, breach.ReasonNetwork},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var turned atomic.Bool
			s := listen(t, func(conn net.Conn) {
				if turned.Load() {
					c.script(conn)
					return
				}
				say(whole(plain))(conn)
			})
			now := newClock()
			config := breach.RangeConfig{Timeout: c.budget, Now: now.Now}
			forgetful, r := client(t, s, config), client(t, s, config)
			count, err := r.Seen(t.Context(), leaked2)
			for err != nil && c.budget == brief { // too slow a machine for an honest server
				now.Add(time.Minute)
				count, err = r.Seen(t.Context(), leaked2)
			}
			require.NoError(t, err)
			require.Zero(t, count)
			turned.Store(true)

			check := func(r *breach.Range, password string, want int) {
				t.Helper()
				count, err := r.Seen(t.Context(), password)
				if c.reason == "" {
					require.NoError(t, err)
					require.Equal(t, want, count)
					return
				}
				requireUnchecked(t, password, count, err, c.reason)
			}
			check(forgetful, leaked, 7)

			now.Add(day) // what was kept is old, but all there is
			count, err = r.Seen(t.Context(), leaked2)
			require.NoError(t, err)
			require.Zero(t, count)
			now.Add(31 * day)
			check(r, leaked2, 0)
		})
	}
}
