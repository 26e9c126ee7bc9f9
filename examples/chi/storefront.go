package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/tillkey/tillkey/rotate/web"
)

// product is something the shop sells.
type product struct {
	ID, Name, Text string
	Cents          cents
}

// cents is an amount of money.
type cents int

func (c cents) String() string { return fmt.Sprintf("%d.%02d", c/100, c%100) }

// catalogue is all there is.
func catalogue() []product {
	return []product{
		{"masala", "Masala chai", "Assam, ginger, cardamom, clove. Strong enough for milk.", 900},
		{"kahwa", "Kahwa", "Green tea with saffron and almonds, as in Srinagar.", 1400},
		{"noon", "Noon chai", "Pink, salty, and an acquired taste worth acquiring.", 1100},
		{"glass", "Six glasses", "The small ones, which burn the fingers.", 1800},
	}
}

func find(id string) (product, bool) {
	for _, p := range catalogue() {
		if p.ID == id {
			return p, true
		}
	}
	return product{}, false
}

func (s *shop) home(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, "home", web.Answer{}, catalogue())
}

func (s *shop) product(w http.ResponseWriter, r *http.Request) {
	p, there := find(chi.URLParam(r, "id"))
	if !there {
		s.notFound(w, r)
		return
	}
	s.show(w, r, "product", web.Answer{}, p)
}

// The cart is part of the session but not of the sign-in: it stays when a sign-in
// ends.

func (s *shop) quantity(ctx context.Context, p product) int {
	return s.sessions.GetInt(ctx, "cart."+p.ID)
}

func (s *shop) items(ctx context.Context) (n int) {
	for _, p := range catalogue() {
		n += s.quantity(ctx, p)
	}
	return n
}

const maxQuantity = 20

func (s *shop) addToCart(w http.ResponseWriter, r *http.Request) {
	p, there := find(r.FormValue("product"))
	if !there {
		s.notFound(w, r)
		return
	}
	s.sessions.Put(r.Context(), "cart."+p.ID, min(s.quantity(r.Context(), p)+1, maxQuantity))
	http.Redirect(w, r, "/cart", http.StatusSeeOther)
}

// purchase is what is in the cart.
type purchase struct {
	Lines []string
	Total cents
	// Card is the customer's card on file, "" for guests and those without.
	Card string
}

func (s *shop) purchase(ctx context.Context) (p purchase, err error) {
	for _, one := range catalogue() {
		if n := s.quantity(ctx, one); n > 0 {
			p.Lines = append(p.Lines, fmt.Sprintf("%d × %s", n, one.Name))
			p.Total += one.Cents * cents(n)
		}
	}
	if session, signedIn := web.From(ctx); signedIn {
		p.Card, err = s.card(ctx, session.Account)
	}
	return p, err
}

// purchasePage shows what is in the cart on some page.
func (s *shop) purchasePage(w http.ResponseWriter, r *http.Request, page string) {
	p, err := s.purchase(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, page, web.Answer{}, p)
}

func (s *shop) showCart(w http.ResponseWriter, r *http.Request) { s.purchasePage(w, r, "cart") }
func (s *shop) cardPage(w http.ResponseWriter, r *http.Request) { s.purchasePage(w, r, "card") }
func (s *shop) account(w http.ResponseWriter, r *http.Request)  { s.purchasePage(w, r, "account") }

// checkout is for everybody: a guest pays on delivery.
func (s *shop) checkout(w http.ResponseWriter, r *http.Request) { s.buy(w, r, false) }

// payByCard stands behind a fresh proof: a card on file is worth stealing a
// session for.
func (s *shop) payByCard(w http.ResponseWriter, r *http.Request) { s.buy(w, r, true) }

func (s *shop) buy(w http.ResponseWriter, r *http.Request, byCard bool) {
	ctx := r.Context()
	p, err := s.purchase(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if len(p.Lines) == 0 || byCard && p.Card == "" {
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
		return
	}
	if !byCard {
		p.Card = ""
	}
	session, _ := web.From(ctx)
	_, err = s.pool.Exec(ctx, "INSERT INTO purchases (customer_id, items, cents, card, at) VALUES ($1, $2, $3, $4, $5)",
		session.Account, strings.Join(p.Lines, ", "), int64(p.Total), p.Card, s.Now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, one := range catalogue() {
		s.sessions.Remove(ctx, "cart."+one.ID)
	}
	s.show(w, r, "thanks", web.Answer{}, p)
}

// changeCard keeps a card on file, or forgets it.
func (s *shop) changeCard(w http.ResponseWriter, r *http.Request) {
	session, _ := web.From(r.Context())
	card := ""
	if r.FormValue("keep") != "" {
		card = "Visa ending in 4242"
	}
	if err := s.setCard(r.Context(), session.Account, card); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
}
