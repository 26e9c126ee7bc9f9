package main

import (
	"context"
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// staffOnly lets staff through who gave a code of the second factor. To all
// others there is no such page.
func (s *shop) staffOnly(c *gin.Context) {
	session, _ := web.From(c.Request.Context())
	found, err := s.byAccount(c.Request.Context(), session.Account)
	if err == nil && (found.Foreign.Group != "staff" || !session.SecondFactor()) {
		err = rotate.ErrNotFound
	}
	if err != nil {
		s.reply(c, nil, err)
		c.Abort()
	}
}

// staffRoutes place orders to choose new passwords, and follow them.
func (s *shop) staffRoutes(r gin.IRouter) {
	r.GET("", func(c *gin.Context) { s.reply(c, gin.H{"code": "proceed"}, nil) })
	r.GET("/customers", s.customerPage)
	r.POST("/orders/preview", func(c *gin.Context) {
		o, err := s.order(c)
		if err == nil {
			o.Expect, err = s.keeper.Preview(c.Request.Context(), o)
		}
		s.reply(c, gin.H{"count": o.Expect}, err)
	})
	r.POST("/orders", func(c *gin.Context) {
		o, err := s.order(c)
		if err == nil {
			o.ID, err = s.keeper.Force(c.Request.Context(), o)
		}
		s.reply(c, gin.H{"order": o.ID}, err)
	})
	r.POST("/orders/:id/withdraw", func(c *gin.Context) {
		o, err := s.order(c)
		if err == nil {
			err = s.keeper.Withdraw(c.Request.Context(), rotate.ID(c.Param("id")), o.Actor, o.Note)
		}
		s.reply(c, gin.H{"code": "proceed"}, err)
	})
	r.GET("/orders", func(c *gin.Context) {
		list, err := s.orders(c.Request.Context())
		s.reply(c, gin.H{"orders": list}, err)
	})
	r.GET("/audit", func(c *gin.Context) {
		events, err := s.keeper.Events(c.Request.Context(), "", "", 100)
		orders, ordersErr := s.keeper.Orders(c.Request.Context())
		s.reply(c, gin.H{"events": events, "orders": orders}, errors.Join(err, ordersErr))
	})
}

// order reads what the staff filled in. "before" is a day, "grace" in days.
func (s *shop) order(c *gin.Context) (o rotate.Order, err error) {
	var form struct {
		Account, Group, Note string
		Reason               rotate.Reason
		Before               string
		Grace, Expect        int
	}
	if c.ShouldBindJSON(&form) != nil {
		return o, web.ErrInput
	}
	session, _ := web.From(c.Request.Context())
	o = rotate.Order{
		Account: form.Account, Group: form.Group, Reason: form.Reason, Grace: time.Duration(form.Grace) * 24 * time.Hour,
		Actor: session.Account, Note: form.Note, Expect: form.Expect,
	}
	if form.Before != "" {
		if o.Before, err = time.Parse(time.DateOnly, form.Before); err != nil {
			return o, web.ErrInput
		}
	}
	return o, nil
}

// placed is an order that stands, as the staff see it.
type placed struct {
	ID        rotate.ID     `json:"id"`
	Reason    rotate.Reason `json:"reason"`
	Note      string        `json:"note"`
	Concerned int           `json:"concerned"`
	Left      int           `json:"left"`
}

// maxOrders is how many are shown, the newest.
const maxOrders = 20

func (s *shop) orders(ctx context.Context) ([]placed, error) {
	log, err := s.keeper.Orders(ctx)
	list := []placed{}
	for i := len(log) - 1; i >= 0 && err == nil && len(list) < maxOrders; i-- {
		if log[i].Withdraws != "" {
			continue
		}
		var p rotate.Progress
		if p, err = s.keeper.Progress(ctx, log[i].ID); err == nil && p.Withdrawn == nil {
			list = append(list, placed{log[i].ID, log[i].Reason, log[i].Note, p.Concerned, p.Left})
		}
	}
	return list, err
}

// customerPage finds an account by its address.
func (s *shop) customerPage(c *gin.Context) {
	found, err := s.byEmail(c.Request.Context(), c.Query("email"))
	s.reply(c, gin.H{"account": found.Account}, err)
}
