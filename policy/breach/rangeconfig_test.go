package breach_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

func TestNewRange(t *testing.T) {
	tests := []struct {
		name   string
		config breach.RangeConfig
		ok     bool
	}{
		{"zero value", breach.RangeConfig{}, true},
		{"mirror", breach.RangeConfig{BaseURL: "https://mirror.example:8443/hibp/"}, true},
		{"http on a loopback address", breach.RangeConfig{BaseURL: "http://127.0.0.1:8080"}, true},
		{"http on the IPv6 loopback", breach.RangeConfig{BaseURL: "http://[::1]:8080"}, true},
		{"http on localhost", breach.RangeConfig{BaseURL: "http://localhost:8080"}, true},
		{"everything set", breach.RangeConfig{
			BaseURL: "https://mirror.example", UserAgent: "shop (+https://shop.example)", Timeout: 30 * time.Second,
			MinRows: 1, CachePrefixes: 65536, CacheTTL: 31 * 24 * time.Hour, Proxy: http.ProxyFromEnvironment, Now: time.Now,
		}, true},
		{"everything off", breach.RangeConfig{MinRows: -1, CachePrefixes: -1}, true},
		{"http", breach.RangeConfig{BaseURL: "http://mirror.example"}, false},
		{"http on a name that begins like a loopback", breach.RangeConfig{BaseURL: "http://127.0.0.1.example"}, false},
		{"http on a private address", breach.RangeConfig{BaseURL: "http://10.0.0.1"}, false},
		{"another scheme", breach.RangeConfig{BaseURL: "ftp://mirror.example"}, false},
		{"no scheme", breach.RangeConfig{BaseURL: "mirror.example"}, false},
		{"no host", breach.RangeConfig{BaseURL: "https:///range"}, false},
		{"opaque", breach.RangeConfig{BaseURL: "https:mirror.example"}, false},
		{"not a URL", breach.RangeConfig{BaseURL: "https://mirror.example/%zz"}, false},
		{"query", breach.RangeConfig{BaseURL: "https://mirror.example/?mode=ntlm"}, false},
		{"empty query", breach.RangeConfig{BaseURL: "https://mirror.example/?"}, false},
		{"fragment", breach.RangeConfig{BaseURL: "https://mirror.example/#x"}, false},
		{"user agent with a line end", breach.RangeConfig{UserAgent: "shop\r\nX: y"}, false},
		{"user agent of spaces", breach.RangeConfig{UserAgent: "  "}, false},
		{"user agent outside ASCII", breach.RangeConfig{UserAgent: "café"}, false},
		{"user agent of 257 bytes", breach.RangeConfig{UserAgent: strings.Repeat("x", 257)}, false},
		{"timeout too short", breach.RangeConfig{Timeout: time.Microsecond}, false},
		{"timeout too long", breach.RangeConfig{Timeout: time.Minute}, false},
		{"negative timeout", breach.RangeConfig{Timeout: -1}, false},
		{"too few rows", breach.RangeConfig{MinRows: -2}, false},
		{"more rows than an answer can hold", breach.RangeConfig{MinRows: 1 << 20}, false},
		{"negative cache", breach.RangeConfig{CachePrefixes: -2}, false},
		{"cache too large", breach.RangeConfig{CachePrefixes: 65537}, false},
		{"negative TTL", breach.RangeConfig{CacheTTL: -1}, false},
		{"TTL too long", breach.RangeConfig{CacheTTL: 32 * 24 * time.Hour}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := breach.NewRange(test.config)
			if test.ok {
				require.NoError(t, err)
				assert.NotNil(t, r)
				return
			}
			require.Error(t, err)
			assert.Nil(t, r)
			assert.True(t, strings.HasPrefix(err.Error(), "breach: "), err)
		})
	}
}

// A base URL may hold the password of a mirror, so no error repeats it.
func TestNewRangeErrorsHoldNoPassword(t *testing.T) {
	for _, base := range []string{"https://shop:hunter2@mirror.example", "https://shop:hunter2@mirror.example/%zz", "http://shop:hunter2@mirror.example"} {
		_, err := breach.NewRange(breach.RangeConfig{BaseURL: base})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

func TestRangeProxy(t *testing.T) {
	var asked string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.RequestURI
		writeRange(w, fullBody())
	})
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	s := answers(t, fullBody())
	_, err = client(t, s, breach.RangeConfig{Proxy: http.ProxyURL(address)}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Equal(t, s.URL+"/range/21BD1", asked)
	assert.Zero(t, s.requests.Load())
}
