package corpus

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tillkey/tillkey/policy/breach/internal/rangeapi"
)

// UpdateConfig says how [Update] asks. UserAgent must be set, everything else
// has a default.
type UpdateConfig struct {
	// Options says what a first download shall hold. Where a corpus is there,
	// what it holds stays: a field that is not zero must be as in the corpus.
	// Workers and Progress are as in a build. A Stamp of zero is the newest
	// Last-Modified of all answers. Full is also set if Pwned Passwords itself is
	// asked, by an empty BaseURL or its own address.
	Options Options

	// BaseURL is what "/range/" and the prefix are appended to. Empty means
	// https://api.pwnedpasswords.com. A mirror of one's own may have a path.
	// Plain http is accepted only for a loopback host. User names, queries and
	// fragments are refused.
	BaseURL string

	// UserAgent names the application and whom to write to, for example
	// "example-shop/1.4 (+https://shop.example)". A million requests should not
	// come from nobody, and the service refuses them. 1 to 256 visible ASCII
	// characters and spaces.
	UserAgent string

	// Parallel is how many requests are under way at most, 1 to 64. Zero is 16.
	Parallel int

	// MinRows is the fewest rows that make a range complete. Zero means 100 for
	// a full corpus, whose ranges have held several hundred since 2018, and else
	// 1. -1 accepts even an empty answer as a range, as a mirror of a small corpus
	// has them; then a mirror that lost its data cannot be told from one. A range
	// that an earlier update took with fewer is asked for whole again.
	MinRows int

	// Transport sends the requests. Nil is one that takes HTTP/2 and TLS 1.2 or
	// later and goes straight to the host, whatever the environment says. A host
	// that needs a proxy or an authority of its own passes an [http.Transport].
	// Redirects are never followed.
	Transport http.RoundTripper

	digits int              // of a prefix; tests have fewer ranges
	now    func() time.Time // tests have a clock of their own
}

const (
	defaultHost     = "api.pwnedpasswords.com"
	defaultBaseURL  = "https://" + defaultHost
	defaultParallel = 16
	maxParallel     = 64
	fullMinRows     = 100
)

// complete fills in defaults, or names the field that is out of its range.
func (c UpdateConfig) complete() (UpdateConfig, error) {
	if c.BaseURL == "" || isDefault(c.BaseURL) {
		c.BaseURL, c.Options.Full = defaultBaseURL, true
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.Parallel == 0 {
		c.Parallel = defaultParallel
	}
	if c.digits == 0 {
		c.digits = rangePrefix
	}
	if c.Transport == nil {
		c.Transport = NewTransport()
	}
	switch {
	case !rangeapi.IsUserAgent(c.UserAgent):
		return c, fmt.Errorf("corpus: UserAgent must name the application in 1 to %d visible ASCII characters", rangeapi.MaxUserAgent)
	case c.Parallel < 1 || c.Parallel > maxParallel:
		return c, fmt.Errorf("corpus: Parallel is %d, must be 1 to %d", c.Parallel, maxParallel)
	case c.MinRows < -1 || c.MinRows > maxRange/(NTLM.width()-rangePrefix):
		return c, fmt.Errorf("corpus: MinRows is %d, must be -1 to some thousands", c.MinRows)
	}
	return c, nil
}

// minRows returns the fewest rows of a range.
func (c UpdateConfig) minRows(full bool) int {
	switch {
	case c.MinRows != 0:
		return max(c.MinRows, 0)
	case full:
		return fullMinRows
	}
	return 1
}

// address returns the URL that a prefix is appended to. Its errors do not
// repeat the base URL, which may hold a password.
func (c UpdateConfig) address() (string, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil {
		return "", errors.New("corpus: BaseURL is no URL")
	}
	switch {
	case u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("corpus: BaseURL must be https://host, with a path if needed")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("corpus: BaseURL must have no user name, query or fragment")
	case u.Scheme == "https":
	case u.Scheme == "http" && rangeapi.IsLoopback(u.Hostname()):
	default:
		return "", errors.New("corpus: BaseURL must be https; plain http is for loopback hosts only")
	}
	return u.JoinPath("range").String() + "/", nil
}

// isDefault tells whether a base URL is another writing of the default one.
func isDefault(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return false
	}
	return strings.EqualFold(strings.TrimSuffix(u.Host, ":443"), defaultHost) && strings.Trim(u.Path, "/") == ""
}

// adopt takes what a corpus holds for what was left out of the options, and
// names the field that contradicts it.
func (o Options) adopt(f *file) (Options, error) {
	info := f.header.info()
	for _, c := range []struct {
		name      string
		differs   bool
		has, want any
	}{
		{"Kind", o.Kind != 0 && o.Kind != info.Kind, info.Kind, o.Kind},
		{"RemainderBits", o.RemainderBits != 0 && o.RemainderBits != info.RemainderBits, info.RemainderBits, o.RemainderBits},
		{"MinCount", o.MinCount != 0 && o.MinCount != info.MinCount, info.MinCount, o.MinCount},
		{"Counts", o.Counts && !info.Counts, info.Counts, o.Counts},
	} {
		if c.differs {
			return o, &FileError{
				Name: f.name, Problem: fmt.Sprintf("is a corpus with %s %v, not %v", c.name, c.has, c.want),
				Remedy: "leave the option out, or update another file",
			}
		}
	}
	o.Kind, o.RemainderBits, o.MinCount, o.Counts = info.Kind, info.RemainderBits, info.MinCount, info.Counts
	o.Full = o.Full || info.Full
	return o, nil
}
