package shopspec

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// twin is an answer, and what was typed to get it.
type twin struct {
	Answer
	typed []string
}

// differ says how two answers differ that must not tell who they are about; ""
// if they do not. noise is a third one, about nobody either like b: what differs
// between the two differs every time.
//
// Left out are what was typed, and texts of 20 and more letters, digits and
// dashes in a row, which are tickets and the like. A wait in seconds may differ
// by slack, as time goes by between the two.
func differ(a, b, noise twin, slack time.Duration) string {
	if a.Status != b.Status {
		return fmt.Sprintf("status %d for an account, %d for none", a.Status, b.Status)
	}
	if a.Outcome != b.Outcome {
		return fmt.Sprintf("%s for an account, %s for none", a.Outcome, b.Outcome)
	}
	if off := a.RetryAfter() - b.RetryAfter(); off > slack || off < -slack {
		return fmt.Sprintf("Retry-After of %v for an account, of %v for none", a.RetryAfter(), b.RetryAfter())
	}
	if name := headerThatDiffers(a, b, noise); name != "" {
		return "the header " + name
	}
	one, other := a.plain(), b.plain()
	if bytes.Equal(one, other) {
		return ""
	}
	at := 0
	for at < len(one) && at < len(other) && one[at] == other[at] {
		at++
	}
	return fmt.Sprintf("the bodies, from byte %d on: %q for an account, %q for none", at, around(one, at), around(other, at))
}

// around is a little of a text at a place.
func around(text []byte, at int) string {
	return string(bytes.ToValidUTF8(text[max(0, at-20):min(len(text), at+40)], nil))
}

// headerThatDiffers names a header that only one of two answers has, or that
// has another value where it does not differ anyway.
func headerThatDiffers(a, b, noise twin) string {
	for _, name := range slices.Sorted(maps.Keys(union(a.Header, b.Header))) {
		if (a.Header[name] == nil) != (b.Header[name] == nil) {
			return name
		}
		switch name {
		case "Set-Cookie", "Date", "Retry-After", "Content-Length", "Location":
			continue // values of these are seen elsewhere, or are tickets
		}
		if slices.Equal(b.Header[name], noise.Header[name]) && !slices.Equal(a.Header[name], b.Header[name]) {
			return name
		}
	}
	return ""
}

func union(a, b http.Header) http.Header {
	all := maps.Clone(a)
	if all == nil {
		all = http.Header{}
	}
	maps.Copy(all, b)
	return all
}

var longText = regexp.MustCompile(`[A-Za-z0-9_\-+/=.%]{20,}`)

// plain is the body without what was typed, tickets, and the wait.
func (t twin) plain() []byte {
	text := t.Body
	for _, typed := range t.typed {
		for _, form := range forms(typed) {
			text = bytes.ReplaceAll(text, []byte(form), []byte("{typed}"))
		}
	}
	text = longText.ReplaceAll(text, []byte("{long}"))
	if wait := t.RetryAfter(); wait > 0 {
		number := regexp.MustCompile(`\b` + strconv.Itoa(int(wait/time.Second)) + `\b`)
		text = number.ReplaceAll(text, []byte("{wait}"))
	}
	return text
}
