package main

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// paths are the ways to address the collection of the customers.
func (i *instance) paths(t *testing.T) []string {
	collection, err := i.app.FindCachedCollectionByNameOrId(customers)
	require.NoError(t, err)
	return []string{"/api/collections/customers", "/api/collections/" + collection.Id}
}

// TestDoorsToATokenAreClosed: who proves to PocketBase who they are, by any means
// that Tillkey does not judge, gets no token, also where a dashboard switched
// these means on.
func TestDoorsToATokenAreClosed(t *testing.T) {
	i := start(t)
	id := i.customer(t, "mira@example.com", false)
	collection, err := i.app.FindCollectionByNameOrId(customers)
	require.NoError(t, err)
	collection.OTP.Enabled = true
	require.NoError(t, i.app.Save(collection))
	root := i.superuser(t)
	for _, path := range i.paths(t) {
		v := i.visitor(t)
		for _, door := range []string{"/request-otp", "/auth-with-otp", "/auth-with-oauth2", "/request-password-reset", "/confirm-password-reset", "/request-email-change", "/confirm-email-change"} {
			a := v.post(path+door, object{"email": "mira@example.com"})
			require.Equal(t, 403, a.status, path+door+" "+a.text)
			require.Contains(t, a.text, credentials)
		}
		token := root.token
		a := root.post(path+"/impersonate/"+id, object{"duration": 600})
		require.Equal(t, 403, a.status, a.text)
		require.Equal(t, token, root.token)
	}
	require.Empty(t, i.outbox.to("mira@example.com"))

	// Behind the closed doors, the one hook that all tokens pass refuses too.
	otp := core.NewOTP(i.app)
	otp.SetCollectionRef(collection.Id)
	otp.SetRecordRef(id)
	otp.SetPassword("12345678")
	require.NoError(t, i.app.Save(otp))
	event := &core.RecordAuthRequestEvent{RequestEvent: &core.RequestEvent{App: i.app}}
	event.Collection = collection
	event.Record, err = i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	event.Request, err = http.NewRequestWithContext(t.Context(), "POST", i.url, nil)
	require.NoError(t, err)
	require.ErrorContains(t, i.issue(event), credentials)
}

// TestNobodySetsAPassword: neither the customer, nor the dashboard, nor code of
// the shop writes one into PocketBase's column, alone or in a batch.
func TestNobodySetsAPassword(t *testing.T) {
	i := start(t)
	id, old := i.customer(t, "mira@example.com", false), i.old(t, "nils@example.com")
	root, v := i.superuser(t), i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	const other = "another fjord 31 lantern"
	change := object{"password": other, "passwordConfirm": other, "oldPassword": password}
	for _, path := range i.paths(t) {
		for _, who := range []*visitor{root, v} {
			for _, account := range []string{id, old} {
				before, _ := i.row(t, account)
				a := who.do("PATCH", path+"/records/"+account, change)
				require.GreaterOrEqual(t, a.status, 400, a.text)
				batch := who.post("/api/batch", object{"requests": []object{{"method": "PATCH", "url": path + "/records/" + account, "body": change}}})
				require.GreaterOrEqual(t, batch.status, 400, batch.text)
				after, _ := i.row(t, account)
				require.Equal(t, before, after)
			}
			create := object{"email": "new@example.com", "name": "new", "password": other, "passwordConfirm": other}
			require.GreaterOrEqual(t, who.post(path+"/records", create).status, 400)
			require.GreaterOrEqual(t, who.post("/api/batch", object{"requests": []object{{"method": "POST", "url": path + "/records", "body": create}}}).status, 400)
		}
	}
	record, err := i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	record.SetPassword(other)
	require.Error(t, i.app.Save(record))
	record, err = i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	record.SetRandomPassword()
	require.Error(t, i.app.Save(record))

	require.Equal(t, 401, i.visitor(t).signIn("mira@example.com", other).status)
	require.Equal(t, 200, i.visitor(t).signIn("mira@example.com", password).status)
	require.Equal(t, 200, i.visitor(t).signIn("nils@example.com", password).status)
	require.Equal(t, 200, v.do("PATCH", "/api/collections/customers/records/"+id, object{"name": "Mira"}).status)
}

// TestCustomersDoNotMakeThemselvesStaff: what is hidden in a row is not the
// customer's to write.
func TestCustomersDoNotMakeThemselvesStaff(t *testing.T) {
	i := start(t)
	id := i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	require.NotEqual(t, 200, v.post("/api/collections/users/records", object{"email": "u@example.com", "password": password, "passwordConfirm": password}).status)
	for _, field := range []object{{"staff": true}, {"tokenKey": strings.Repeat("k", 40)}, {"addressSince": "2001-01-01 00:00:00Z"}, {"verified": false}, {"email": "x@example.com"}} {
		v.do("PATCH", "/api/collections/customers/records/"+id, field)
	}
	record, err := i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	require.False(t, record.GetBool("staff"))
	require.True(t, record.Verified())
	require.Equal(t, "mira@example.com", record.Email())
	require.NotEqual(t, strings.Repeat("k", 40), record.TokenKey())
	require.True(t, record.GetDateTime("addressSince").IsZero())
	require.Equal(t, 404, v.get("/api/staff/orders").status)
}

// TestRefreshGoesThroughTheGate: a refreshed token is of the same session, and
// there is none where the session is over or a change is due.
func TestRefreshGoesThroughTheGate(t *testing.T) {
	i := start(t)
	id := i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	for _, path := range i.paths(t) {
		require.Equal(t, 200, v.post(path+"/auth-refresh", nil).status)
		require.Equal(t, 200, v.get("/api/shop/account").status)
	}
	_, err := i.keeper.Force(t.Context(), rotate.Order{Account: id, Reason: rotate.PolicyRaised, Actor: "test", Expect: 1})
	require.NoError(t, err)
	for _, path := range i.paths(t) {
		a := v.post(path+"/auth-refresh", nil)
		require.Equal(t, 403, a.status, a.text)
		require.Equal(t, "need_new_password", a.str("code"))
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	}
	require.NoError(t, i.keeper.EndSessions(t.Context(), id, "test"))
	for _, path := range i.paths(t) {
		require.Equal(t, 401, v.post(path+"/auth-refresh", nil).status)
	}
}

// TestOrdersReachTokens: an order writes no row of a customer, so no tokenKey
// changes; PocketBase's own routes know the token no more all the same.
func TestOrdersReachTokens(t *testing.T) {
	i := start(t)
	id := i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	own := "/api/collections/customers/records/" + id
	require.Equal(t, 200, v.get(own).status)
	_, key := i.row(t, id)
	_, err := i.keeper.Force(t.Context(), rotate.Order{Account: id, Reason: rotate.Compromise, Actor: "test", Expect: 1})
	require.NoError(t, err)
	_, now := i.row(t, id)
	require.Equal(t, key, now)
	require.Equal(t, 404, v.get(own).status)
	require.Equal(t, 404, v.do("PATCH", own, object{"name": "Thief"}).status)
	require.Equal(t, 401, v.post("/api/collections/customers/auth-refresh", nil).status)
	require.Equal(t, 401, v.get("/api/shop/account").status)
	require.Equal(t, 200, v.get("/api/collections/products/records").status, "as a guest")
}

// TestTokensOfTheTimeBefore: a token without a session of Tillkey is good for an
// account that was adopted as it is, until its first change.
func TestTokensOfTheTimeBefore(t *testing.T) {
	i := start(t)
	id := i.old(t, "nils@example.com")
	record, err := i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	v := i.visitor(t)
	v.token, err = record.NewAuthToken()
	require.NoError(t, err)
	before := v.token
	require.Equal(t, 200, v.get("/api/shop/account").status)
	a := v.post("/api/collections/customers/auth-refresh", nil)
	require.Equal(t, 200, a.status, a.text)

	require.Equal(t, "step_up", v.post("/api/shop/pay", nil).str("code"), "nobody knows when it was proven")
	a = v.post(credentials+"step-up", object{"password": password})
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, 200, v.post("/api/shop/pay", nil).status)

	v.token = before
	a = v.post(credentials+"password", object{"password": password, "newPassword": "another fjord 31 lantern"})
	require.Equal(t, 200, a.status, a.text)
	require.Equal(t, 200, v.get("/api/shop/account").status)
	v.token = before
	require.Equal(t, 401, v.get("/api/shop/account").status)
	// A claim that is missing opens nothing where Tillkey has drawn an epoch.
	record, err = i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	v.token, err = record.NewAuthToken()
	require.NoError(t, err)
	require.Equal(t, 401, v.get("/api/shop/account").status)
}

// TestForgedClaims: a session counts only under PocketBase's signature.
func TestForgedClaims(t *testing.T) {
	i := start(t)
	i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	parts := strings.Split(v.token, ".")
	other := i.visitor(t)
	i.customer(t, "nils@example.com", false)
	require.Equal(t, 200, other.signIn("nils@example.com", password).status)
	v.token = parts[0] + "." + strings.Split(other.token, ".")[1] + "." + parts[2]
	require.Equal(t, 401, v.get("/api/shop/account").status)
}

// TestRealtimeKnowsGuestsOnly: what PocketBase keeps for longer than a request
// does not outlive a session, as it does not begin with one.
func TestRealtimeKnowsGuestsOnly(t *testing.T) {
	i := start(t)
	id := i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	require.Equal(t, 401, v.post("/api/files/token", nil).status)

	r, err := http.NewRequestWithContext(t.Context(), "GET", i.url+"/api/realtime", nil)
	require.NoError(t, err)
	res, err := v.client.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	client := ""
	for client == "" && lines.Scan() {
		if _, text, found := strings.Cut(lines.Text(), `"clientId":"`); found {
			client, _, _ = strings.Cut(text, `"`)
		}
	}
	require.NotEmpty(t, client)
	require.Equal(t, 204, v.post("/api/realtime", object{"clientId": client, "subscriptions": []string{"customers/" + id}}).status)
	kept, err := i.app.SubscriptionsBroker().ClientById(client)
	require.NoError(t, err)
	auth, _ := kept.Get("auth").(*core.Record)
	require.Nil(t, auth)
}

// TestDashboardFollows: who is made staff in the dashboard needs a second factor
// from then on; an address set there is new, and the old one is told.
func TestDashboardFollows(t *testing.T) {
	i := start(t)
	id, old := i.customer(t, "mira@example.com", false), i.old(t, "nils@example.com")
	root, v := i.superuser(t), i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	for _, account := range []string{id, old} {
		a := root.do("PATCH", "/api/collections/customers/records/"+account, object{"staff": true})
		require.Equal(t, 200, a.status, a.text)
		status, err := i.keeper.Lookup(t.Context(), account)
		require.NoError(t, err)
		require.Equal(t, groupStaff, status.Group)
	}
	require.Equal(t, 401, v.get("/api/shop/account").status, "the sessions of before are over")
	require.Equal(t, "need_enroll", v.signIn("mira@example.com", password).str("code"))

	require.Equal(t, 200, root.do("PATCH", "/api/collections/customers/records/"+id, object{"email": "mira@new.example.com"}).status)
	letters, err := i.sentMail(t.Context(), "mira@example.com")
	require.NoError(t, err)
	require.Equal(t, "Your address was changed", letters[len(letters)-1].Subject)
	record, err := i.app.FindRecordById(customers, id)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), record.GetDateTime("addressSince").Time(), time.Minute)

	require.Equal(t, 204, root.do("DELETE", "/api/collections/customers/records/"+id, nil).status)
	_, err = i.keeper.Lookup(t.Context(), id)
	require.ErrorIs(t, err, rotate.ErrNotFound)
	events, err := i.keeper.Events(t.Context(), id, "", 10)
	require.NoError(t, err)
	require.Empty(t, events)
}
