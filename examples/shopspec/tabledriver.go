package shopspec

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// HTML returns the driver of a shop whose pages are forms. The error says which
// line of the table cannot be used.
func HTML(t Table) (Driver, error) {
	return newTableDriver(t, false, func(text string) (match, error) { return readPattern(text) })
}

// JSON returns the driver of a shop that programs speak to: requests and
// answers are JSON, and a Token that an answer shows is sent along from then
// on, in Authorization: Bearer. Where the table has none, Script is done as
// Page is, and ScriptDeed as Deed.
func JSON(t Table) (Driver, error) {
	return newTableDriver(t, true, func(text string) (match, error) { return readPath(text) })
}

// ErrTable reports a table that cannot be used.
var ErrTable = errors.New("shopspec: the table of the shop cannot be used")

// tableDriver is a table with its matches read.
type tableDriver struct {
	table   Table
	json    bool
	code    path
	codes   map[string]Outcome
	reasons []reason
	mails   map[Action]*regexp.Regexp
	routes  map[Action]route
}

// route is a Route with its matches read.
type route struct {
	Route
	within *regexp.Regexp // nil: all
	find   map[Field]match
	more   match
	signs  []sign
}

type sign struct {
	status int
	match  match // nil: always
	means  Outcome
}

// reason is a pattern of what a shop says, and the code for it.
type reason struct {
	pattern *regexp.Regexp
	code    string
}

func newTableDriver(t Table, json bool, read func(string) (match, error)) (Driver, error) {
	d := &tableDriver{table: t, json: json, codes: codes(), mails: map[Action]*regexp.Regexp{}, routes: map[Action]route{}}
	for code, means := range t.Codes {
		d.codes[code] = means
	}
	var errs []error
	bad := func(where string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: %s: %w", ErrTable, where, err))
		}
	}
	var err error
	if t.Code == "" {
		t.Code = "code"
	}
	d.code, err = readPath(t.Code)
	bad("code", err)
	for _, means := range t.Codes {
		bad("codes", known("outcome", means, Outcomes()))
	}
	for _, means := range t.Leads {
		bad("leads", known("outcome", means, Outcomes()))
	}
	for _, text := range slices.Sorted(maps.Keys(t.Reasons)) {
		p, err := regexp.Compile(text)
		bad("reasons", err)
		d.reasons = append(d.reasons, reason{p, t.Reasons[text]})
	}
	for about, text := range t.Mails {
		p, err := regexp.Compile(text)
		if err == nil && p.NumSubexp() != 1 {
			err = fmt.Errorf("%q has %d groups, not one", text, p.NumSubexp())
		}
		bad("mails", err)
		d.mails[about] = p
	}
	for action, r := range t.Routes {
		bad(string(action), known("action", action, Actions()))
		one, err := readRoute(r, read)
		bad(string(action), err)
		d.routes[action] = one
	}
	if json {
		d.likewise(Script, Page)
		d.likewise(ScriptDeed, Deed)
	}
	return d, errors.Join(errs...)
}

// likewise does an action that has no route as another one.
func (d *tableDriver) likewise(action, as Action) {
	r, there := d.routes[as]
	if _, own := d.routes[action]; there && !own {
		d.routes[action] = r
	}
}

func readRoute(r Route, read func(string) (match, error)) (route, error) {
	one := route{Route: r, find: map[Field]match{}}
	var errs []error
	if !strings.HasPrefix(r.Path, "/") {
		errs = append(errs, fmt.Errorf("the path %q does not begin with a slash", r.Path))
	}
	if one.Method == "" {
		one.Method = http.MethodGet
		if r.Form != "" || len(r.Fields) > 0 || len(r.Fixed) > 0 {
			one.Method = http.MethodPost
		}
	}
	for f := range r.Fields {
		errs = append(errs, known("field", f, AllFields()))
	}
	for f, text := range r.Find {
		m, err := read(text)
		errs = append(errs, err, known("field", f, AllFields()))
		one.find[f] = m
	}
	if r.Within != "" {
		p, err := regexp.Compile(r.Within)
		errs = append(errs, err)
		one.within = p
	}
	if r.More != "" {
		m, err := read(r.More)
		errs = append(errs, err)
		one.more = m
	}
	for _, s := range r.Signs {
		errs = append(errs, known("outcome", s.Means, Outcomes()))
		next := sign{status: s.Status, means: s.Means}
		if s.Match != "" {
			m, err := read(s.Match)
			errs = append(errs, err)
			next.match = m
		}
		one.signs = append(one.signs, next)
	}
	return one, errors.Join(errs...)
}

// Visit implements [Driver].
func (d *tableDriver) Visit(url string, client *http.Client) Visitor {
	return &tableVisitor{driver: d, url: strings.TrimSuffix(url, "/"), client: client}
}

// Ticket implements [Driver].
func (d *tableDriver) Ticket(about Action, m Mail) string {
	p := d.mails[about]
	if p == nil {
		return ""
	}
	found := p.FindStringSubmatch(m.Text)
	if found == nil {
		return ""
	}
	ticket, err := url.QueryUnescape(found[1])
	if err != nil {
		return ""
	}
	return ticket
}
