package main

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

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

//go:embed templates static
var files embed.FS

// pages are the templates of all pages, each with the layout around it.
type pages map[string]*template.Template

func parsePages(now func() time.Time) (pages, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	all := pages{}
	for _, name := range names {
		t := template.New("layout.html").Funcs(template.FuncMap{
			"date": date, "moment": moment, "reason": reasonText, "png": png, "now": now, "join": strings.Join,
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
	// Due announces a change that must be made later.
	Due rotate.Decision
	// Path is where the page is, for the navigation.
	Path string
	Page any
}

// show writes a page for the visitor.
func (s *shop) show(w http.ResponseWriter, r *http.Request, status int, name string, page any) {
	f := frame{Brand: brand, Items: s.cart(r).count(), Path: r.URL.Path, Page: page}
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
	if err := s.pages[name].Execute(&text, f); err != nil {
		s.log.Error("page", "name", name, "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = text.WriteTo(w) // who has gone cannot be told so
}

// fragment writes a part of a page, for htmx to put in its place.
func (s *shop) fragment(w http.ResponseWriter, status int, name string, part any) {
	var text bytes.Buffer
	if err := s.pages["typing"].ExecuteTemplate(&text, name, part); err != nil {
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

func (s *shop) problem(w http.ResponseWriter, r *http.Request, status int, text string) {
	s.show(w, r, status, "error", errorPage{status, text})
}

func (s *shop) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, "There is no such page.")
}

// fail answers an error for which the page has no place of its own.
func (s *shop) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.reply(w, r, s.failure(w, err))
}

// failure turns an error into an answer, sets Retry-After, and logs what is not
// the visitor's doing.
func (s *shop) failure(w http.ResponseWriter, err error) web.Answer {
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
func (s *shop) reply(w http.ResponseWriter, r *http.Request, a web.Answer) {
	if a.Location == "" && strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.problem(w, r, a.Status, says(a))
		return
	}
	a.Write(w, r)
}

// says tells a visitor what an answer means.
func says(a web.Answer) string {
	switch a.Code {
	case "denied":
		return "That is not right. Please try again."
	case "wait":
		return "Too many tries. Please wait " + wait(a.RetryAfter) + " and try again."
	case "refused":
		return "Please choose another password."
	case "bad_ticket":
		return "This took too long, or was done already. Please start again."
	case "no_browser":
		return "Please allow cookies: they protect your sign-in."
	case "need_proof":
		return "This needs another proof that it is you."
	case "sign_in_again":
		return "Please sign in again."
	case "not_found":
		return "There is no such thing."
	case "conflict":
		return "This has changed meanwhile. Please look again."
	}
	return "The shop cannot do this right now. Please try again in a moment."
}

// problems are the texts of a refused password, all at once.
func problems(list []policy.Problem) []string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.Text
	}
	return texts
}

func date(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.Format("2 Jan 2006")
}

func moment(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05 UTC") }

// png is a picture inside a page, so that no other request can fetch it.
func png(picture []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture))
}
