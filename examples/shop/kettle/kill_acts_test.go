package kettle

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// live does one thing after the other until the shop is gone. It returns what
// the shop must not have done.
func (c *client) live() error {
	for {
		if err := c.act(); errors.Is(err, errCut) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", c.email, err)
		}
	}
}

func (c *client) act() error {
	switch {
	case !c.signedUp:
		return c.signUp()
	case !c.signedIn:
		if err := c.signIn(); err != nil || c.signedIn {
			return err
		}
		return c.buy() // as a guest, as there is no code to sign in with yet
	}
	switch n := c.rng.IntN(10); {
	case n < 4:
		return c.change()
	case n < 6 && c.secret.IsZero():
		return c.enroll()
	case n < 7 && len(c.left) > 4:
		return c.recover()
	case n < 8 && c.mails < 2:
		return c.reset()
	}
	return c.buy()
}

// signUp is acknowledged when mailed link and password have opened a session.
func (c *client) signUp() error {
	if c.password != "" { // the last try was cut off: another customer
		*c = *newClient(c.crowd, c.rng.Uint64()).in(c.base)
	}
	c.password = fresh()
	c.sending(rotate.SignedUp)
	if a, err := c.post("/signup", "email", c.email, "name", "Kim", "password", c.password); err != nil || a.Status != http.StatusOK {
		return errors.Join(err, wrong(a, "sign-up"))
	}
	link, err := c.mailed("/signup/confirm?token=")
	if err != nil {
		return err
	}
	a, err := c.get(link)
	if err != nil {
		return err
	}
	a, err = c.post("/signup/confirm", "token", a.field("token"), "password", c.password)
	if err != nil {
		return err
	}
	if a.Location != "/account" {
		return wrong(a, "confirmation")
	}
	c.signedUp, c.signedIn = true, true
	c.settled(true, rotate.SignedUp)
	return nil
}

func (c *client) in(base string) *client { c.base = base; return c }

// change chooses a new password.
func (c *client) change() error {
	c.chooses(rotate.PasswordChanged)
	a, err := c.post("/account/password", "password", c.password, "new_password", c.maybe)
	if err != nil {
		return err
	}
	if a.Location != "/account" {
		return wrong(a, "change")
	}
	c.chosen(true)
	return nil
}

// chooses notes that a new password is on its way, chosen what became of it.
func (c *client) chooses(kind rotate.Kind) {
	c.maybe, c.doubt = fresh(), kind
	c.sending(kind)
}

func (c *client) chosen(done bool) {
	if done {
		c.over = append(c.over, c.password)
		c.password = c.maybe
	} else {
		c.over = append(c.over, c.maybe) // never was one
	}
	c.maybe = ""
	c.settled(done, c.doubt)
}

// enroll sets up a second factor.
func (c *client) enroll() error {
	a, err := c.post("/account/second-factor", "password", c.password)
	if err != nil {
		return err
	}
	secret, err := a.offered()
	if err != nil {
		return wrong(a, "enrolment")
	}
	c.step, c.maybeSecret = 0, secret
	c.sending(rotate.FactorEnrolled)
	a, err = c.post("/account/second-factor/confirm", "code", c.code(secret, 1, 1))
	if err != nil {
		return err
	}
	codes := a.recovery()
	if len(codes) != 10 {
		return wrong(a, "first code")
	}
	c.secret, c.maybeSecret, c.left = secret, totp.Secret{}, codes
	c.settled(true, rotate.FactorEnrolled)
	return nil
}

// recover signs in at another browser with a recovery code.
func (c *client) recover() error {
	at := c.crowd.browser()
	a, err := c.send(at, http.MethodPost, "/login", "email", c.email, "password", c.password)
	if err != nil {
		return err
	}
	if !a.asks("recovery") {
		return wrong(a, "sign-in with a second factor")
	}
	_, err = c.spend(at, a.field("ticket"))
	return err
}

// spend uses a recovery code, which has to be taken.
func (c *client) spend(at *http.Client, ticket string) (answer, error) {
	code := c.left[0]
	c.left, c.doubtful = c.left[1:], append(c.doubtful, code)
	c.sending(rotate.RecoveryUsed)
	a, err := c.send(at, http.MethodPost, "/login/code", "ticket", ticket, "recovery", code)
	if err != nil {
		return a, err
	}
	if a.Location != "/account" {
		return a, wrong(a, "recovery code")
	}
	c.spent, c.doubtful = append(c.spent, code), c.doubtful[:len(c.doubtful)-1]
	c.settled(true, rotate.RecoveryUsed)
	return a, nil
}

// reset goes the way of a forgotten password, and signs in. A customer with a
// second factor needs a code for it.
func (c *client) reset() error {
	var code string
	if !c.secret.IsZero() {
		if code = c.code(c.secret, 1, 1); code == "" {
			return c.buy()
		}
	}
	c.mails++
	if _, err := c.post("/forgot", "email", c.email); err != nil {
		return err
	}
	link, err := c.mailed("/reset?ticket=")
	if err != nil {
		return err
	}
	a, err := c.get(link)
	if err != nil {
		return err
	}
	ticket := a.field("ticket")
	c.chooses(rotate.PasswordReset)
	if a, err = c.post("/reset", "ticket", ticket, "new_password", c.maybe, "code", code, "with_code", "1"); err != nil {
		return err
	}
	if a.Status != http.StatusOK || a.asks("new_password") {
		return wrong(a, "reset")
	}
	c.chosen(true)
	c.ticket, c.signedIn = ticket, false
	return c.signIn()
}

// signIn opens a session, if the customer has a code for it.
func (c *client) signIn() error {
	c.at = c.crowd.browser()
	a, err := c.post("/login", "email", c.email, "password", c.password)
	if err != nil {
		return err
	}
	if a.asks("recovery") && !c.secret.IsZero() {
		ticket := a.field("ticket")
		if code := c.code(c.secret, 1, 1); code != "" {
			a, err = c.post("/login/code", "ticket", ticket, "code", code)
		} else if len(c.left) > 0 {
			a, err = c.spend(c.at, ticket)
		} else {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if a.Location != "/account" {
		return wrong(a, "sign-in")
	}
	c.signedIn = true
	return nil
}

// buy places an order of goods, of which the name of the recipient is unique.
func (c *client) buy() error {
	name := fmt.Sprintf("%s, purchase %d", c.email, len(c.sure)+len(c.open))
	if _, err := c.post("/cart", "product", catalogue()[0].ID, "quantity", "2"); err != nil {
		return err
	}
	c.open = append(c.open, name)
	a, err := c.post("/checkout", "recipient", name, "address", "1 Road")
	if err != nil {
		return err
	}
	if a.Status != http.StatusOK || a.asks("recipient") {
		return wrong(a, "checkout")
	}
	c.sure, c.open = append(c.sure, name), c.open[:len(c.open)-1]
	return nil
}

// wrong says that a step did not lead where it had to.
func wrong(a answer, step string) error {
	text := a.first(`(?s)role="alert"[^>]*>(.*?)</div>`)
	return fmt.Errorf("%s: status %d to %q: %s", step, a.Status, a.Location, strings.TrimSpace(text))
}
