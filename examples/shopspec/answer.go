package shopspec

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Answer is what came back to a visitor.
type Answer struct {
	// Request says what was asked, without secrets, as "POST /login".
	Request string
	Status  int
	Header  http.Header
	Body    []byte
	// Location is where the answer leads; "" if nowhere.
	Location string
	// Outcome is what all this means.
	Outcome Outcome
	// Found is what the answer shows.
	Found map[Field][]string
}

// Value is the first of what the answer shows as a field; "" if nothing.
func (a Answer) Value(f Field) string {
	if len(a.Found[f]) == 0 {
		return ""
	}
	return a.Found[f][0]
}

// RetryAfter is how long the answer says to wait; 0 if it does not.
func (a Answer) RetryAfter() time.Duration {
	s, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || s < 0 || s > maxRetryAfter {
		return 0
	}
	return time.Duration(s) * time.Second
}

// maxRetryAfter is a week in seconds; more is no answer to a wrong password.
const maxRetryAfter = 7 * 24 * 60 * 60

// String says what was asked and what came back, without secrets: no body, and
// no query of where it leads.
func (a Answer) String() string {
	if a.Request == "" {
		return "no answer"
	}
	text := fmt.Sprintf("%s: %d", a.Request, a.Status)
	if a.Location != "" {
		text += " to " + withoutQuery(a.Location)
	}
	if a.Outcome != "" && a.Outcome != Passed {
		text += ", " + string(a.Outcome)
	}
	return text
}

// withoutQuery is an address without what may be a ticket.
func withoutQuery(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return "somewhere"
	}
	text := clip(u.EscapedPath(), 60)
	if u.Host != "" {
		text = clip(u.Host, 60) + text
	}
	if u.RawQuery != "" {
		text += "?…"
	}
	return text
}

// clip cuts a text to so many runes.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}

// MaxBody bounds the body of an answer in bytes.
const MaxBody = 512 << 10

// ReadAnswer reads what came back and closes it. The outcome is that of the
// status; a driver that knows more sets another one, and another Request where a
// path may hold a ticket. An error means that there is no answer that could be
// judged, as one longer than [MaxBody].
func ReadAnswer(res *http.Response) (Answer, error) {
	defer res.Body.Close()
	a := Answer{
		Request: res.Request.Method + " " + clip(res.Request.URL.EscapedPath(), 60), Status: res.StatusCode, Header: res.Header,
		Outcome: ofStatus(res.StatusCode), Found: map[Field][]string{},
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxBody+1))
	switch {
	case err != nil:
		return a, fmt.Errorf("the answer broke off: %w", err)
	case len(body) > MaxBody:
		return a, fmt.Errorf("the answer is longer than %d KiB", MaxBody>>10)
	}
	a.Body = body
	if to := res.Header.Get("Location"); to != "" {
		a.Location = to
		// An absolute address of the shop itself is a path.
		if u, err := url.Parse(to); err == nil && u.Host == res.Request.URL.Host {
			a.Location = u.RequestURI()
		}
	}
	return a, nil
}
