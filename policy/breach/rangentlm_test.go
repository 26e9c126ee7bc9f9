package breach_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// The NTLM hashes of leaked2 and of "Grüße, пароль". They can be made again with:
// printf %s PASSWORD | iconv -t UTF-16LE | openssl dgst -md4 -provider legacy
const (
	leaked2NTLM = "8846F7EAEE8FB117AD06BDD830B7586C"
	greetings   = "Grüße, пароль"
	greetNTLM   = "0E3CE30A5BE342F921AFDA35F925745A"
)

// ntlmBody is fullBody with NTLM rows.
func ntlmBody(rows ...string) string {
	for _, row := range filler(150) {
		rows = append(rows, row[8:])
	}
	return rangeBody(rows...)
}

func TestRangeNTLM(t *testing.T) {
	var paths []string
	body := ntlmBody(leaked2NTLM[5:]+":9", greetNTLM[5:]+":3")
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.RequestURI())
		writeRange(w, body)
	})
	r := client(t, s, breach.RangeConfig{NTLM: true})
	for password, want := range map[string]int{leaked2: 9, greetings: 3, "nobody's": 0} {
		count, err := r.Seen(t.Context(), password)
		require.NoError(t, err)
		assert.Equal(t, want, count, password)
	}
	assert.Contains(t, paths, "/range/8846F?mode=ntlm")
	for _, path := range paths {
		assert.True(t, strings.HasSuffix(path, "?mode=ntlm"))
	}
	count, err := r.Seen(t.Context(), "\xff\xfe")
	requireUnchecked(t, "\xff\xfe", count, err, breach.ReasonNotText)
	assert.EqualValues(t, 3, s.requests.Load())
}

// The rows of one hash are no answer about the other.
func TestRangeTellsNTLMFromSHA1(t *testing.T) {
	for name, c := range map[string]struct {
		ntlm bool
		body string
	}{
		"NTLM for SHA-1": {false, ntlmBody()},
		"SHA-1 for NTLM": {true, fullBody()},
		"one NTLM row":   {false, fullBody() + "\r\n" + leaked2NTLM[5:] + ":1"},
		"one SHA-1 row":  {true, ntlmBody() + "\r\n" + leaked2Hash[5:] + ":1"},
	} {
		t.Run(name, func(t *testing.T) {
			count, err := client(t, answers(t, c.body), breach.RangeConfig{NTLM: c.ntlm}).Seen(t.Context(), leaked)
			requireUnchecked(t, leaked, count, err, breach.ReasonMalformed)
		})
	}
}
