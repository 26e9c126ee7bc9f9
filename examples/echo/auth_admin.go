package main

import (
	"github.com/labstack/echo/v5"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// order asks for new passwords, of one customer or of many. Without a count it is
// a dry run: it counts, and places nothing. If the count is off by the time the
// order is placed, the Keeper refuses.
func (s *shop) order(c *echo.Context) error {
	o, err := readOrder(c)
	if err != nil {
		return err
	}
	if c.FormValue("count") != "" {
		_, err = s.keeper.Force(c.Request().Context(), o)
		return s.ordered(c, err)
	}
	if o.Expect, err = s.keeper.Preview(c.Request().Context(), o); err != nil {
		return s.ordered(c, err)
	}
	return s.show(c, "counted", web.Answer{}, o)
}

// withdraw ends an order that should not have been placed.
func (s *shop) withdraw(c *echo.Context) error {
	session, _ := web.From(c.Request().Context())
	err := s.keeper.Withdraw(c.Request().Context(), rotate.ID(c.Param("id")), session.Account, c.FormValue("note"))
	return s.ordered(c, err)
}
