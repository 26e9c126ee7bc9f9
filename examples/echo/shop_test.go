package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/rotate"
)

const (
	mira     = "mira@example.com"
	password = "nine violet umbrellas"
)

func TestSignUpIsConfirmedWithThePassword(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.browser()
	b.is(422, b.post("/signup", "name", "", "email", mira, "password", password))
	b.is(422, b.post("/signup", "name", "Mira", "email", "Mira <"+mira+">", "password", password))
	b.is(200, b.post("/signup", "name", "Mira", "email", " "+strings.ToUpper(mira), "password", password))
	link := i.link("/login?ticket=", mira)
	b.is(401, b.post("/login", "email", mira, "password", password)) // not yet

	token := strings.TrimPrefix(link, "/login?ticket=")
	require.Contains(t, b.is(200, b.get(link)).text, token)
	again := b.is(401, b.post("/login", "ticket", token, "password", "somebody else's guess"))
	require.Contains(t, again.text, token, "the form keeps the token")
	b.is(401, b.post("/login", "email", mira, "password", password))
	b.goes("/", b.post("/login", "ticket", token, "password", password))
	b.is(200, b.get("/account"))
	b.is(400, i.browser().post("/login", "ticket", token, "password", password)) // it works once
	b.goes("/", i.browser().post("/login", "email", mira, "password", password))

	// The owner of a taken address gets a mail, and nothing changes.
	b.is(200, b.post("/signup", "name", "Eve", "email", mira, "password", "ten orange raincoats"))
	i.shop.mail.busy.Wait()
	require.Equal(t, "You have an account already", i.shop.mail.all()[0].Subject)
	b.is(401, i.browser().post("/login", "email", mira, "password", "ten orange raincoats"))
}

// link is the newest link of a mail.
func (i *instance) link(prefix, to string) string {
	i.t.Helper()
	i.shop.mail.busy.Wait()
	for _, l := range i.shop.mail.all() {
		if l.To == to && strings.HasPrefix(l.Link, prefix) {
			return l.Link
		}
	}
	i.t.Fatalf("no mail to %s with a link to %s", to, prefix)
	return ""
}

func TestUnconfirmedIsForgotten(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.browser()
	b.is(200, b.post("/signup", "name", "Mira", "email", mira, "password", password))
	token := strings.TrimPrefix(i.link("/login?ticket=", mira), "/login?ticket=")
	rows := func() (n int) {
		require.NoError(t, i.shop.db.QueryRow("SELECT COUNT(*) FROM customers").Scan(&n))
		kept, err := i.shop.store.Count(t.Context(), rotate.Query{})
		require.NoError(t, err)
		require.Equal(t, n, kept, "customers and credentials go together")
		return n
	}
	require.NoError(t, i.shop.forgetUnconfirmed(t.Context()))
	require.Equal(t, 1, rows())
	i.clock.Advance(confirmFor + time.Second)
	b.is(400, b.post("/login", "ticket", token, "password", password))
	require.NoError(t, i.shop.forgetUnconfirmed(t.Context()))
	require.Equal(t, 0, rows())
}

// TestSessionIsRenewed: a sign-in gets a session id of its own, and the one
// before it is worth nothing.
func TestSessionIsRenewed(t *testing.T) {
	i := openInstances(t, 1)[0]
	i.customer(mira, password)
	b, thief := i.browser(), i.browser()
	b.goes("/cart", b.post("/cart", "product", "bowl"))
	guest := b.cookie("session")
	require.NotEmpty(t, guest)
	answer := b.post("/login", "email", mira, "password", password, "next", "//evil.example/")
	b.goes("/", answer)
	for _, c := range answer.Cookies() {
		require.True(t, c.HttpOnly, c.Name)
		require.Equal(t, http.SameSiteLaxMode, c.SameSite, c.Name)
	}
	require.NotEqual(t, guest, b.cookie("session"))
	var kept int
	require.NoError(t, i.shop.db.QueryRow("SELECT COUNT(*) FROM sessions WHERE token = ?", b.cookie("session")).Scan(&kept))
	require.Zero(t, kept, "the table holds a cookie as it is")
	require.Contains(t, b.is(200, b.get("/cart")).text, "1 × Singing bowl")
	thief.goes("/login?next=%2Faccount", thief.get("/account", "Cookie", "session="+guest))
	b.goes("/login", b.post("/logout"))
	b.goes("/login?next=%2Faccount", b.get("/account"))
	require.Contains(t, b.is(200, b.get("/cart")).text, "1 × Singing bowl")
}

func TestFiveWrongProofsEndTheSession(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	for range 4 {
		b.is(401, b.post("/account/confirm", "password", "no"))
	}
	b.is(200, b.get("/account"))
	b.goes("/login", b.post("/account/confirm", "password", "no"))
	b.goes("/login?next=%2Faccount", b.get("/account"))
	b.goes("/", b.post("/login", "email", mira, "password", password))
}

// TestCardTakesAFreshProof: the card on file is charged after one, and the way
// back is kept.
func TestCardTakesAFreshProof(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	b.goes("/account", b.post("/account/card", "keep", "1"))
	b.goes("/cart", b.post("/cart", "product", "bowl"))
	require.Contains(t, b.is(200, b.get("/cart")).text, "Visa ending in 4242")
	i.clock.Advance(6 * time.Minute)
	b.goes("/account/confirm", b.post("/checkout/card"))
	b.goes("/account/confirm?next=%2Fcheckout%2Fcard", b.get("/checkout/card"))
	b.goes("/checkout/card", b.post("/account/confirm", "password", password, "next", "/checkout/card"))
	require.Contains(t, b.is(200, b.post("/checkout/card")).text, "Paid with Visa ending in 4242")
	var card string
	require.NoError(t, i.shop.db.QueryRow("SELECT card FROM purchases").Scan(&card))
	require.Equal(t, "Visa ending in 4242", card)
	b.goes("/cart", b.post("/checkout/card")) // nothing to pay

	guest := i.browser()
	guest.goes("/cart", guest.post("/cart", "product", "hand"))
	require.Contains(t, guest.is(200, guest.post("/checkout")).text, "Please pay on delivery.")
}

// TestFactorComesAndGoes: the codes of the app switch it off again, and the
// customer is told by mails without links.
func TestFactorComesAndGoes(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	secret := i.enroll(b, password)
	i.clock.Advance(time.Minute)
	other := i.browser()
	other.is(200, other.post("/login", "email", mira, "password", password))
	b.is(401, b.post("/account/second-factor/remove", "password", "no", "code", secret.Code(i.clock.Now())))
	b.goes("/", b.post("/account/second-factor/remove", "password", password, "code", secret.Code(i.clock.Now())))
	other.goes("/", other.post("/login", "email", mira, "password", password))

	mails, err := i.mails(t.Context(), mira)
	require.NoError(t, err)
	var subjects []string
	for _, m := range mails {
		subjects = append(subjects, m.Subject)
		require.NotContains(t, m.Text, "http")
		require.True(t, strings.HasSuffix(m.Text, "\n"), "it has no link")
	}
	require.Contains(t, subjects, "Your second factor was switched on")
	require.Contains(t, subjects, "Your second factor was switched off")
}

// TestAppShowsTheShop: an authenticator app names the shop.
func TestAppShowsTheShop(t *testing.T) {
	i := openInstances(t, 1)[0]
	i.customer(mira, password)
	const window = "the value of a cookie"
	d, err := i.shop.keeper.Login(t.Context(), rotate.Attempt{Name: mira, Password: password, Browser: window})
	require.NoError(t, err)
	offer, err := i.shop.keeper.Enroll(t.Context(), d.Session, rotate.Proofs{Password: password, Browser: window})
	require.NoError(t, err)
	require.Equal(t, brand, offer.Issuer)
}

// TestOldHashIsEmptied: once Tillkey has its own, the shop's column holds none.
func TestOldHashIsEmptied(t *testing.T) {
	i := openInstances(t, 1)[0]
	_, err := i.seed(t.Context(), shopspec.Account{Email: mira, Name: "Mira", Encoded: "$2a$04$" + "J2vVKKO5BhPmMZCjqWVk4O1oxRLNwIXvcnC6oKXxXPzTQm6PpKQ8a"})
	require.NoError(t, err)
	b := i.browser()
	b.is(401, b.post("/login", "email", mira, "password", password))
	column := func() (encoded string) {
		_, err := i.shop.keeper.Deliver(t.Context())
		require.NoError(t, err)
		require.NoError(t, i.shop.db.QueryRow("SELECT password_hash FROM customers").Scan(&encoded))
		return encoded
	}
	require.NotEmpty(t, column())
	b.is(200, b.post("/forgot", "email", mira))
	ticket := strings.TrimPrefix(i.link("/reset?ticket=", mira), "/reset?ticket=")
	require.Contains(t, b.is(200, b.get("/reset?ticket="+ticket)).text, `action="/reset"`)
	b.goes("/login", b.post("/reset", "ticket", ticket, "new_password", password))
	require.Empty(t, column())
	require.Contains(t, i.logs.String(), "path=/reset ")
	require.NotContains(t, i.logs.String(), ticket)
}

// TestDueCustomerPaysForTheCart: as a guest.
func TestDueCustomerPaysForTheCart(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	b.goes("/cart", b.post("/cart", "product", "bowl"))
	_, err := i.shop.keeper.Force(t.Context(), rotate.Order{Reason: rotate.PolicyRaised, Actor: "test", Expect: 1})
	require.NoError(t, err)
	b.goes("/account/password?next=%2Fproducts%2Fbowl", b.get("/products/bowl"))
	b.is(200, b.get("/cart"))
	b.goes("/login?next=%2Fcheckout%2Fcard", newBrowser(t, i.url(), &http.Transport{}).get("/checkout/card"))
	b.is(200, b.post("/checkout"))
	var who string
	require.NoError(t, i.shop.db.QueryRow("SELECT customer_id FROM purchases").Scan(&who))
	require.Empty(t, who)
}

// TestOrdersThatCannotBe: staff are told why.
func TestOrdersThatCannotBe(t *testing.T) {
	i := openInstances(t, 1)[0]
	_, err := i.seed(t.Context(), shopspec.Account{Email: "dora@example.com", Name: "Dora", Password: password, Staff: true})
	require.NoError(t, err)
	b := i.browser()
	page := b.is(200, b.post("/login", "email", "dora@example.com", "password", password))
	ticket := regexp.MustCompile(`name="ticket" value="([^"]+)"`).FindStringSubmatch(page.text)
	require.NotNil(t, ticket, page.text)
	i.enroll(b, password, "ticket", ticket[1])
	b.is(200, b.get("/admin"))
	b.is(400, b.post("/admin/orders", "reason", "policy_raised", "grace", "soon"))
	b.is(400, b.post("/admin/orders", "reason", "policy_raised", "before", "yesterday"))
	require.Contains(t, b.is(422, b.post("/admin/orders", "group", "customers")).text, "reason")
	require.Contains(t, b.is(409, b.post("/admin/orders", "group", "staff", "reason", "policy_raised", "count", "9")).text, "1 accounts, not 9")
	b.is(404, b.post("/admin/orders/none/withdraw", "note", "x"))
	dora, err := i.shop.byEmail(t.Context(), "dora@example.com")
	require.NoError(t, err)
	one := b.is(200, b.post("/admin/orders", "group", "customers", "account", dora.Account, "reason", "policy_raised"))
	require.Contains(t, one.text, `name="count" value="1"`)
	orders, err := i.shop.keeper.Orders(t.Context())
	require.NoError(t, err)
	require.Empty(t, orders)
}

// TestOrdersCountWhoWasNotSeenYet: the page of the staff adopts them, so that the
// dry run tells of them.
func TestOrdersCountWhoWasNotSeenYet(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	_, err := i.shop.db.Exec("UPDATE customers SET staff = 1")
	require.NoError(t, err)
	i.enroll(b, password)
	_, err = i.seed(t.Context(), shopspec.Account{Email: "ben@example.com", Name: "Ben", Password: password})
	require.NoError(t, err)
	order := []string{"group", "customers", "reason", "policy_raised", "note", "stricter"}
	require.Contains(t, b.is(200, b.post("/admin/orders", order...)).text, `name="count" value="1"`)
	b.is(200, b.get("/admin"))
	require.Contains(t, b.is(200, b.post("/admin/orders", order...)).text, `name="count" value="2"`)

	b.goes("/admin", b.post("/admin/orders", append(order, "count", "2", "grace", "9")...))
	_, err = i.seed(t.Context(), shopspec.Account{Email: "hana@example.com", Name: "Hana", Password: password})
	require.NoError(t, err)
	require.Contains(t, b.is(200, b.get("/admin")).text, "“stricter” 3 of 2 left")
	mails, err := i.mails(t.Context(), "ben@example.com")
	require.NoError(t, err)
	require.Empty(t, mails, "it is not time to remind")
	_, err = i.shop.keeper.Sweep(t.Context(), 0)
	require.NoError(t, err)
	mails, err = i.mails(t.Context(), "ben@example.com")
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.Contains(t, mails[0].Text, "have become stricter. Open the shop as you always do")
}

// TestStaffNeedASecondFactor: also where the group of the account does not ask
// for one, as the shop made somebody staff who was a customer before.
func TestStaffNeedASecondFactor(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.customer(mira, password)
	_, err := i.shop.db.Exec("UPDATE customers SET staff = 1")
	require.NoError(t, err)
	b.is(404, b.get("/admin"))
	i.enroll(b, password)
	b.is(200, b.get("/admin"))
}
