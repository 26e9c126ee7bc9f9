package kettle

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// maxQuantity bounds one line of a cart.
const maxQuantity = 20

// cart is what a visitor wants to buy, by product. It is part of the session
// but not of the sign-in, so it stays when a sign-in ends.
type cart map[string]int

type cartLine struct {
	product
	Quantity int
	Sum      cents
}

// cart reads the visitor's cart.
func (s *Shop) cart(r *http.Request) cart {
	c := cart{}
	if away(r) {
		return c
	}
	// What cannot be read is an empty cart.
	_ = json.Unmarshal(s.sessions.GetBytes(r.Context(), "cart"), &c)
	return c
}

func (s *Shop) keepCart(r *http.Request, c cart) {
	text, err := json.Marshal(c)
	if err == nil {
		s.sessions.Put(r.Context(), "cart", text)
	}
}

// lines lists the cart in the order of the catalogue.
func (c cart) lines() (lines []cartLine, total cents) {
	for _, p := range catalogue() {
		if n := c[p.ID]; n > 0 {
			lines = append(lines, cartLine{p, n, p.Cents * cents(n)})
			total += p.Cents * cents(n)
		}
	}
	return lines, total
}

// count is how many things are in the cart.
func (c cart) count() (n int) {
	for _, quantity := range c {
		n += quantity
	}
	return n
}

type cartPage struct {
	Lines []cartLine
	Total cents
}

func (s *Shop) home(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "home", catalogue())
}

func (s *Shop) productPage(w http.ResponseWriter, r *http.Request) {
	p, ok := find(r.PathValue("id"))
	if !ok {
		s.notFound(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "product", p)
}

func (s *Shop) cartPage(w http.ResponseWriter, r *http.Request) {
	lines, total := s.cart(r).lines()
	s.show(w, r, http.StatusOK, "cart", cartPage{lines, total})
}

// changeCart adds to a line of the cart, or sets it. A script gets JSON.
func (s *Shop) changeCart(w http.ResponseWriter, r *http.Request) {
	p, ok := find(r.FormValue("product"))
	n, err := strconv.Atoi(r.FormValue("quantity"))
	if !ok || err != nil || n < 0 || n > maxQuantity {
		s.problem(w, r, http.StatusUnprocessableEntity, s.tongues.of(r).say("There is no such product, or not so many of it."))
		return
	}
	c := s.cart(r)
	if r.FormValue("add") != "" {
		n += c[p.ID]
	}
	c[p.ID] = min(n, maxQuantity)
	if c[p.ID] == 0 {
		delete(c, p.ID)
	}
	s.keepCart(r, c)
	if r.Header.Get("Accept") == "application/json" {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]int{"items": c.count()})
		return
	}
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
}

// plain is a text that every database takes: valid UTF-8 without NUL.
func plain(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// clip cuts a text in whole characters.
func clip(text string, most int) string {
	runes := []rune(plain(text))
	return string(runes[:min(len(runes), most)])
}
