package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// refusedNext are ways to name another host, or to hide one, collected from the
// parsing rules of the WHATWG URL standard and of RFC 3986.
var refusedNext = []string{
	"", "example.org", "https://example.org/", "HTTP://example.org", "//example.org", "///example.org", "////example.org",
	`/\example.org`, `\\example.org`, `\/example.org`, `/\/example.org`, `/a\b`, "/\t/example.org", "/\n/example.org", "/\r\n/example.org",
	"\t//example.org", " //example.org", "\x00//example.org", "/\x00/example.org", "/ /example.org", "/a b", "/\u00a0/example.org",
	"/\uff0f/example.org", "/\u2044example.org", "/\x7f/example.org", "/\x85/example.org", "/\u2028/example.org", "/.//example.org", "/..//example.org",
	"/a/..//example.org", "/a//b", "/./a", "/../a", "/a/.", "/a/..", "/%2f/example.org", "/%2F%2Fexample.org", "/%5cexample.org", "/a%5C%5Cb", "/%2e%2e/a", "/%2e/%2e%2e//example.org",
	"javascript:alert(1)", "javascript://example.org/%0aalert(1)", "data:text/html,x", "vbscript:x", "mailto:a@example.org", "?next=/", "#top", "a/b", ".", "..", "*",
	"http:example.org", "https:/example.org", "//user:pass@example.org", "//[::1]/", "/%zz", "/%", `/a"b`, "/a<b", "/a>b", "/a\r\nSet-Cookie: x=y", `/a?\b`, `/a#\b`, "/a?x=%", "/#%0X0",
	"/" + strings.Repeat("a", 2048), "//", "/\\", "/%2f",
}

func TestSafeNext(t *testing.T) {
	for _, next := range refusedNext {
		require.Equal(t, "/", web.SafeNext(next), "%q", next)
	}
	for _, next := range []string{
		"/", "/account/orders", "/account/orders/", "/a?next=https://example.org//x/../y", "/a?x=1&y=2#part", "/a#//b", "/a?b?c", "/%C3%BCber",
		"/a:b@c", "/a;b=c", "/...", "/.well-known/x", "/a..b", "/~ada/(x)'!*", "/" + strings.Repeat("a", 2047), "/%2525", "/?", "/#",
	} {
		require.Equal(t, next, web.SafeNext(next))
	}
}

// requireSameOrigin reads next as two kinds of readers do: RFC 3986, and a
// browser, which takes out tabs and line ends and knows no backslash.
func requireSameOrigin(t *testing.T, next string) {
	t.Helper()
	base, err := url.Parse("https://shop.example/account/password?x=1")
	require.NoError(t, err)
	u, err := base.Parse(next)
	require.NoError(t, err, "%q", next)
	require.Equal(t, "https", u.Scheme, "%q", next)
	require.Equal(t, "shop.example", u.Host, "%q", next)
	require.Nil(t, u.User, "%q", next)

	seen := strings.Trim(next, "\x00 \t\n\v\f\r")
	seen = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(seen)
	require.True(t, strings.HasPrefix(seen, "/") && !strings.HasPrefix(seen, "//"), "%q", next)
	plain, err := url.PathUnescape(seen)
	if err == nil {
		require.False(t, strings.HasPrefix(strings.ReplaceAll(plain, `\`, "/"), "//"), "%q", next)
	}
	for _, r := range next {
		require.True(t, r > ' ' && r < 0x7F, "%q", next)
	}
}

// FuzzSafeNext: the result is a path on the same origin for every reader, is
// the input or "/", and does not change at a second look.
func FuzzSafeNext(f *testing.F) {
	for _, next := range refusedNext {
		f.Add(next)
		f.Add("/" + next)
		f.Add("/a?" + next)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := web.SafeNext(next)
		require.True(t, got == next || got == "/")
		require.Equal(t, got, web.SafeNext(got))
		require.LessOrEqual(t, len(got), 2048)
		requireSameOrigin(t, got)

		// What net/http makes of it stays here too.
		w := httptest.NewRecorder()
		http.Redirect(w, httptest.NewRequest("POST", "https://shop.example/login", nil), got, http.StatusSeeOther)
		requireSameOrigin(t, w.Header().Get("Location"))
	})
}

// TestWayBack: next comes from the request only where it can be read again, and
// only as a path of this host.
func TestWayBack(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	const none = "/account/password"
	way := func(path string) string { return none + "?next=" + url.QueryEscape(path) }

	ask := func(method string, target *url.URL, headers ...string) string {
		r := httptest.NewRequest(method, "http://shop.example/", nil)
		r.URL = target
		r.AddCookie(c)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.handler = s.gate.Wrap(http.NotFoundHandler())
		s.handler.ServeHTTP(w, r)
		h := w.Header()
		require.NotEmpty(t, h.Get("Location")+h.Get("HX-Redirect"))
		return h.Get("Location") + h.Get("HX-Redirect")
	}
	for name, row := range map[string]struct {
		url  url.URL
		want string
	}{
		"path":             {url.URL{Path: "/a/b"}, way("/a/b")},
		"query":            {url.URL{Path: "/a", RawQuery: "q=%22x%22&r=a+b"}, way("/a?q=%22x%22&r=a+b")},
		"unicode":          {url.URL{Path: "/über uns"}, way("/%C3%BCber%20uns")},
		"root":             {url.URL{Path: "/"}, way("/")},
		"absolute form":    {url.URL{Scheme: "http", Host: "example.org", Path: "/a"}, way("/a")},
		"two slashes":      {url.URL{Path: "//example.org"}, none},
		"backslash":        {url.URL{Path: `/\example.org`}, none},
		"dots":             {url.URL{Path: "/a/../b"}, none},
		"opaque":           {url.URL{Scheme: "http", Opaque: "//example.org/x"}, none},
		"control":          {url.URL{Path: "/a\r\nb"}, way("/a%0D%0Ab")},
		"raw control":      {url.URL{Path: "/a", RawQuery: "x=\r\nSet-Cookie:y"}, none},
		"too long":         {url.URL{Path: "/a", RawQuery: strings.Repeat("x", 3000)}, none},
		"no path":          {url.URL{}, way("/")},
		"asterisk":         {url.URL{Path: "*"}, none},
		"encoded slash":    {url.URL{Path: "/a/b", RawPath: "/a%2Fb"}, way("/a%2Fb")},
		"malformed query":  {url.URL{Path: "/a", RawQuery: "%"}, none},
		"another's return": {url.URL{Path: "/a", RawQuery: "next=//example.org"}, way("/a?next=//example.org")},
	} {
		require.Equal(t, row.want, ask("GET", &row.url), name)
		require.Equal(t, row.want, ask("HEAD", &row.url), name)
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
			require.Equal(t, none, ask(method, &row.url), name)
		}
	}

	// htmx names the page around the request.
	at := &url.URL{Path: "/cart/fragment"}
	for current, want := range map[string]string{
		"":                                  none,
		"http://shop.example/cart?step=2#x": way("/cart?step=2"),
		"https://SHOP.example/cart":         way("/cart"),
		"http://shop.example":               way("/"),
		"http://example.org/cart":           none,
		"http://shop.example@example.org/":  none,
		"//shop.example/cart":               none,
		"/cart":                             none,
		"ftp://shop.example/cart":           none,
		"http://shop.example//example.org":  none,
		"http://shop.example/a/../../b":     none,
		"javascript:alert(1)":               none,
		"http://shop.example/%zz":           none,
		"http://shop.example/" + strings.Repeat("a", 5000): none,
	} {
		for _, method := range methods {
			if method == http.MethodOptions {
				continue
			}
			require.Equal(t, want, ask(method, at, "HX-Request", "true", "HX-Current-URL", current), "%s %q", method, current)
		}
	}
	boosted := []string{"HX-Request", "true", "HX-Boosted", "true", "HX-Current-URL", "http://shop.example/cart"}
	require.Equal(t, way("/cart/fragment"), ask("GET", at, boosted...), "a boosted link leads where it says")
	require.Equal(t, none, ask("POST", at, boosted...))
}

// TestS09_ATicketIsNotCopiedIntoAnotherURL: a link in a mail holds one, and the
// gate leaves it where it is.
func TestS09_ATicketIsNotCopiedIntoAnotherURL(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	issued, err := s.realm.Keeper.Issue(t.Context(), rotate.Request{Name: "ada@example.com", Browser: browser})
	require.NoError(t, err)
	require.NotEmpty(t, issued.Ticket)
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	for _, target := range []string{
		"/reset?ticket=" + issued.Ticket,
		"/reset?a=1&" + issued.Ticket + "&b=2",
		"/reset?to=" + url.QueryEscape("/reset?ticket="+issued.Ticket),
		"/reset/" + issued.Ticket,
		"/reset?ticket=%74" + issued.Ticket[1:],
	} {
		w := s.ask("GET", target, c)
		require.Equal(t, http.StatusSeeOther, w.Code, target)
		require.Equal(t, "/account/password", w.Header().Get("Location"), target)
		require.NotContains(t, w.Body.String(), issued.Ticket)
		w = s.ask("GET", "/x", c, "HX-Request", "true", "HX-Current-URL", "http://example.com"+target)
		require.Equal(t, "/account/password", w.Header().Get("HX-Redirect"), target)
	}
}
