package main

import (
	"crypto/rand"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm/clause"

	"github.com/tillkey/tillkey/rotate"
)

// product is something to buy.
type product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

func products() []product {
	return []product{{"pot", "Stoneware pot", 4900}, {"cup", "Tea cup", 1200}, {"tin", "Tea tin", 900}}
}

func (s *shop) product(c *gin.Context) {
	for _, p := range products() {
		if p.ID == c.Param("id") {
			s.reply(c, p, nil)
			return
		}
	}
	s.reply(c, nil, rotate.ErrNotFound)
}

// cartItem is a line of a cart. A cart belongs to a browser, whoever is signed
// in there, so it outlives every sign-in.
type cartItem struct {
	Cart     string `gorm:"primaryKey" json:"-"`
	Product  string `gorm:"primaryKey" json:"product"`
	Quantity int    `json:"quantity"`
}

const cartCookie = "cart"

func (s *shop) cart(c *gin.Context) {
	items := []cartItem{}
	var err error
	if id, _ := c.Cookie(cartCookie); id != "" {
		err = s.db.WithContext(c.Request.Context()).Where("cart = ?", id).Order("product").Find(&items).Error
	}
	s.reply(c, gin.H{"items": items}, err)
}

const maxQuantity = 99

func (s *shop) addToCart(c *gin.Context) {
	var item cartItem
	if c.ShouldBindJSON(&item) != nil || item.Product == "" || item.Quantity < 1 || item.Quantity > maxQuantity {
		c.JSON(http.StatusUnprocessableEntity, gin.H{"code": "refused"})
		return
	}
	item.Cart, _ = c.Cookie(cartCookie)
	if len(item.Cart) != len(rand.Text()) {
		item.Cart = rand.Text()
		http.SetCookie(c.Writer, &http.Cookie{
			Name: cartCookie, Value: item.Cart, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Request.TLS != nil,
		})
	}
	err := s.db.WithContext(c.Request.Context()).Clauses(clause.OnConflict{UpdateAll: true}).Create(&item).Error
	s.reply(c, gin.H{"code": "proceed"}, err)
}
