package shopspec_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// visit does one action at a server of one handler.
func visit(t *testing.T, d shopspec.Driver, h http.HandlerFunc, action shopspec.Action, fields shopspec.Fields) (shopspec.Answer, error) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return d.Visit(server.URL, visitorClient(t)).Do(t.Context(), action, fields)
}

func visitorClient(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func page(status int, media, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// TestMeaning: what an answer means, by sign, code, place and status, in this
// order.
func TestMeaning(t *testing.T) {
	table := shopspec.Table{
		Leads: map[string]shopspec.Outcome{"/login": shopspec.Denied, "/account/password": shopspec.NeedPassword, "/account": shopspec.Passed},
		Codes: map[string]shopspec.Outcome{"must_rotate": shopspec.NeedPassword},
		Routes: map[shopspec.Action]shopspec.Route{
			shopspec.Page:   {Path: "/account"},
			shopspec.SignIn: {Path: "/login", Fields: map[shopspec.Field]string{shopspec.Email: "email"}, Signs: []shopspec.Sign{{Match: "one more step", Means: shopspec.NeedCode}, {Status: 418, Means: shopspec.Wait}}},
		},
	}
	d, err := shopspec.HTML(table)
	require.NoError(t, err)
	const html, js = "text/html; charset=utf-8", "application/problem+json"
	for _, test := range []struct {
		name   string
		action shopspec.Action
		answer http.HandlerFunc
		means  shopspec.Outcome
	}{
		{"page", shopspec.Page, page(200, html, "hello"), shopspec.Passed},
		{"sent to sign in", shopspec.Page, page(303, html, "", "Location", "/login?next=%2Faccount"), shopspec.Denied},
		{"sent below it", shopspec.Page, page(302, html, "", "Location", "/login/code"), shopspec.Denied},
		{"sent beside it", shopspec.Page, page(302, html, "", "Location", "/logins"), shopspec.Failed},
		{"the longest place", shopspec.Page, page(302, html, "", "Location", "/account/password?next=x"), shopspec.NeedPassword},
		{"a page elsewhere", shopspec.Page, page(303, html, "", "Location", "/elsewhere"), shopspec.Failed},
		{"a form that leads on", shopspec.SignIn, page(303, html, "", "Location", "/elsewhere"), shopspec.Passed},
		{"a sign", shopspec.SignIn, page(200, html, "<p>one more step"), shopspec.NeedCode},
		{"a sign of another status", shopspec.SignIn, page(401, html, "<p>one more step"), shopspec.Denied},
		{"a sign by status", shopspec.SignIn, page(418, html, ""), shopspec.Wait},
		{"401", shopspec.SignIn, page(401, html, ""), shopspec.Denied},
		{"403", shopspec.SignIn, page(403, html, ""), shopspec.NeedProof},
		{"404", shopspec.SignIn, page(404, html, ""), shopspec.Missing},
		{"422", shopspec.SignIn, page(422, html, ""), shopspec.Refused},
		{"429", shopspec.SignIn, page(429, html, ""), shopspec.Wait},
		{"400", shopspec.SignIn, page(400, html, ""), shopspec.Failed},
		{"500", shopspec.SignIn, page(500, html, ""), shopspec.Failed},
		{"503", shopspec.SignIn, page(503, html, ""), shopspec.Failed},
		{"a code of web", shopspec.Page, page(403, js, `{"code":"need_enroll"}`), shopspec.NeedEnroll},
		{"a code of the shop", shopspec.Page, page(403, js, `{"code":"must_rotate"}`), shopspec.NeedPassword},
		{"a code that nobody knows", shopspec.Page, page(403, js, `{"code":"oh"}`), shopspec.NeedProof},
		{"a code that is no code", shopspec.Page, page(403, js, `{"code":{}}`), shopspec.NeedProof},
		{"no JSON at all", shopspec.Page, page(403, js, `<html>`), shopspec.NeedProof},
		{"a code in a page", shopspec.Page, page(403, html, `{"code":"need_enroll"}`), shopspec.NeedProof},
	} {
		a, err := visit(t, d, test.answer, test.action, nil)
		require.NoError(t, err, test.name)
		require.Equal(t, test.means, a.Outcome, test.name)
	}
}

// TestHTMLSendsAndFinds: fields go where the table says, hidden ones come along,
// and what a page shows is found and unescaped.
func TestHTMLSendsAndFinds(t *testing.T) {
	d, err := shopspec.HTML(shopspec.Table{
		Say:     map[string]string{"customers": "Kunden", "policy_raised": "strenger"},
		Reasons: map[string]string{"mindestens": "too_short"},
		Routes: map[shopspec.Action]shopspec.Route{
			shopspec.PlaceOrder: {
				Path: "/orders/{id}", Form: "/orders/new", Fixed: map[string]any{"go": true, "n": 3},
				Fields: map[shopspec.Field]string{shopspec.Group: "gruppe", shopspec.Reason: "grund", shopspec.Note: "note", shopspec.Count: "zahl"},
				Within: `(?s)<div id="problem">.*?</div>`,
				Find:   map[shopspec.Field]string{shopspec.Reasons: `<li>([^<]*)</li>`, shopspec.Left: `<li>{note}</li>`},
			},
		},
	})
	require.NoError(t, err)
	var sent []string
	shop := func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		sent = append(sent, r.Method+" "+r.URL.Path+" "+r.PostForm.Encode())
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<ul><li>mindestens, aber hier nicht</li></ul><form><input type="hidden" name="csrf" value="a&amp;b"><INPUT value='c"d' name=bare type=hidden><input type='hidden' name='two' value='2'><input name="text" value="no"></form>
			<div id="problem"><ul><li>mindestens 15</li><li>andere &amp; mehr</li><li>a.*b</li></ul></div><li>a.*b</li>`)
	}
	a, err := visit(t, d, shop, shopspec.PlaceOrder, shopspec.Fields{
		shopspec.ID: "17/../x", shopspec.Group: "customers", shopspec.Reason: "policy_raised", shopspec.Note: "a.*b", shopspec.Count: "3", shopspec.Email: "not sent", shopspec.Grace: "",
	})
	require.NoError(t, err)
	require.Equal(t, []string{
		"GET /orders/new ",
		"POST /orders/17/../x csrf=a%26b&go=true&grund=strenger&gruppe=Kunden&n=3&note=a.%2Ab&two=2&zahl=3",
	}, sent)
	require.Equal(t, []string{"too_short", "andere & mehr", "a.*b"}, a.Found[shopspec.Reasons])
	require.Equal(t, []string{"<li>a.*b</li>"}, a.Found[shopspec.Left], "only within, and a note is no pattern")
	require.Equal(t, "POST /orders/{id}", a.Request, "what stands in the path is not told")

	_, err = visit(t, d, shop, shopspec.Cart, nil)
	require.ErrorIs(t, err, shopspec.ErrUnsupported)
}

// TestPagesOfAList: what is looked for may be on a later page, and a list without
// end has one.
func TestPagesOfAList(t *testing.T) {
	d, err := shopspec.HTML(shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{
		shopspec.Customers: {Path: "/list", Find: map[shopspec.Field]string{shopspec.ID: `(\d+):{email}`}, More: `more=(/list\?after=\d+)`},
	}})
	require.NoError(t, err)
	asked := 0
	list := func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "text/html")
		if r.FormValue("after") == "2" {
			_, _ = io.WriteString(w, "17:ada@example.com")
			return
		}
		_, _ = io.WriteString(w, "16:ben@example.com more=/list?after=2")
	}
	a, err := visit(t, d, list, shopspec.Customers, shopspec.Fields{shopspec.Email: "ada@example.com"})
	require.NoError(t, err)
	require.Equal(t, "17", a.Value(shopspec.ID))
	require.Equal(t, 2, asked)

	asked = 0
	endless := func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "more=/list?after=1")
	}
	a, err = visit(t, d, endless, shopspec.Customers, shopspec.Fields{shopspec.Email: "ada@example.com"})
	require.NoError(t, err)
	require.Empty(t, a.Value(shopspec.ID))
	require.Less(t, asked, 100)
}

// TestJSONPaths: what the paths of a table find.
func TestJSONPaths(t *testing.T) {
	const body = `{"a":{"b":"text"},"n":12345678901234567890,"yes":true,"none":null,"list":[{"id":1,"note":"x=y","sub":{"k":"v"}},{"id":2,"note":"z"},3],"words":["one","two"],"state":"due","deep":[[1]]}`
	for path, want := range map[string][]string{
		"a.b":                     {"text"},
		"a":                       {`{"b":"text"}`},
		"n":                       {"12345678901234567890"},
		"yes":                     {"true"},
		"none":                    nil,
		"missing.b":               nil,
		"a.b.c":                   nil,
		"list[*].id":              {"1", "2"},
		"words[*]":                {"one", "two"},
		"list[note=z].id":         {"2"},
		"list[note={note}].id":    {"1"},
		"list[note={note}].sub.k": {"v"},
		"list[note=q].id":         nil,
		"state=due":               {"due"},
		"state=done":              nil,
		"words[note=x]":           nil,
		"deep[*][*]":              {"1"},
	} {
		d, err := shopspec.JSON(shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{
			shopspec.Page: {Path: "/", Find: map[shopspec.Field]string{shopspec.Items: path}},
		}})
		require.NoError(t, err, path)
		a, err := visit(t, d, page(200, "application/json", body), shopspec.Page, shopspec.Fields{shopspec.Note: "x=y"})
		require.NoError(t, err)
		require.Equal(t, want, a.Found[shopspec.Items], path)
		a, err = visit(t, d, page(200, "application/json", body), shopspec.Script, shopspec.Fields{shopspec.Note: "x=y"})
		require.NoError(t, err)
		require.Equal(t, want, a.Found[shopspec.Items], "a script is a page here")
	}
}

// TestTokens: a token is sent from then on, renewed once where it is too old,
// and forgotten when the visitor signs out.
func TestTokens(t *testing.T) {
	d, err := shopspec.JSON(shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{
		shopspec.SignIn:  {Path: "/in", Fields: map[shopspec.Field]string{shopspec.Email: "email"}, Find: map[shopspec.Field]string{shopspec.Token: "token", shopspec.Renewal: "renewal"}},
		shopspec.Renew:   {Path: "/renew", Fields: map[shopspec.Field]string{shopspec.Renewal: "renewal"}, Find: map[shopspec.Field]string{shopspec.Token: "token"}},
		shopspec.Page:    {Path: "/page"},
		shopspec.SignOut: {Method: "POST", Path: "/out"},
	}})
	require.NoError(t, err)
	good, log := "one", []string(nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log = append(log, r.URL.Path+" "+r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		var sent map[string]string
		_ = json.NewDecoder(r.Body).Decode(&sent)
		switch {
		case r.URL.Path == "/in":
			_, _ = io.WriteString(w, `{"token":"one","renewal":"r"}`)
		case r.URL.Path == "/renew" && sent["renewal"] == "r":
			good = "two"
			_, _ = io.WriteString(w, `{"token":"two"}`)
		case r.URL.Path == "/page" && r.Header.Get("Authorization") != "Bearer "+good:
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer server.Close()
	v := d.Visit(server.URL, visitorClient(t))
	do := func(action shopspec.Action) shopspec.Outcome {
		a, err := v.Do(t.Context(), action, shopspec.Fields{shopspec.Email: "ada@example.com"})
		require.NoError(t, err)
		return a.Outcome
	}
	require.Equal(t, shopspec.Denied, do(shopspec.Page))
	require.Equal(t, shopspec.Passed, do(shopspec.SignIn))
	require.Equal(t, shopspec.Passed, do(shopspec.Page))
	good = "too old"
	require.Equal(t, shopspec.Passed, do(shopspec.Page), "renewed")
	require.Equal(t, shopspec.Passed, do(shopspec.SignOut))
	require.Equal(t, shopspec.Denied, do(shopspec.Page))
	require.Equal(t, []string{
		"/page ", "/in ", "/page Bearer one", "/page Bearer one", "/renew Bearer one", "/page Bearer two", "/out Bearer two", "/page ",
	}, log)
}

// TestTicketOfAMail reads a mail as a table says.
func TestTicketOfAMail(t *testing.T) {
	d, err := shopspec.HTML(shopspec.Table{Mails: map[shopspec.Action]string{shopspec.Reset: `/reset\?ticket=([^&\s]+)`}})
	require.NoError(t, err)
	require.Equal(t, "a+b=", d.Ticket(shopspec.Reset, shopspec.Mail{Text: "go to /reset?ticket=a%2Bb%3D&x=1 now"}))
	require.Empty(t, d.Ticket(shopspec.Reset, shopspec.Mail{Text: "/reset?ticket=%zz"}))
	require.Empty(t, d.Ticket(shopspec.Reset, shopspec.Mail{Text: "nothing"}))
	require.Empty(t, d.Ticket(shopspec.Confirm, shopspec.Mail{Text: "/reset?ticket=a"}))
}

// TestTableRefused: a table that cannot be used says why.
func TestTableRefused(t *testing.T) {
	route := func(r shopspec.Route) shopspec.Table {
		return shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{shopspec.Page: r}}
	}
	for says, table := range map[string]shopspec.Table{
		`no action "fly"`:        {Routes: map[shopspec.Action]shopspec.Route{"fly": {Path: "/"}}},
		`no field "colour"`:      route(shopspec.Route{Path: "/", Fields: map[shopspec.Field]string{"colour": "c"}}),
		`no outcome "great"`:     {Leads: map[string]shopspec.Outcome{"/": "great"}},
		`begin with a slash`:     route(shopspec.Route{Path: "account"}),
		`missing closing`:        route(shopspec.Route{Path: "/", Find: map[shopspec.Field]string{shopspec.Items: "(a"}}),
		`2 groups`:               route(shopspec.Route{Path: "/", More: "(a)(b)"}),
		`0 groups`:               {Mails: map[shopspec.Action]string{shopspec.Reset: "ticket"}},
		`no outcome "fine"`:      route(shopspec.Route{Path: "/", Signs: []shopspec.Sign{{Means: "fine"}}}),
		`reasons: error parsing`: {Reasons: map[string]string{"(": "too_short"}},
	} {
		_, err := shopspec.HTML(table)
		require.ErrorIs(t, err, shopspec.ErrTable, says)
		require.ErrorContains(t, err, says)
	}
	_, err := shopspec.JSON(route(shopspec.Route{Path: "/", Find: map[shopspec.Field]string{shopspec.Items: "a[0"}}))
	require.ErrorContains(t, err, "no path")
}

// TestDescription: the file of the reference shop is read, written and read again
// as the same, and others say what is wrong with them.
func TestDescription(t *testing.T) {
	kettle, err := shopspec.Kettle()
	require.NoError(t, err)
	require.Equal(t, "Copper Kettle", kettle.Name)
	actions := slices.Sorted(maps.Keys(kettle.Routes))
	all := slices.DeleteFunc(shopspec.Actions(), func(a shopspec.Action) bool { return a == shopspec.Renew })
	slices.Sort(all)
	require.Equal(t, all, actions, "it shows every action but that of tokens")
	text, err := json.Marshal(kettle)
	require.NoError(t, err)
	again, err := shopspec.ReadDescription(strings.NewReader(string(text)))
	require.NoError(t, err)
	require.Equal(t, kettle, again)

	for says, bad := range map[string]string{
		"unknown field": `{"routs": {}}`,
		"neither":       `{"kind": "xml"}`,
		"EOF":           ``,
		"follows":       `{} {}`,
		"no action":     `{"routes": {"fly": {"path": "/"}}}`,
		"KiB":           `{"name": "` + strings.Repeat("a", 2<<20) + `"}`,
	} {
		_, err := shopspec.ReadDescription(strings.NewReader(bad))
		require.ErrorIs(t, err, shopspec.ErrTable, says)
		require.ErrorContains(t, err, says)
	}
}

// TestErrorsHoldNoAddress: what the client says of an address may be a ticket.
func TestErrorsHoldNoAddress(t *testing.T) {
	d, err := shopspec.HTML(shopspec.Table{Routes: map[shopspec.Action]shopspec.Route{shopspec.Reset: {Path: "/reset/{ticket}?t={ticket}"}}})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err = d.Visit("http://127.0.0.1:1", visitorClient(t)).Do(ctx, shopspec.Reset, shopspec.Fields{shopspec.Ticket: "geheim"})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "geheim")
}
