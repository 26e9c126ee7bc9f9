package shopspec

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDiffer: what tells an account from nobody, and what does not.
func TestDiffer(t *testing.T) {
	answer := func(body, email string, headers ...string) twin {
		h := http.Header{}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return twin{Answer{Status: 401, Outcome: Denied, Header: h, Body: []byte(body)}, []string{email}}
	}
	const ada, bob = "ada@example.com", "bob+1@example.com"
	noise := answer("no", "x@example.com", "X-Id", "3", "Server", "s")
	for name, test := range map[string]struct {
		a, b twin
		says string
	}{
		"alike":                {answer("wrong", ada), answer("wrong", bob), ""},
		"the typed address":    {answer("wrong: ada@example.com", ada), answer("wrong: bob&#43;1@example.com", bob), ""},
		"the address in a URL": {answer("?e=ada%40example.com", ada), answer("?e=bob%2B1%40example.com", bob), ""},
		"a ticket":             {answer(`value="v1.AAAAAAAAAAAAAAAAAAAAAAAA"`, ada), answer(`value="v1.BBBBBBBBBBBBBBBBBBBBBBBBBBBB"`, bob), ""},
		"words":                {answer("wrong password", ada), answer("no such account", bob), "the bodies"},
		"a blank":              {answer("wrong ", ada), answer("wrong", bob), "the bodies"},
		"tries that are left":  {answer("3 left", ada), answer("4 left", bob), "the bodies"},
		"a header more":        {answer("", ada, "X-Account", "yes"), answer("", bob), "header X-Account"},
		"a header less":        {answer("", ada), answer("", bob, "Set-Cookie", "a=b"), "header Set-Cookie"},
		"a header's value":     {answer("", ada, "Server", "t"), answer("", bob, "Server", "s"), "header Server"},
		"a header like noise":  {answer("", ada, "X-Id", "1"), answer("", bob, "X-Id", "2"), ""},
		"cookies":              {answer("", ada, "Set-Cookie", "a=1"), answer("", bob, "Set-Cookie", "a=2"), ""},
		"a wait and its words": {answer("wait 3 s", ada, "Retry-After", "3"), answer("wait 2 s", bob, "Retry-After", "2"), ""},
		"a longer wait":        {answer("", ada, "Retry-After", "9"), answer("", bob, "Retry-After", "2"), "Retry-After"},
		"a wait and none":      {answer("", ada, "Retry-After", "1"), answer("", bob), "header Retry-After"},
	} {
		d := differ(test.a, test.b, noise, 2*time.Second)
		if test.says == "" {
			require.Empty(t, d, name)
			continue
		}
		require.Contains(t, d, test.says, name)
	}
	other := answer("", bob)
	other.Status = 404
	require.Contains(t, differ(answer("", ada), other, noise, 0), "status 401")
	other = answer("", bob)
	other.Outcome = Passed
	require.Contains(t, differ(answer("", ada), other, noise, 0), "passed")
}

// TestSecrets: a secret is found in every way it may be written, and hidden.
func TestSecrets(t *testing.T) {
	var s secrets
	s.add(aPassword, `pläin & "quoted" + 7`)
	s.add(aRecovery, "ABCD-EFGH-IJKL")
	s.add(aPassword, "short")
	require.Equal(t, 2, s.count())
	for _, text := range []string{
		`the pläin & "quoted" + 7 text`,
		`p=pl%C3%A4in+%26+%22quoted%22+%2B+7`,
		`/pl%C3%A4in%20&%20%22quoted%22%20+%207/`,
		`value="pläin &amp; &#34;quoted&#34; + 7"`,
		`value="pläin &amp; &#34;quoted&#34; &#43; 7"`,
		`{"p":"pläin \u0026 \"quoted\" + 7"}`,
	} {
		require.Equal(t, aPassword, s.within([]byte(text), ""), text)
		require.Empty(t, s.within([]byte(text), aRecovery))
		require.Contains(t, s.hide(text), "…")
		require.NotContains(t, s.hide(text), "quoted")
	}
	require.Empty(t, s.within([]byte("short"), ""))
	require.Equal(t, aRecovery, s.within([]byte("code=ABCD-EFGH-IJKL"), ""))
}
