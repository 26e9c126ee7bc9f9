package main

import (
	"github.com/gofiber/fiber/v3"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// staffOnly stands between Gate.SignedIn and Gate.Fresh. To everybody else, and
// without a second factor, there is no such page.
func (s *shop) staffOnly(c fiber.Ctx) error {
	if err := s.customers.isStaff(c.Context(), held(c).Account); err != nil {
		return err
	}
	if !held(c).SecondFactor() {
		return fiber.ErrNotFound
	}
	return c.Next()
}

// order is the dry run of an order, and places it when it comes with the count.
func (s *shop) order(c fiber.Ctx) error {
	o, counted, err := typedOrder(c)
	if err == nil && !counted {
		o.Expect, err = s.keeper.Preview(c.Context(), o)
	} else if err == nil {
		if _, err = s.keeper.Force(c.Context(), o); err == nil {
			return leadOn(c, "/admin/orders", nil)
		}
	}
	return s.show(c, "order", web.Failure(err), orderPage{o, err})
}

func (s *shop) withdraw(c fiber.Ctx) error {
	err := s.keeper.Withdraw(c.Context(), rotate.ID(c.Params("id")), held(c).Account, c.FormValue("note"))
	return leadOn(c, "/admin/orders", err)
}
