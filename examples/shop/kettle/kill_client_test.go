package kettle

import (
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// errCut says that the answer to a request did not come: nobody knows whether
// it was carried out.
var errCut = errors.New("the connection was cut")

// crowd gives each browser an address of its own on the loopback network, as
// the shop limits tries by address.
type crowd struct{ last atomic.Uint32 }

func (c *crowd) browser() *http.Client {
	n := c.last.Add(1)
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(1+n>>16), byte(n>>8), byte(n))}}
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it has no error to return
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Jar: jar, CheckRedirect: stay, Transport: &http.Transport{DialContext: dialer.DialContext}}
}

// client is one customer and what the shop has acknowledged to them. Where an
// answer was cut off, it also knows what may be.
type client struct {
	email string
	crowd *crowd
	rng   *mathrand.Rand
	base  string
	at    *http.Client

	// signedUp is true from the acknowledged end of the sign-up, signedIn while
	// the browser at hand holds a session.
	signedUp, signedIn bool
	// password is in force unless maybe, which was sent, is; doubt is how it was
	// sent. over are those that must not open anything any more.
	password, maybe string
	doubt           rotate.Kind
	over            []string
	// secret is in force, or perhaps maybeSecret is; step is the last one used.
	secret, maybeSecret totp.Secret
	step                totp.Step
	// left are recovery codes that were not used, spent those that were;
	// doubtful were sent.
	left, spent, doubtful []string
	// ticket is the last mailed ticket that was used with success.
	ticket string
	// link is that of the last mail, mails how many there were.
	link  string
	mails int
	// sure are the names of purchases, or notes of orders to change, that were
	// acknowledged, open those that were sent.
	sure, open []string
	// least and most are how many events of a kind there must and can be.
	least, most map[rotate.Kind]int
}

func newClient(c *crowd, seed uint64) *client {
	return &client{
		email: "kill-" + strings.ToLower(rand.Text()) + "@example.com", crowd: c, at: c.browser(),
		rng: mathrand.New(mathrand.NewPCG(seed, 1)), least: map[rotate.Kind]int{}, most: map[rotate.Kind]int{},
	}
}

// send makes a request. errCut: no whole answer came. A fault of the shop is
// another error.
func (c *client) send(at *http.Client, method, path string, pairs ...string) (answer, error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequest(method, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := at.Do(r)
	if err != nil {
		return answer{}, errCut
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, errCut
	}
	a := answer{res.StatusCode, res.Header.Get("Location"), string(body), res.Header}
	if a.Status >= http.StatusInternalServerError {
		return a, fmt.Errorf("%s %s: status %d", method, path, a.Status)
	}
	return a, nil
}

func (c *client) get(path string) (answer, error) { return c.send(c.at, http.MethodGet, path) }

func (c *client) post(path string, pairs ...string) (answer, error) {
	return c.send(c.at, http.MethodPost, path, pairs...)
}

// field is the value of a hidden field, "" if there is none.
func (a answer) field(name string) string {
	return a.first(`name="` + name + `" value="([^"]*)"`)
}

// asks tells whether a page has a field of that name.
func (a answer) asks(name string) bool { return strings.Contains(a.Body, `name="`+name+`"`) }

func (a answer) first(pattern string) string {
	found := regexp.MustCompile(pattern).FindStringSubmatch(a.Body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// offered is the key on the page of an enrolment.
func (a answer) offered() (totp.Secret, error) {
	return totp.ParseSecret(a.first(`<code class="key">([^<]*)</code>`))
}

// recovery are the recovery codes on a page.
func (a answer) recovery() (codes []string) {
	for _, found := range regexp.MustCompile(`<li><code>([^<]*)</code>`).FindAllStringSubmatch(a.Body, -1) {
		codes = append(codes, found[1])
	}
	return codes
}

// mailed waits for a new mail whose link begins so, and returns the link.
func (c *client) mailed(prefix string) (string, error) {
	for range 2000 {
		a, err := c.get("/outbox")
		if err != nil {
			return "", err
		}
		for _, letter := range strings.Split(a.Body, "<article") {
			link := answer{Body: letter}.first(`href="(` + regexp.QuoteMeta(prefix) + `[^"]*)"`)
			if link != "" && link != c.link && strings.Contains(letter, c.email) {
				c.link = link
				return link, nil
			}
		}
	}
	return "", fmt.Errorf("no mail to %s with %s", c.email, prefix)
}

// code is a code that was not used yet, "" where the customer has to wait for
// one. past and future are how far the shop lets it be off. The next step may
// begin before the shop looks.
func (c *client) code(s totp.Secret, past, future totp.Step) string {
	now := time.Now()
	step := s.Step(now)
	next := max(c.step+1, s.Step(now.Add(s.Period()/2))-past)
	if next > step+future {
		return ""
	}
	c.step = next
	return s.Code(now.Add(time.Duration(next-step) * s.Period()))
}

// fresh is a password that nobody had before.
func fresh() string { return "pass " + strings.ToLower(rand.Text()) }

// sending notes that a change is on its way, settled what became of it.
func (c *client) sending(kind rotate.Kind) { c.most[kind]++ }

func (c *client) settled(done bool, kind rotate.Kind) {
	if done {
		c.least[kind]++
	} else {
		c.most[kind]--
	}
}
