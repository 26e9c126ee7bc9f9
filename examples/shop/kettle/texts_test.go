package kettle

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever is typed is no fault of the database: texts that PostgreSQL does not
// take get the answers that they get from SQLite.
func TestOddTexts(t *testing.T) {
	g := newStage(t)
	staff, _ := g.staff()
	for i, odd := range []string{"a\x00b", "\x00", "\xff\xfe", "a\xc3", "'; DROP TABLE customers; --", "$1", "\U0010FFFF", "99999999999999999999999999"} {
		v := g.browser()
		require.Equal(t, http.StatusUnauthorized, v.login(odd, "something else entirely").Status)
		require.Equal(t, http.StatusUnauthorized, v.login(g.shop.seeded[10+i].Email, "something else entirely"+odd).Status)
		require.Equal(t, http.StatusOK, v.post("/forgot", "email", odd).Status)
		require.Equal(t, http.StatusUnprocessableEntity, v.post("/signup", "email", odd+"@example.com", "name", "", "password", fayPassword).Status)
		require.Equal(t, http.StatusOK, v.post("/signup", "email", "odd@example.com", "name", "Odd"+odd, "password", fayPassword).Status)
		require.Contains(t, []int{http.StatusOK, http.StatusUnprocessableEntity}, v.post("/signup", "email", "odd@example.com", "name", "Odd", "password", fayPassword+odd).Status)
		require.Equal(t, http.StatusBadRequest, v.post("/signup/confirm", "token", odd, "password", odd).Status)
		require.Contains(t, []int{http.StatusBadRequest, http.StatusUnauthorized}, v.post("/login/code", "ticket", odd, "code", odd).Status)
		require.Equal(t, http.StatusBadRequest, v.post("/reset", "ticket", odd, "new_password", odd).Status)

		v.post("/cart", "product", "tin", "quantity", "1")
		require.Equal(t, http.StatusUnprocessableEntity, v.post("/cart", "product", odd, "quantity", "1").Status)
		require.Contains(t, v.post("/checkout", "recipient", "Odd"+odd, "address", "Lane"+odd).Body, "Thank you")

		id := url.PathEscape(odd)
		require.Equal(t, http.StatusNotFound, staff.get("/admin/customers/"+id).Status)
		require.Equal(t, http.StatusNotFound, staff.post("/admin/customers/"+id+"/unlock").Status)
		require.Equal(t, http.StatusOK, staff.get("/admin/customers?after="+url.QueryEscape(odd)).Status)
		require.Equal(t, http.StatusNotFound, staff.post("/admin/orders/"+id+"/withdraw", "note", odd).Status)
		require.Equal(t, http.StatusNotFound, staff.get("/admin/audit?before="+url.QueryEscape(odd)).Status)
		require.Equal(t, http.StatusNotFound, staff.get("/admin/orders/new?account="+url.QueryEscape(odd)).Status)
		for _, field := range []string{"group", "before", "format", "note", "reason", "account"} {
			form := map[string]string{"group": groupCustomers, "reason": "policy_raised", "grace": "0", field: odd}
			var pairs []string
			for k, value := range form {
				pairs = append(pairs, k, value)
			}
			status := staff.post("/admin/orders/preview", pairs...).Status
			require.Contains(t, []int{http.StatusOK, http.StatusUnprocessableEntity}, status, "%q as %s", odd, field)
		}
	}
	g.shop.mail.busy.Wait()
	require.NotContains(t, g.logs.String(), "level=ERROR")
}
