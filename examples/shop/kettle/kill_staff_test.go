package kettle

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"github.com/tillkey/tillkey/rotate"
)

// staffPassword is the password of the staff, which the first start prints.
var staffPassword = regexp.MustCompile(`dora@example\.com\s+"([^"]+)"`)

// forcing places a few orders to change with a week of grace, so that sweeps have
// reminders to write. It returns what the shop must not have done.
func (c *client) forcing() error {
	for {
		if c.rng.IntN(4) == 0 {
			return nil
		}
		err := c.force()
		if errors.Is(err, errCut) {
			return nil
		} else if err != nil {
			return fmt.Errorf("staff: %w", err)
		}
	}
}

// force places one order after the dry run. The others sign up meanwhile, so it
// may be told to look again.
func (c *client) force() error {
	note := fmt.Sprintf("order %d", len(c.sure)+len(c.open))
	form := []string{"group", groupCustomers, "reason", string(rotate.PolicyRaised), "grace", "7", "note", note}
	a, err := c.post("/admin/orders/preview", form...)
	if err != nil {
		return err
	}
	if a.Status == http.StatusSeeOther {
		return c.again(a)
	}
	expect := a.field("expect")
	if expect == "" {
		return wrong(a, "dry run")
	}
	c.open = append(c.open, note)
	if a, err = c.post("/admin/orders", append(form, "expect", expect)...); err != nil {
		return err
	}
	c.open = c.open[:len(c.open)-1]
	switch {
	case a.Location == "/admin/orders":
		c.sure = append(c.sure, note)
	case a.Status != http.StatusConflict:
		return wrong(a, "order")
	}
	return nil
}

// again proves once more who sits here, when the shop asks for it. Without a
// code that was not used, the staff look at the shop window.
func (c *client) again(a answer) error {
	code := c.code(c.secret, 1, 0)
	if code == "" {
		_, err := c.get("/")
		return err
	}
	if regexp.MustCompile(`^/account/confirm`).MatchString(a.Location) {
		if a, err := c.post("/account/confirm", "code", code, "next", "/admin/orders"); err != nil || a.Location != "/admin/orders" {
			return errors.Join(err, wrong(a, "fresh proof"))
		}
		return nil
	}
	// An answer with a new cookie was cut off.
	c.at = c.crowd.browser()
	a, err := c.post("/login", "email", c.email, "password", c.password)
	if err != nil {
		return err
	}
	if a, err = c.post("/login/code", "ticket", a.field("ticket"), "code", code); err != nil || a.Location != "/account" {
		return errors.Join(err, wrong(a, "sign-in of the staff"))
	}
	return nil
}

// hire makes a client of the account of the staff, with its second factor set
// up.
func hire(c *client, password string) (*client, error) {
	c.email, c.password = "dora@example.com", password
	a, err := c.post("/login", "email", c.email, "password", password)
	if err != nil {
		return nil, err
	}
	if a, err = c.post("/account/second-factor", "ticket", a.field("ticket"), "email", c.email); err != nil {
		return nil, err
	}
	if c.secret, err = a.offered(); err != nil {
		return nil, err
	}
	a, err = c.post("/account/second-factor/confirm", "ticket", a.field("ticket"), "code", c.code(c.secret, 1, 0))
	if err != nil {
		return nil, err
	}
	if len(a.recovery()) != 10 {
		return nil, wrong(a, "first code of the staff")
	}
	return c, nil
}
