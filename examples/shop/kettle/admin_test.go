package kettle

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The pages of the staff are there for staff alone, after a fresh code.
func TestAdminIsForStaff(t *testing.T) {
	g := newStage(t)
	guest, b := g.browser(), g.browser()
	require.Equal(t, "/login?next=%2Fadmin", guest.get("/admin").Location)
	ada := g.account("Ada")
	b.entered(b.login(ada.Email, ada.Password))
	for _, page := range []string{"/admin", "/admin/customers", "/admin/customers/1", "/admin/orders", "/admin/orders/new", "/admin/audit"} {
		require.Equal(t, http.StatusNotFound, b.get(page).Status, page)
	}
	require.Equal(t, http.StatusNotFound, b.post("/admin/orders", "reason", "compromise").Status)

	staff, secret := g.staff()
	g.clock.Advance(6 * time.Minute)
	a := staff.get("/admin/audit")
	require.Equal(t, "/account/confirm?next=%2Fadmin%2Faudit", a.Location)
	require.Equal(t, http.StatusForbidden, staff.post("/account/confirm", "password", g.account("Dora").Password).Status, "the password is no fresh code")
	require.Equal(t, http.StatusUnauthorized, staff.post("/account/confirm", "code", "000000").Status)
	code := g.code(secret)
	require.Equal(t, "/admin/audit", staff.post("/account/confirm", "code", code, "next", "/admin/audit").Location)
	require.Equal(t, http.StatusOK, staff.get("/admin/audit").Status)
	require.Equal(t, http.StatusUnauthorized, staff.post("/account/confirm", "code", code).Status, "a code works once")
}

// A group is forced: a dry run, an order, its progress, its end, and the trail.
func TestAdminForcesAGroup(t *testing.T) {
	g := newStage(t)
	staff, secret := g.staff()
	list := staff.get("/admin/customers").Body // adopts who was never seen
	require.Contains(t, list, "bcrypt cost=10")
	require.Contains(t, list, "policy_raised")

	form := []string{"group", "customers", "reason", "policy_raised", "grace", "7", "note", "rules of 2027"}
	all := g.sql("SELECT COUNT(*) FROM tillkey_credentials WHERE group_path = 'customers' AND password <> ''")
	n, err := strconv.Atoi(all)
	require.NoError(t, err)
	require.Greater(t, n, 35)
	preview := staff.post("/admin/orders/preview", form...)
	require.Equal(t, all, preview.hidden(t, "expect"))
	require.Contains(t, staff.get("/admin/orders").Body, "policy_raised: <a href=\"/admin/customers/3\">cleo@example.com</a>", "the dry run placed nothing")
	require.NotContains(t, staff.get("/admin/orders").Body, "rules of 2027")

	require.Equal(t, http.StatusConflict, staff.post("/admin/orders", append(form, "expect", "2")...).Status)
	require.Equal(t, http.StatusUnprocessableEntity, staff.post("/admin/orders", form...).Status, "without a look at the count")
	require.Equal(t, http.StatusUnprocessableEntity, staff.post("/admin/orders/preview", "group", "customers", "grace", "0").Status, "without a reason")
	require.Equal(t, http.StatusUnprocessableEntity, staff.post("/admin/orders/preview", "group", "customers", "reason", "compromise", "grace", "3").Status)
	require.Equal(t, "/admin/orders", staff.post("/admin/orders", append(form, "expect", all)...).Location)

	// With grace the customer is warned, and works on.
	ada, b := g.account("Ada"), g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	require.Contains(t, b.get("/cart").Body, "choose a new password")
	require.Contains(t, staff.get("/admin/orders").Body, all+" of "+all+" left")
	b.entered(b.post("/account/password", "password", ada.Password, "new_password", fayPassword))
	require.Contains(t, staff.get("/admin/orders").Body, strconv.Itoa(n-1)+" of "+all+" left")

	// A reminder goes out as time passes.
	g.clock.Advance(5 * 24 * time.Hour)
	ctx := context.Background()
	_, err = g.shop.keeper.Sweep(ctx, 0)
	require.NoError(t, err)
	_, err = g.shop.keeper.Deliver(ctx)
	require.NoError(t, err)
	require.Equal(t, "Please choose a new password soon", g.letter("ben@example.com").Subject)

	// The order ends, and is a row of its own.
	order := g.sql("SELECT id FROM tillkey_orders WHERE note = 'rules of 2027'")
	staff.post("/account/confirm", "code", g.code(secret))
	require.Equal(t, "/admin/orders", staff.post("/admin/orders/"+order+"/withdraw", "note", "too early").Location)
	require.Contains(t, staff.get("/admin/orders").Body, "withdrawn")
	audit := staff.get("/admin/audit").Body
	require.Contains(t, audit, "order_placed")
	require.Contains(t, audit, "order_withdrawn")
	require.Contains(t, staff.get("/admin/customers/1").Body, "password_changed")
}

// Staff unlock a customer who typed too much, and sign others out.
func TestAdminHelps(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	ada, b := g.account("Ada"), g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	other := g.browser()
	for range 7 {
		other.login(ada.Email, "wrong")
	}
	require.Equal(t, http.StatusTooManyRequests, other.login(ada.Email, ada.Password).Status)
	require.Equal(t, "/admin/customers/1", staff.post("/admin/customers/1/unlock").Location)
	other.entered(other.login(ada.Email, ada.Password))
	require.Equal(t, "/admin/customers/1", staff.post("/admin/customers/1/sessions").Location)
	b.out()
	other.out()
	require.Equal(t, http.StatusNotFound, staff.post("/admin/customers/99/unlock").Status)
}
