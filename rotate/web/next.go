package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// maxNext bounds a way back; a longer one is left out. It leaves room in the
// 8000 bytes that RFC 9112, 3 asks every server to take for a request line.
const maxNext = 2048

// SafeNext checks where a form says to go on, and returns it if it is a path on
// the same origin, "/" if not. Redirect to nothing that did not pass through
// it.
//
// Accepted are up to 2048 bytes of printable ASCII that begin with one "/",
// have no empty and no dot segment in the path, and hold no backslash, space,
// quotation mark, angle bracket or broken percent escape: everything by which a
// browser, a proxy or a router could be led to read another host. A query and a
// fragment may follow.
func SafeNext(next string) string {
	if safe(next) {
		return next
	}
	return "/"
}

// safe tells whether next is a path on the same origin, whoever reads it.
func safe(next string) bool {
	if next == "" || next[0] != '/' || len(next) > maxNext {
		return false
	}
	for i := range len(next) {
		if c := next[i]; c <= ' ' || c >= 0x7F || c == '\\' || c == '"' || c == '<' || c == '>' {
			return false
		}
	}
	if _, err := url.PathUnescape(next); err != nil {
		return false
	}
	path := next
	if i := strings.IndexAny(next, "?#"); i >= 0 {
		path = next[:i]
	}
	plain, err := url.PathUnescape(path)
	return err == nil && isClean(plain) && !strings.Contains(plain, "\\")
}

// back is the query that brings a visitor back, or "": only a page that was
// read can be read again, a form that was sent cannot. For htmx it is the page
// around the request.
func back(r *http.Request) string {
	var next string
	switch formOf(r) {
	case page:
		next = read(r)
	case htmx:
		if r.Header.Get("HX-Boosted") == "true" {
			next = read(r)
		} else {
			next = current(r)
		}
	}
	if !safe(next) || holdsTicket(next) {
		return ""
	}
	return "?next=" + url.QueryEscape(next)
}

// read is the target of a request that reads.
func read(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	return r.URL.RequestURI()
}

// current is the page that htmx says it is on, if it is one of this host.
func current(r *http.Request) string {
	text := r.Header.Get("HX-Current-URL")
	if len(text) > 2*maxNext {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return u.RequestURI()
}

// holdsTicket tells whether part of a URL is a sealed value, such as the ticket
// of a link in a mail. It is not copied into another URL.
func holdsTicket(target string) bool {
	plain, err := url.QueryUnescape(target)
	if err != nil {
		return true
	}
	for _, text := range []string{target, plain} {
		for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("/?&=;#+ ", r) }) {
			if _, err := keyring.KeyID(part); err == nil {
				return true
			}
		}
	}
	return false
}
