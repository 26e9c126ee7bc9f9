package kettle

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A cohort by its hashes: counted, placed at once, followed, withdrawn at once,
// as one thing.
func TestAdminForcesAFormat(t *testing.T) {
	g := newStage(t)
	staff, secret := g.staff()
	staff.get("/admin/customers")
	count := func(where string) string {
		return g.sql("SELECT COUNT(*) FROM tillkey_credentials WHERE password <> '' AND " + where)
	}
	form := []string{"group", "customers", "format", "bcrypt cost=4", "reason", "weak_hash", "grace", "14", "note", "older than we like"}
	want := count("format = 'bcrypt cost=4'")
	n, err := strconv.Atoi(want)
	require.NoError(t, err)
	require.Greater(t, n, 3)
	before := g.sql("SELECT COUNT(*) FROM tillkey_orders")
	preview := staff.post("/admin/orders/preview", form...)
	require.Equal(t, want, preview.hidden(t, "expect"))
	require.Contains(t, preview.Body, "bcrypt cost=4")
	require.Equal(t, before, g.sql("SELECT COUNT(*) FROM tillkey_orders"), "the dry run placed nothing")
	require.Equal(t, http.StatusConflict, staff.post("/admin/orders", append(form, "expect", "1")...).Status)
	require.Equal(t, before, g.sql("SELECT COUNT(*) FROM tillkey_orders"))
	require.Equal(t, "/admin/orders", staff.post("/admin/orders", append(form, "expect", want)...).Location)

	list := staff.get("/admin/orders").Body
	require.Contains(t, list, "weak_hash: group customers, stored as bcrypt cost=4")
	require.Contains(t, list, want+" of "+want+" left")
	require.Contains(t, staff.get("/admin").Body, want+" of "+want+" left")
	require.Equal(t, want, g.sql("SELECT COUNT(*) FROM tillkey_orders WHERE note = 'older than we like' AND account IN (SELECT account FROM tillkey_credentials WHERE format = 'bcrypt cost=4')"))

	// Emil changes; one fewer is left.
	emil, b := g.account("Emil"), g.browser()
	b.entered(b.login(emil.Email, emil.Password))
	b.entered(b.post("/account/password", "password", emil.Password, "new_password", fayPassword))
	require.Contains(t, staff.get("/admin/orders").Body, strconv.Itoa(n-1)+" of "+want+" left")

	id := g.sql("SELECT cohort FROM cohort_orders LIMIT 1")
	staff.post("/account/confirm", "code", g.code(secret))
	require.Equal(t, "/admin/orders", staff.post("/admin/orders/"+id+"/withdraw", "note", "too many calls").Location)
	list = staff.get("/admin/orders").Body
	require.Contains(t, list, "too many calls")
	require.NotContains(t, list, " of "+want+" left")
	require.Equal(t, want, g.sql("SELECT COUNT(*) FROM tillkey_orders WHERE withdraws <> '' AND note = 'too many calls'"))
	require.NotEqual(t, "/admin/orders", staff.post("/admin/orders/"+id+"/withdraw", "note", "again").Location)
	require.Contains(t, staff.get("/admin/audit").Body, "too many calls")
	g.agrees(staff)
}

// Weaker than today is every format but that of new hashes, together with a
// day.
func TestAdminForcesWhatIsWeak(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	staff.get("/admin/customers")
	since := g.clock.Now().AddDate(-2, 0, 0).UTC().Truncate(day)
	a := staff.post("/admin/orders/preview", "group", "customers", "format", "weaker", "before", since.Format(time.DateOnly), "reason", "weak_hash", "grace", "0")
	require.Equal(t, g.sql("SELECT COUNT(*) FROM tillkey_credentials WHERE format <> $1 AND group_path = 'customers' AND (changed_at IS NULL OR changed_at < $2)", g.shop.format, since.UnixMicro()), a.hidden(t, "expect"))
	require.Equal(t, http.StatusUnprocessableEntity, staff.post("/admin/orders/preview", "group", "customers", "format", "rot13", "reason", "weak_hash", "grace", "0").Status)
}

// Everybody is everybody, staff too; nobody is forced by leaving a field out.
func TestAdminForcesEverybody(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	require.Contains(t, staff.post("/admin/orders/preview", "group", "everybody", "reason", "policy_raised", "grace", "30").Body, "1 more has not been seen")
	staff.get("/admin/customers")
	a := staff.post("/admin/orders/preview", "group", "everybody", "reason", "policy_raised", "grace", "30")
	require.Equal(t, g.sql("SELECT COUNT(*) FROM tillkey_credentials WHERE password <> ''"), a.hidden(t, "expect"))
	require.Contains(t, a.Body, "the current password", "the proof is shown")
	a = staff.post("/admin/orders/preview", "reason", "policy_raised", "grace", "30")
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, "say whom")
	require.Contains(t, staff.post("/admin/orders/preview", "group", "staff", "reason", "compromise", "grace", "0").Body, "the password is not enough")
	require.Equal(t, http.StatusNotFound, g.browser().send(http.MethodPost, "/nothing", nil).Status)
}

// The audit trail says who, when and why, page after page.
func TestAuditIsPaged(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	staff.force("account", "1", "reason", "admin_reset", "note", "she asked on the phone")
	page := staff.get("/admin/audit").Body
	require.Contains(t, page, "she asked on the phone")
	require.Contains(t, page, "dora@example.com")
	require.Contains(t, page, "ada@example.com")
	seen, path := 0, "/admin/audit"
	for range 10 {
		a := staff.get(path)
		seen += countOf(a.Body, "<tr><td class=\"nowrap\">")
		older := after(a.Body, `href="/admin/audit?before=`)
		if older == "" {
			break
		}
		path = "/admin/audit?before=" + older
	}
	require.Equal(t, g.sql("SELECT COUNT(*) FROM tillkey_events"), strconv.Itoa(seen))
}
