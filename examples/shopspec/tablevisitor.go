package shopspec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// tableVisitor is a visitor of a shop that a table describes.
type tableVisitor struct {
	driver *tableDriver
	url    string
	client *http.Client

	mu             sync.Mutex
	token, renewal string
}

// maxPages is how many pages of a list are looked through.
const maxPages = 40

// Do implements [Visitor].
func (v *tableVisitor) Do(ctx context.Context, action Action, fields Fields) (Answer, error) {
	r, there := v.driver.routes[action]
	if !there {
		return Answer{}, ErrUnsupported
	}
	a, err := v.do(ctx, r, fields)
	if err != nil {
		return a, err
	}
	if a.Outcome == Denied && v.renew(ctx, action) {
		if a, err = v.do(ctx, r, fields); err != nil {
			return a, err
		}
	}
	if action == SignOut {
		v.keep("", "")
		return a, nil
	}
	for range maxPages {
		if r.more == nil || r.found(a) {
			break
		}
		next := r.more.find(a.Body, fields)
		if len(next) == 0 || !strings.HasPrefix(next[0], "/") {
			break
		}
		page := r
		page.Method, page.Path, page.Form, page.Fields, page.Fixed = http.MethodGet, next[0], "", nil, nil
		if a, err = v.do(ctx, page, fields); err != nil {
			return a, err
		}
	}
	if token := a.Value(Token); token != "" {
		v.keep(token, a.Value(Renewal))
	}
	return a, nil
}

// found tells whether an answer shows anything that the route looks for.
func (r route) found(a Answer) bool {
	for f := range r.find {
		if len(a.Found[f]) > 0 {
			return true
		}
	}
	return false
}

// renew fetches another token where the one that was used may be too old.
func (v *tableVisitor) renew(ctx context.Context, action Action) bool {
	r, there := v.driver.routes[Renew]
	v.mu.Lock()
	renewal := v.renewal
	v.mu.Unlock()
	switch action {
	case SignUp, Confirm, SignIn, GiveCode, ChoosePassword, ChangePassword, AskReset, Reset, Enroll, ConfirmFactor, StepUp, SignOut, Renew:
		return false // what was denied here is what was typed
	}
	if !there || renewal == "" {
		return false
	}
	a, err := v.do(ctx, r, Fields{Renewal: renewal})
	if err != nil || a.Value(Token) == "" {
		return false
	}
	if next := a.Value(Renewal); next != "" {
		renewal = next
	}
	v.keep(a.Value(Token), renewal)
	return true
}

func (v *tableVisitor) keep(token, renewal string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.token, v.renewal = token, renewal
}

// do sends one request and reads its answer.
func (v *tableVisitor) do(ctx context.Context, r route, fields Fields) (Answer, error) {
	req, err := v.request(ctx, r, fields)
	if err != nil {
		return Answer{}, err
	}
	res, err := v.client.Do(req)
	if err != nil {
		return Answer{}, plainError(r.name(), err)
	}
	a, err := ReadAnswer(res)
	if err != nil {
		return a, fmt.Errorf("%s: %w", r.name(), err)
	}
	a.Request = r.name()
	v.driver.read(r, fields, &a)
	return a, nil
}

// name is the route as a report tells it: what stands in the path may be a
// ticket.
func (r route) name() string {
	path, _, _ := strings.Cut(r.Path, "?")
	return r.Method + " " + clip(path, 60)
}

// plainError is an error of the client without the address, which may hold a
// ticket.
func plainError(request string, err error) error {
	var whole *url.Error
	if errors.As(err, &whole) {
		err = whole.Err
	}
	return fmt.Errorf("%s: %w", request, err)
}

func (v *tableVisitor) request(ctx context.Context, r route, fields Fields) (*http.Request, error) {
	where := placeholder.ReplaceAllStringFunc(r.Path, func(p string) string {
		return url.QueryEscape(fields[Field(p[1:len(p)-1])])
	})
	values := map[string]any{}
	if r.Form != "" {
		page, err := v.do(ctx, route{Route: Route{Method: http.MethodGet, Path: r.Form}}, nil)
		if err != nil {
			return nil, err
		}
		for name, value := range hidden(page.Body) {
			values[name] = value
		}
	}
	for name, value := range r.Fixed {
		values[name] = value
	}
	for f, name := range r.Fields {
		if value := fields[f]; value != "" {
			values[name] = v.driver.say(f, value)
		}
	}
	var body io.Reader
	var media string
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		text, err := v.driver.encode(values)
		if err != nil {
			return nil, err
		}
		body, media = bytes.NewReader(text), v.driver.media()
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, v.url+where, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: the address cannot be used", r.Method, clip(r.Path, 60))
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	if v.driver.json {
		req.Header.Set("Accept", "application/json")
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	v.mu.Lock()
	if v.token != "" {
		req.Header.Set("Authorization", "Bearer "+v.token)
	}
	v.mu.Unlock()
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	return req, nil
}

// say is a field as this shop wants it.
func (d *tableDriver) say(f Field, value string) any {
	switch f {
	case Group, Reason:
		if own, ok := d.table.Say[value]; ok {
			return own
		}
	case Count, Grace, Left:
		if n, err := strconv.Atoi(value); err == nil {
			return n
		}
	}
	return value
}

func (d *tableDriver) media() string {
	if d.json {
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

func (d *tableDriver) encode(values map[string]any) ([]byte, error) {
	if d.json {
		return json.Marshal(values)
	}
	form := url.Values{}
	for name, value := range values {
		form.Set(name, fmt.Sprint(value))
	}
	return []byte(form.Encode()), nil
}

// read finds out what an answer means and shows.
func (d *tableDriver) read(r route, fields Fields, a *Answer) {
	a.Outcome = d.meaning(r, fields, *a)
	if isJSON(a.Header) == d.json {
		part := a.Body
		if r.within != nil {
			part = r.within.Find(part)
		}
		for f, m := range r.find {
			if texts := m.find(part, fields); len(texts) > 0 {
				a.Found[f] = texts
			}
		}
	}
	for i, text := range a.Found[Reasons] {
		for _, one := range d.reasons {
			if one.pattern.MatchString(text) {
				a.Found[Reasons][i] = one.code
				break
			}
		}
	}
	if u, err := url.Parse(a.Location); err == nil && a.Location != "" {
		name := d.table.NextParameter
		if name == "" {
			name = "next"
		}
		if next := u.Query().Get(name); next != "" {
			a.Found[Next] = []string{next}
		}
	}
}

// meaning is the outcome of an answer: by a sign, by its code, by where it
// leads, by its status.
func (d *tableDriver) meaning(r route, fields Fields, a Answer) Outcome {
	for _, s := range r.signs {
		if s.status != a.Status && (s.status != 0 || a.Status < 200 || a.Status > 299) {
			continue
		}
		if s.match == nil || len(s.match.find(a.Body, fields)) > 0 {
			return s.means
		}
	}
	if isJSON(a.Header) {
		for _, code := range d.code.find(a.Body, nil) {
			if means, ok := d.codes[code]; ok {
				return means
			}
		}
	}
	if a.Location != "" && a.Status >= 300 && a.Status < 400 {
		means, known := d.lead(a.Location)
		if !known && r.Method == http.MethodGet {
			return Failed // whatever is there, it is not what was asked for
		}
		return means
	}
	return ofStatus(a.Status)
}

// lead is what it means to be sent to a place: that of the longest path which
// is it or above it. A place that the table does not know is good news after a
// form.
func (d *tableDriver) lead(location string) (means Outcome, known bool) {
	u, err := url.Parse(location)
	if err != nil || u.Host != "" {
		return Failed, true // another site, or nowhere
	}
	best, means := "", Passed
	for place, outcome := range d.table.Leads {
		if (u.Path == place || strings.HasPrefix(u.Path, place+"/")) && len(place) > len(best) {
			best, means = place, outcome
		}
	}
	return means, best != ""
}

// isJSON tells whether an answer says that it is JSON.
func isJSON(h http.Header) bool {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}
