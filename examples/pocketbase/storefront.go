package main

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

//go:embed page
var page embed.FS

// pages is the one page of the shop and its script.
func pages() fs.FS { return apis.MustSubFS(page, "page") }

// storefront is for guests and customers. Products are PocketBase's own to list.
func (s *shop) storefront(g *router.RouterGroup[*core.RequestEvent]) {
	g.GET("/cart", s.showCart)
	g.POST("/cart", s.changeCart)
	g.POST("/checkout", s.checkout)
	g.GET("/account", s.account).BindFunc(apis.WrapStdMiddleware(s.gate.SignedIn))
	g.POST("/card", s.changeCard).BindFunc(apis.WrapStdMiddleware(s.gate.SignedIn))
	g.POST("/pay", s.pay).BindFunc(apis.WrapStdMiddleware(s.gate.Fresh(0)))
	g.GET("/outbox", s.outbox.show)
}

const cartCookie = "cart"

// maxItems bounds a cart.
const maxItems = 50

// cart finds the cart of a browser; it is new where there is none.
func (s *shop) cart(e *core.RequestEvent) (*core.Record, error) {
	cookie, err := e.Request.Cookie(cartCookie)
	if err != nil || len(cookie.Value) > 64 {
		cookie = &http.Cookie{Name: cartCookie, Value: rand.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: e.IsTLS()}
		e.SetCookie(cookie)
	}
	sum := sha256.Sum256([]byte(cookie.Value))
	record, err := s.app.FindFirstRecordByData("carts", "sum", hex.EncodeToString(sum[:]))
	if !errors.Is(err, sql.ErrNoRows) {
		return record, err
	}
	carts, err := s.app.FindCachedCollectionByNameOrId("carts")
	if err != nil {
		return nil, err
	}
	record = core.NewRecord(carts)
	record.Set("sum", hex.EncodeToString(sum[:]))
	record.Set("items", map[string]int{})
	return record, nil
}

func (s *shop) showCart(e *core.RequestEvent) error {
	cart, err := s.cart(e)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"items": cart.Get("items")})
}

func (s *shop) changeCart(e *core.RequestEvent) error {
	var typed struct {
		Product  string
		Quantity int
	}
	if err := e.BindBody(&typed); err != nil {
		return err
	}
	if _, err := s.app.FindRecordById("products", typed.Product); err != nil || typed.Quantity < 0 || typed.Quantity > 99 {
		return e.BadRequestError("There is no such product, or not as many.", nil)
	}
	cart, err := s.cart(e)
	if err != nil {
		return err
	}
	items := map[string]int{}
	if err := cart.UnmarshalJSONField("items", &items); err != nil || len(items) > maxItems {
		return e.BadRequestError("The cart is full.", nil)
	}
	items[typed.Product] = typed.Quantity
	cart.Set("items", items)
	if err := s.app.Save(cart); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"items": items})
}

// checkout takes an order of anybody, guests too; it is delivered against
// payment.
func (s *shop) checkout(e *core.RequestEvent) error { return s.sold(e, "on delivery") }

// pay charges the card on file.
func (s *shop) pay(e *core.RequestEvent) error {
	if e.Auth.GetString("card") == "" {
		return e.BadRequestError("There is no card on file.", nil)
	}
	return s.sold(e, "by card")
}

func (s *shop) sold(e *core.RequestEvent, how string) error {
	cart, err := s.cart(e)
	if err != nil {
		return err
	}
	if !cart.IsNew() {
		if err := s.app.Delete(cart); err != nil {
			return err
		}
	}
	return e.JSON(http.StatusOK, map[string]string{"paid": how})
}

// account shows a customer what is known about the credential.
func (s *shop) account(e *core.RequestEvent) error {
	status, err := s.keeper.Lookup(e.Request.Context(), e.Auth.Id)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{
		"name": e.Auth.GetString("name"), "card": e.Auth.GetString("card"), "factor": status.Factor,
		"recoveryLeft": status.RecoveryLeft, "changed": status.Changed, "due": status.Due.Reason, "dueBy": status.Due.By,
	})
}

// changeCard keeps the last digits of a card.
func (s *shop) changeCard(e *core.RequestEvent) error {
	var typed struct{ Card string }
	if err := e.BindBody(&typed); err != nil {
		return err
	}
	if typed.Card != "" {
		e.Auth.Set("card", typed.Card[max(0, len(typed.Card)-4):])
		if err := s.app.Save(e.Auth); err != nil {
			return err
		}
	}
	return e.NoContent(http.StatusNoContent)
}
