package main

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/base64"
	"html/template"
	"strings"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

//go:embed pages
var files embed.FS

// parsePages reads the templates.
func (s *shop) parsePages() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"moment": func(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") },
		"rules":  s.keeper.Describe, "picture": picture, "key": func(e rotate.Enrollment) string { return e.Secret.Reveal() },
	}).ParseFS(files, "pages/*.html")
}

// page is what a template gets.
type page struct {
	web.Answer
	// Account is what is known about a signed-in customer.
	Account rotate.Status
	// Next, Email, Name and Token are what a form held, for the next one.
	Next, Email, Name, Token string
	// Data is what the page is about.
	Data any
}

// show writes a page. Its status is that of the answer, 200 where it has none. It
// does without fiber's Render, whose first calls race (v3.1.0).
func (s *shop) show(c fiber.Ctx, name string, a web.Answer, data any) error {
	a.Ticket = cmp.Or(a.Ticket, c.FormValue("ticket"))
	p := page{
		Answer: a, Next: next(c), Email: clip(c.FormValue("email"), maxEmail), Name: clip(c.FormValue("name"), maxText),
		Token: c.FormValue("token"), Data: data,
	}
	if account := heldAnyway(c).Account; account != "" {
		// A page without it is better than none, where the store is down.
		p.Account, _ = s.keeper.Lookup(c.Context(), account)
		person, _ := s.customers.byAccount(c.Context(), account)
		p.Email = cmp.Or(p.Email, person.email)
	}
	if a.RetryAfter > 0 {
		c.Set(fiber.HeaderRetryAfter, seconds(a.RetryAfter))
	}
	var text bytes.Buffer
	if err := s.pages.ExecuteTemplate(&text, name, p); err != nil {
		return err
	}
	c.Type("html", "utf-8")
	return c.Status(cmp.Or(a.Status, fiber.StatusOK)).Send(text.Bytes())
}

// heldAnyway is held for pages that may come before there is an edge.
func heldAnyway(c fiber.Ctx) rotate.Session {
	if c.Locals(edgeKey{}) == nil {
		return rotate.Session{}
	}
	return held(c)
}

// form is a page that asks for something, and sets the cookie tickets are bound
// to.
func (s *shop) form(name string) fiber.Handler {
	return func(c fiber.Ctx) error {
		browser(c)
		return s.show(c, name, web.Answer{}, nil)
	}
}

// picture is the QR code of an offer, as the source of an image.
func picture(e rotate.Enrollment, label string) (template.URL, error) {
	const pixels = 240
	png, err := e.QR(label, pixels)
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)), err
}

func style(c fiber.Ctx) error {
	css, err := files.ReadFile("pages/style.css")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	c.Type("css", "utf-8")
	return c.Send(css)
}

// outbox shows the mails to whoever sits at this machine.
func (s *shop) outbox(c fiber.Ctx) error {
	if !c.IsFromLocal() {
		return fiber.ErrNotFound
	}
	type shown struct{ At, To, Subject, Body, Link string }
	var list []shown
	for _, l := range s.mail.to("") {
		list = append([]shown{{l.at.UTC().Format(time.DateTime), l.to, l.subject, l.body, l.link}}, list...)
	}
	return s.show(c, "mail", web.Answer{}, list)
}

// clip cuts a text to so many bytes, and none of its runes in two.
func clip(text string, most int) string { return strings.ToValidUTF8(text[:min(len(text), most)], "") }
