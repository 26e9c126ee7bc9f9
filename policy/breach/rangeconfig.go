package breach

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/tillkey/tillkey/policy/breach/internal/rangeapi"
)

const (
	defaultBaseURL       = "https://api.pwnedpasswords.com"
	defaultUserAgent     = "tillkey-breach (+https://github.com/tillkey/tillkey)"
	defaultTimeout       = 1500 * time.Millisecond
	longestTimeout       = 30 * time.Second
	defaultMinRows       = 100
	defaultCachePrefixes = 256
	maxCachePrefixes     = 1 << 16
	defaultCacheTTL      = 24 * time.Hour
	longestCacheTTL      = 31 * 24 * time.Hour
	defaultStaleIfError  = longestCacheTTL
	maxRows              = maxBody / (ntlmSuffix + rowRest)
)

// RangeConfig says how a [Range] asks. The zero value asks Pwned Passwords with
// the defaults below. A field out of its range is an error of NewRange.
type RangeConfig struct {
	// BaseURL is what "/range/" and the prefix are appended to. Empty means
	// https://api.pwnedpasswords.com. A mirror of one's own may have a path.
	// Plain http is accepted only for a loopback host. User names, queries and
	// fragments are refused.
	BaseURL string

	// UserAgent names the application to the service, for example
	// "example-shop/1.4 (+https://shop.example)". The interface refuses
	// requests without one, so it is always sent. Empty names this library.
	// At most 256 visible ASCII characters and spaces.
	UserAgent string

	// NTLM looks the NTLM hash up, the MD4 of the password in UTF-16LE that Windows
	// stores. It is for audits of accounts that are imported from there. For
	// passwords that are chosen leave it off: the service knows the same ones by
	// their SHA-1.
	NTLM bool

	// Timeout is for one look-up in all, from the name look-up to the last byte
	// of the answer, a second try included. Zero means 1.5 s; at most 30 s.
	Timeout time.Duration

	// MinRows is the fewest rows with a count above zero that make an answer
	// complete. Zero means 100: every range of Pwned Passwords has held several
	// hundred since 2018. A mirror of a smaller corpus sets fewer. -1 accepts
	// even an empty answer as complete; then a mirror that lost its data reads
	// as "nothing leaked".
	MinRows int

	// CachePrefixes is the number of answers kept in memory, about 24 KiB each.
	// Zero means 256, -1 none; at most 65,536.
	CachePrefixes int

	// CacheTTL is how long a kept answer is used without asking whether it has
	// changed. Zero means 24 hours; at most 31 days, which is what the service
	// itself allows caches. That a password has leaked is kept without a limit:
	// nothing un-leaks.
	CacheTTL time.Duration

	// StaleIfError is how long after the service last confirmed it a kept answer
	// is used where the service cannot be asked (RFC 5861, section 4). Zero means
	// 31 days, -1 not at all; at most 31 days.
	StaleIfError time.Duration

	// Proxy chooses a proxy per request, as in [http.Transport]. Nil means a
	// direct connection, whatever the environment says; a host that must use a
	// proxy passes [http.ProxyFromEnvironment].
	Proxy func(*http.Request) (*url.URL, error)

	// RootCAs are the authorities that the server's certificate is checked
	// against. Nil means those of the host. A mirror in a private network may
	// need its own.
	RootCAs *x509.CertPool

	// Now tells the age of kept answers and the end of pauses. Nil means
	// [time.Now].
	Now func() time.Time
}

// complete returns the config with its defaults filled in.
func (c RangeConfig) complete() (RangeConfig, error) {
	setDefault(&c.UserAgent, defaultUserAgent)
	setDefault(&c.Timeout, defaultTimeout)
	setDefault(&c.MinRows, defaultMinRows)
	setDefault(&c.CachePrefixes, defaultCachePrefixes)
	setDefault(&c.CacheTTL, defaultCacheTTL)
	setDefault(&c.StaleIfError, defaultStaleIfError)
	if c.Now == nil {
		c.Now = time.Now
	}
	switch {
	case !rangeapi.IsUserAgent(c.UserAgent):
		return c, fmt.Errorf("breach: user agent %q: want 1 to %d visible ASCII characters", c.UserAgent, rangeapi.MaxUserAgent)
	case c.Timeout < time.Millisecond || c.Timeout > longestTimeout:
		return c, fmt.Errorf("breach: timeout %v: want 1ms to %v", c.Timeout, longestTimeout)
	case c.MinRows < -1 || c.MinRows > maxRows:
		return c, fmt.Errorf("breach: minimum of %d rows: want -1 to %d", c.MinRows, maxRows)
	case c.CachePrefixes < -1 || c.CachePrefixes > maxCachePrefixes:
		return c, fmt.Errorf("breach: cache of %d prefixes: want -1 to %d", c.CachePrefixes, maxCachePrefixes)
	case c.CacheTTL < 0 || c.CacheTTL > longestCacheTTL:
		return c, fmt.Errorf("breach: cache TTL %v: want 0 to %v", c.CacheTTL, longestCacheTTL)
	case c.StaleIfError < -1 || c.StaleIfError > longestCacheTTL:
		return c, fmt.Errorf("breach: stale-if-error of %v: want -1ns to %v", c.StaleIfError, longestCacheTTL)
	}
	return c, nil
}

// address returns the URL that a prefix is appended to. Its errors do not
// repeat the base URL, which may hold a password.
func (c RangeConfig) address() (string, error) {
	base := c.BaseURL
	setDefault(&base, defaultBaseURL)
	u, err := url.Parse(base)
	if err != nil {
		return "", errors.New("breach: base URL: not a URL")
	}
	switch {
	case u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("breach: base URL: want https://host, and a path if needed")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("breach: base URL: user names, queries and fragments are not supported")
	case u.Scheme == "https":
	case u.Scheme == "http" && rangeapi.IsLoopback(u.Hostname()):
	case u.Scheme == "http":
		return "", fmt.Errorf("breach: base URL: plain http is for loopback hosts only, not for %q; use https", u.Hostname())
	default:
		return "", fmt.Errorf("breach: base URL: scheme %q: use https", u.Scheme)
	}
	return u.JoinPath("range").String() + "/", nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
