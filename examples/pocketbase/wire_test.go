package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestMFAHandshake: the second factor is asked for as PocketBase asks for a
// second method, so that its clients know what to do with the answer.
func TestMFAHandshake(t *testing.T) {
	i := start(t)
	i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	secret := i.enroll(t, v, "")
	v.token = ""
	a := v.signIn("mira@example.com", password)
	require.Equal(t, 401, a.status)
	require.Equal(t, "need_code", a.str("code"))
	require.NotEmpty(t, a.str("mfaId"))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Empty(t, v.token)
	require.Equal(t, 401, v.get("/api/shop/account").status)
	i.clock.Advance(time.Minute)
	code := secret.Code(i.clock.Now())
	require.Equal(t, 400, i.visitor(t).post(credentials+"continue", object{"mfaId": a.str("mfaId"), "code": code}).status, "of another browser")
	b := v.post(credentials+"continue", object{"mfaId": a.str("mfaId"), "code": code})
	require.Equal(t, 200, b.status, b.text)
	require.Equal(t, "mira@example.com", b.body["record"].(object)["email"])
	require.Equal(t, 200, v.get("/api/shop/account").status)
}

// TestStaffEnrolAtSignIn: a required second factor is set up between password and
// token, with the same ticket.
func TestStaffEnrolAtSignIn(t *testing.T) {
	i := start(t)
	i.customer(t, "sten@example.com", true)
	v := i.visitor(t)
	a := v.signIn("sten@example.com", password)
	require.Equal(t, 403, a.status)
	require.Equal(t, "need_enroll", a.str("code"))
	i.enroll(t, v, a.str("mfaId"))
	require.Equal(t, 200, v.get("/api/staff/orders").status)
	i.clock.Advance(time.Hour)
	a = v.get("/api/staff/orders")
	require.Equal(t, 403, a.status)
	require.Equal(t, "step_up", a.str("code"))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"), "the gate's own answers too")
}

// TestProblemsAtOnce: all that is wrong with a password is in data.password, for
// people and for programs, and the password is not.
func TestProblemsAtOnce(t *testing.T) {
	i := start(t)
	a := i.visitor(t).post(credentials+"sign-up", object{"name": "Una", "email": "una@example.com", "password": "una"})
	require.Equal(t, 422, a.status)
	require.Equal(t, "refused", a.str("code"))
	var body struct {
		Data struct {
			Password struct {
				Code, Message string
				Params        struct {
					Problems []struct {
						Code   string
						Params map[string]any
						Text   string
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(a.text), &body))
	codes := map[string]map[string]any{}
	for _, p := range body.Data.Password.Params.Problems {
		codes[p.Code] = p.Params
		require.Contains(t, body.Data.Password.Message, strings.TrimSuffix(p.Text, "."))
	}
	require.Contains(t, codes, "too_short")
	require.Contains(t, codes, "contains_context")
	require.EqualValues(t, 15, codes["too_short"]["min"])
	for _, form := range []object{{"email": "una@example.com", "password": password}, {"name": "Una", "email": "una", "password": password}, {"name": "Una", "email": "Una <una@example.com>", "password": password}} {
		require.Equal(t, 400, i.visitor(t).post(credentials+"sign-up", form).status)
	}
}

// TestPasswordsThatPocketBaseTakes: whatever is accepted as a new password signs
// in, up to the longest that PocketBase's form takes.
func TestPasswordsThatPocketBaseTakes(t *testing.T) {
	i := start(t)
	i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	long := ""
	for n := 0; len(long) < maxPassword-4; n++ {
		long += fmt.Sprintf("kettle %d 茶壺 ", n)
	}
	long = strings.ToValidUTF8(long[:maxPassword-4], "") + "1234"
	long += strings.Repeat("x", maxPassword-len(long))
	change := object{"password": password, "newPassword": long + "y"}
	require.Equal(t, 422, v.post(credentials+"password", change).status)
	change["newPassword"] = long
	require.Equal(t, 200, v.post(credentials+"password", change).status)
	require.Equal(t, 200, i.visitor(t).signIn("mira@example.com", long).status)
	require.Equal(t, 401, i.visitor(t).signIn("mira@example.com", long[:72]).status, "bcrypt would read no further")
}

// TestStoreIsDown: who is signed in is told to come again, and guests go on.
func TestStoreIsDown(t *testing.T) {
	i := start(t)
	i.customer(t, "mira@example.com", false)
	v := i.visitor(t)
	require.Equal(t, 200, v.signIn("mira@example.com", password).status)
	_, err := i.app.NonconcurrentDB().NewQuery("ALTER TABLE tillkey_credentials RENAME TO elsewhere").Execute()
	require.NoError(t, err)
	for _, path := range []string{"/api/shop/account", "/api/collections/products/records"} {
		a := v.get(path)
		require.Equal(t, 503, a.status, a.text)
		require.NotEmpty(t, a.header.Get("Retry-After"))
		require.NotContains(t, a.text, "SQL")
	}
	guest := i.visitor(t)
	require.Equal(t, 503, guest.signIn("mira@example.com", password).status)
	require.Equal(t, 200, guest.get("/api/collections/products/records").status)
	require.Equal(t, 200, guest.post("/api/shop/cart", object{"product": "strainer0000001", "quantity": 1}).status)
	require.Equal(t, 200, guest.post("/api/shop/checkout", nil).status)
}

// TestBodiesAreBounded: nothing reads more of a request than it may hold.
func TestBodiesAreBounded(t *testing.T) {
	i := start(t)
	v := i.visitor(t)
	require.Equal(t, 413, v.post(credentials+"sign-up", object{"password": strings.Repeat("x", maxBody)}).status)
	require.Equal(t, 413, v.signIn("mira@example.com", strings.Repeat("x", 1<<20)).status)
	require.Equal(t, 400, v.signIn("mira@example.com", strings.Repeat("x", 256)).status)
	require.Equal(t, 404, v.post(credentials+"no-such-verb", nil).status)
	require.Equal(t, 400, v.post(credentials+"continue", []int{1}).status)
}

// TestALongBodyIsNoNextRequest: what is left unread of a body that is too long is
// not answered as another request.
func TestALongBodyIsNoNextRequest(t *testing.T) {
	i := start(t)
	for _, path := range []string{credentials + "sign-up", signIn} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(i.url, "http://"))
		require.NoError(t, err)
		defer conn.Close()
		smuggled := "GET /api/health HTTP/1.1\r\nHost: shop\r\n\r\n"
		body := smuggled + strings.Repeat("x", 2<<20)
		go func() {
			_, _ = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, len(body), body)
		}()
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		answers, _ := io.ReadAll(conn) // the server may reset what it does not read
		require.Equal(t, 1, strings.Count(string(answers), "HTTP/1.1 "), string(answers))
		require.Contains(t, string(answers), "413")
	}
}

// TestTheOutboxIsOfThisMachine: mails are shown to no one else.
func TestTheOutboxIsOfThisMachine(t *testing.T) {
	i := start(t)
	require.NoError(t, i.send("mira@example.com", "A mail", "with a ticket"))
	v := i.visitor(t)
	require.Contains(t, v.get("/api/shop/outbox").text, "with a ticket")
	r, err := v.request("GET", "/api/shop/outbox", nil)
	require.NoError(t, err)
	r.Header.Set("X-Forwarded-For", "192.0.2.7")
	res, err := v.client.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 404, res.StatusCode)
}

// TestFormsShowNothing: what a request brings is in no text of it.
func TestFormsShowNothing(t *testing.T) {
	f := form{Proofs: rotate.Proofs{Password: password, NewPassword: password, Code: password, Mailed: password}, MfaID: password, Token: password}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.NotContains(t, fmt.Sprintf(format, f), password)
		require.NotContains(t, fmt.Sprintf(format, &f), password)
	}
	require.NotContains(t, slog.AnyValue(f).Resolve().String(), password)
}
