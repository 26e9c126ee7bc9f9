package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v5"
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
		{"hand", "Hand bell", "Cast brass on an ash handle. Calls the whole house to table.", 4900},
		{"door", "Door bell", "A spring of blued steel, for doors that are opened often.", 3200},
		{"cow", "Cow bell", "Riveted sheet iron. Heard across one valley and its echo.", 6800},
		{"bowl", "Singing bowl", "Struck once, it is still there when the tea is.", 8400},
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

func (s *shop) home(c *echo.Context) error { return s.show(c, "home", web.Answer{}, catalogue()) }

func (s *shop) product(c *echo.Context) error {
	p, there := find(c.Param("id"))
	if !there {
		return echo.ErrNotFound
	}
	return s.show(c, "product", web.Answer{}, p)
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

func (s *shop) addToCart(c *echo.Context) error {
	p, there := find(c.FormValue("product"))
	if !there {
		return echo.ErrNotFound
	}
	ctx := c.Request().Context()
	s.sessions.Put(ctx, "cart."+p.ID, min(s.quantity(ctx, p)+1, maxQuantity))
	return c.Redirect(http.StatusSeeOther, "/cart")
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

// showCart is the cart, and the checkout: a guest pays on delivery.
func (s *shop) showCart(c *echo.Context) error {
	p, err := s.purchase(c.Request().Context())
	if err != nil {
		return err
	}
	return s.show(c, "cart", web.Answer{}, p)
}

func (s *shop) checkout(c *echo.Context) error {
	p, err := s.purchase(c.Request().Context())
	if err != nil {
		return err
	}
	p.Card = ""
	return s.buy(c, p)
}

// cardPage and payByCard stand behind a fresh proof: a card on file is worth
// stealing a session for.
func (s *shop) cardPage(c *echo.Context) error {
	p, err := s.purchase(c.Request().Context())
	if err != nil {
		return err
	}
	return s.show(c, "card", web.Answer{}, p)
}

func (s *shop) payByCard(c *echo.Context) error {
	p, err := s.purchase(c.Request().Context())
	if err != nil {
		return err
	}
	if p.Card == "" {
		return c.Redirect(http.StatusSeeOther, "/cart")
	}
	return s.buy(c, p)
}

func (s *shop) buy(c *echo.Context, p purchase) error {
	ctx := c.Request().Context()
	if len(p.Lines) == 0 {
		return c.Redirect(http.StatusSeeOther, "/cart")
	}
	session, _ := web.From(ctx)
	_, err := s.db.ExecContext(ctx, "INSERT INTO purchases (customer_id, items, cents, card, at) VALUES (?, ?, ?, ?, ?)",
		session.Account, strings.Join(p.Lines, ", "), int(p.Total), p.Card, s.now().UnixMicro())
	if err != nil {
		return err
	}
	for _, one := range catalogue() {
		s.sessions.Remove(ctx, "cart."+one.ID)
	}
	return s.show(c, "thanks", web.Answer{}, p)
}

// account is the customer's own page.
func (s *shop) account(c *echo.Context) error {
	p, err := s.purchase(c.Request().Context())
	if err != nil {
		return err
	}
	return s.show(c, "account", web.Answer{}, p)
}

// changeCard keeps a card on file, or forgets it.
func (s *shop) changeCard(c *echo.Context) error {
	session, _ := web.From(c.Request().Context())
	card := ""
	if c.FormValue("keep") != "" {
		card = "Visa ending in 4242"
	}
	if err := s.setCard(c.Request().Context(), session.Account, card); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/account")
}
