package breach_test

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
)

var (
	_ policy.List = (*breach.Range)(nil)
	_ policy.List = (*breach.File)(nil)
)

func TestVectors(t *testing.T) {
	assert.Equal(t, leakedHash, hashOf(leaked))
	assert.Equal(t, leaked2Hash, hashOf(leaked2))
}

func TestRangeAnswers(t *testing.T) {
	hit, hit2 := leakedHash[5:], leaked2Hash[5:]
	padding := rangeBody(strings.Split(fullBody(), "\r\n")...)
	tests := []struct {
		name, password, body string
		want                 int
	}{
		{"hit", leaked, fullBody(hit + ":83129"), 83129},
		{"hit of another prefix", leaked2, fullBody(hit2 + ":10437277"), 10437277},
		{"miss", leaked, fullBody(), 0},
		{"same suffix, last character differs in no 64 bits", leaked, fullBody("0" + hit[1:] + ":7"), 0},
		{"lower case", leaked, strings.ToLower(fullBody(hit + ":5")), 5},
		{"line feeds only", leaked, strings.ReplaceAll(fullBody(hit+":5"), "\r\n", "\n"), 5},
		{"line end at the end", leaked, fullBody(hit+":5") + "\r\n", 5},
		{"padding at the end, unsorted", leaked, fullBody(hit+":5") + "\r\n" + hit2 + ":0\r\n" + filler(1)[0][:35] + ":0", 5},
		{"padding alone hits", leaked, fullBody(hit + ":0"), 0},
		{"padding and a real row", leaked, hit + ":0\r\n" + fullBody(hit+":3") + "\r\n" + hit + ":0", 3},
		{"unsorted rows", leaked, padding + "\r\n" + hit + ":9", 9},
		{"largest count", leaked, fullBody(hit + ":4294967295"), 4294967295},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := answers(t, test.body)
			got, err := client(t, s, breach.RangeConfig{}).Seen(t.Context(), test.password)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

// Exactly five characters of the hash leave, with the headers that the service
// asks for, and nothing that would tell customers apart.
func TestRangeRequest(t *testing.T) {
	var seen []*http.Request
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r)
		http.SetCookie(w, &http.Cookie{Name: "track", Value: "1"})
		writeRange(w, fullBody())
	})
	for _, path := range []string{"", "/mirror", "/mirror/"} {
		seen = nil
		r, err := breach.NewRange(breach.RangeConfig{BaseURL: s.URL + path, UserAgent: "example-shop/1.4"})
		require.NoError(t, err)
		for _, password := range []string{leaked, leaked2} {
			_, err = r.Seen(t.Context(), password)
			require.NoError(t, err)
		}
		require.Len(t, seen, 2)
		base := strings.TrimSuffix(path, "/")
		for i, prefix := range []string{"21BD1", "5BAA6"} {
			assert.Equal(t, http.MethodGet, seen[i].Method)
			assert.Equal(t, base+"/range/"+prefix, seen[i].RequestURI)
			assert.Equal(t, http.Header{
				"User-Agent":      {"example-shop/1.4"},
				"Accept":          {"text/plain"},
				"Accept-Encoding": {"gzip"},
				"Add-Padding":     {"true"},
			}, seen[i].Header)
			assert.Zero(t, seen[i].ContentLength)
		}
	}
}

func TestRangeDefaultUserAgent(t *testing.T) {
	var agent string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		writeRange(w, fullBody())
	})
	_, err := client(t, s, breach.RangeConfig{}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Contains(t, agent, "tillkey")
}

func TestRangeNeverAsksFor(t *testing.T) {
	s := answers(t, fullBody())
	r := client(t, s, breach.RangeConfig{})
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name, password string
		ctx            context.Context
		reason         breach.Reason
	}{
		{"empty", "", t.Context(), breach.ReasonEmpty},
		{"64 KiB and a byte", strings.Repeat("x", 64<<10+1), t.Context(), breach.ReasonTooLong},
		{"canceled", leaked, canceled, breach.ReasonCanceled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			count, err := r.Seen(test.ctx, test.password)
			requireUnchecked(t, test.password, count, err, test.reason)
		})
	}
	assert.Zero(t, s.requests.Load())
}

func TestRangeFewRowsOfMirror(t *testing.T) {
	hit := leakedHash[5:] + ":4"
	few := answers(t, rangeBody(append(filler(2), hit)...))
	count, err := client(t, few, breach.RangeConfig{}).Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonTooFewRows)
	count, err = client(t, few, breach.RangeConfig{MinRows: 4}).Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonTooFewRows)
	count, err = client(t, few, breach.RangeConfig{MinRows: 3}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Equal(t, 4, count)

	empty := answers(t, "")
	count, err = client(t, empty, breach.RangeConfig{MinRows: 1}).Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonTooFewRows)
	count, err = client(t, empty, breach.RangeConfig{MinRows: -1}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Zero(t, count)
}

// A request that is shared may outlive whoever came first, and some frameworks
// give the context of a request to the next one.
func TestRangeSeesNothingOfTheCallersContext(t *testing.T) {
	s := answers(t, fullBody(leakedHash[5:]+":7"))
	looked := false
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GetConn: func(string) { looked = true }})
	got, err := client(t, s, breach.RangeConfig{}).Seen(ctx, leaked)
	require.NoError(t, err)
	assert.Equal(t, 7, got)
	assert.False(t, looked)
}
