package kettle

import (
	"bytes"
	"embed"
	"encoding/base64"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

//go:embed templates static
var files embed.FS

// pages are the templates of all pages in one language, each with the layout
// around it.
type pages map[string]*template.Template

// parseAll parses the pages in every language.
func parseAll(all tongues, now func() time.Time) (list []pages, err error) {
	for _, t := range all.list {
		p, err := parsePages(t, now)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func parsePages(speak tongue, now func() time.Time) (pages, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, name := range names {
		t := template.New("layout.html").Funcs(template.FuncMap{
			"say": speak.say, "markup": speak.markup, "date": speak.date, "moment": speak.moment, "number": speak.number, "price": speak.price,
			"product": speak.productText, "card": speak.cardText, "reason": speak.reason, "group": speak.group, "who": speak.who,
			"lang": speak.tag.String, "png": png, "now": now,
		})
		if t, err = t.ParseFS(files, "templates/layout.html", "templates/parts.html", name); err != nil {
			return nil, err
		}
		all[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return all, nil
}

// frame is what the layout shows around every page.
type frame struct {
	Brand string
	// Customer is nil for guests.
	Customer *customer
	// Held is true for customers who must do something first: they may sign out.
	Held  bool
	Items int
	// Away is true where cart and sign-in cannot be read at the moment.
	Away bool
	// Due announces a change that must be made later.
	Due rotate.Decision
	// Path is where the page is, for the navigation.
	Path string
	Page any
}

// show writes a page for the visitor.
func (s *Shop) show(w http.ResponseWriter, r *http.Request, status int, name string, page any) {
	f := frame{Brand: brand, Items: s.cart(r).count(), Away: away(r), Path: r.URL.Path, Page: page}
	if session, signedIn := web.From(r.Context()); signedIn {
		// A page is shown to a guest rather than not at all.
		if c, err := s.customers.load(r.Context(), session.Account); err == nil {
			f.Customer = &c
		}
		if _, d, err := web.Held(r.Context()); err == nil && !d.By.IsZero() {
			f.Due = d
		}
	} else if session, _, err := web.Held(r.Context()); err == nil {
		f.Held = !session.IsZero()
	}
	var text bytes.Buffer
	if err := s.pages[s.speak(w, r).index][name].Execute(&text, f); err != nil {
		s.log.Error("page", "name", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = text.WriteTo(w) // who has gone cannot be told so
}

// speak is the language of an answer, and says so in its headers.
func (s *Shop) speak(w http.ResponseWriter, r *http.Request) tongue {
	t := s.tongues.of(r)
	w.Header().Add("Vary", "Accept-Language")
	w.Header().Set("Content-Language", t.tag.String())
	return t
}

// fragment writes a part of a page, for htmx to put in its place.
func (s *Shop) fragment(w http.ResponseWriter, r *http.Request, status int, name string, part any) {
	var text bytes.Buffer
	if err := s.pages[s.speak(w, r).index]["typing"].ExecuteTemplate(&text, name, part); err != nil {
		s.log.Error("fragment", "name", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = text.WriteTo(w) // who has gone cannot be told so
}

// errorPage is a page that says what went wrong.
type errorPage struct {
	Status int
	Text   string
}

// problem shows such a page; text is in the visitor's language.
func (s *Shop) problem(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.show(w, r, status, "error", errorPage{status, text})
}

func (s *Shop) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, s.tongues.of(r).say("There is no such page."))
}

// fail answers an error for which the page has no place of its own.
func (s *Shop) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.reply(w, r, s.failure(w, err))
}

// failure turns an error into an answer, sets Retry-After, and logs what is not
// the visitor's doing.
func (s *Shop) failure(w http.ResponseWriter, err error) web.Answer {
	a := web.Failure(err)
	if a.Status >= http.StatusInternalServerError {
		s.log.Error("request", "error", err)
	}
	if a.RetryAfter > 0 {
		w.Header().Set("Retry-After", seconds(a.RetryAfter))
	}
	return a
}

// reply writes an answer in the shop's dress where it has no page of its own.
func (s *Shop) reply(w http.ResponseWriter, r *http.Request, a web.Answer) {
	if a.RetryAfter > 0 {
		w.Header().Set("Retry-After", seconds(a.RetryAfter))
	}
	if a.Location == "" && strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.problem(w, r, a.Status, s.tongues.of(r).says(a))
		return
	}
	a.Write(w, r)
}

// says tells a visitor what an answer means.
func (t tongue) says(a web.Answer) string {
	switch a.Code {
	case "denied":
		return t.say("That is not right. Please try again.")
	case "wait":
		return t.say("Too many tries. Please wait %s and try again.", t.wait(a.RetryAfter))
	case "refused":
		return t.say("Please choose another password.")
	case "bad_ticket":
		return t.say("This took too long, or was done already. Please start again.")
	case "no_browser":
		return t.say("Please allow cookies: they protect your sign-in.")
	case "need_proof":
		return t.say("This needs another proof that it is you.")
	case "sign_in_again":
		return t.say("Please sign in again.")
	case "not_found":
		return t.say("There is no such thing.")
	case "conflict":
		return t.say("This has changed meanwhile. Please look again.")
	}
	return t.say("The shop cannot do this right now. Please try again in a moment.")
}

// png is a picture inside a page, so that no other request can fetch it.
func png(picture []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture))
}
