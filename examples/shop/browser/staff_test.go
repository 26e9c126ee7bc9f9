package browser

import (
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const dora = "dora@example.com"

// arrives signs the staff in, which takes a second factor from the first time.
func (b tab) arrives() app {
	b.t.Helper()
	b.signsIn(dora, b.shop.passwords[dora])
	require.Contains(b.t, b.text(), "needs a second factor")
	b.judge("login-enroll")
	b.press("Show the picture for my app")
	a, _ := b.enrols()
	b.menu("Admin")
	b.judge("admin")
	b.countsAgree()
	b.follow("Customers")
	require.Contains(b.t, b.text(), fay)
	b.judge("admin-customers")
	return a
}

// forces orders a change for one customer, after a look at the count.
func (b tab) forces(email, reason string) {
	b.t.Helper()
	b.open("/admin/customers/" + b.shop.sql("SELECT id FROM customers WHERE email = ?", email))
	require.Contains(b.t, b.text(), email)
	b.judge("admin-customer")
	enter(b, chromedp.CSS(`main a[href*="account="]`))
	b.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`input[name="reason"][value=%q]`, reason))))
	b.fill("note", "as the walk goes")
	b.judge("admin-order")
	b.press("Count first")
	require.Contains(b.t, b.text(), "1 account will have to choose a new password")
	b.judge("admin-order-count")
	b.press("Place the order")
	require.Equal(b.t, "/admin/orders", b.path())
	b.judge("admin-orders")
	require.Equal(b.t, "1", b.shop.sql(`SELECT COUNT(*) FROM tillkey_orders o JOIN customers c ON o.account = CAST(c.id AS TEXT)
		WHERE c.email = ? AND o.reason = ? AND o.note = 'as the walk goes'`, email, reason))
	b.shop.advance(2 * time.Second) // the list of orders may be a second old
}

// stepsUp is asked again who it is, orders a change for many, and looks at the
// trail.
func (b tab) stepsUp(a app) {
	b.t.Helper()
	b.shop.advance(10 * time.Minute)
	b.menu("Admin")
	require.Equal(b.t, "/account/confirm?next=%2Fadmin", b.path())
	b.judge("stepup")
	b.fill("code", a.code())
	b.press("Go on")
	require.Equal(b.t, "/admin", b.path())
	b.countsAgree()
	b.forcesCohort()
	b.follow("Audit")
	require.Contains(b.t, b.text(), "order_placed")
	b.judge("admin-audit")
}
