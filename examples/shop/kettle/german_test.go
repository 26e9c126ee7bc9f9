package kettle

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// german is a visitor who reads German.
type german struct {
	browser
	english []string
}

func (g *stage) german() german {
	g.t.Helper()
	b := g.browser()
	b.client.Transport = speaking{b.client.Transport, "de-AT,de;q=0.9,en;q=0.5"}
	v := german{browser: b}
	for key, e := range readCatalog(g.t, "de") {
		// Single words may well be in an address or a code.
		if key != e.other && strings.Contains(key, " ") && !strings.ContainsAny(key, "%<") {
			v.english = append(v.english, key)
		}
	}
	return v
}

// speaking sends a header Accept-Language with every request.
type speaking struct {
	http.RoundTripper
	accept string
}

func (s speaking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept-Language", s.accept)
	return s.RoundTripper.RoundTrip(r)
}

// understood checks that nothing of an answer is English, and hands it on.
func (v german) understood(a answer) answer {
	v.t.Helper()
	require.Equal(v.t, "de", a.Header.Get("Content-Language"))
	require.Contains(v.t, a.Header.Values("Vary"), "Accept-Language")
	require.Contains(v.t, a.Body, `<html lang="de">`)
	body := regexp.MustCompile(`(?s)<article class="card letter">.*?</article>`).ReplaceAllString(a.Body, "") // letters are read as such
	v.readable(html.UnescapeString(body))
	return a
}

func (v german) readable(text string) {
	v.t.Helper()
	for _, wording := range v.english {
		require.NotContains(v.t, text, wording)
	}
	require.NotContains(v.t, text, "%!", "a text and what is put in do not go together")
}

// mailed is the newest mail to an address, and all of it German.
func (v german) mailed(to string) Letter {
	v.t.Helper()
	l := v.letter(to)
	require.Equal(v.t, "de", l.Lang)
	v.readable(strings.Join(append(l.Body, l.Subject, l.LinkText), "\n"))
	return l
}

// A customer who reads German reads nothing else: pages, refusals, mails and
// notices.
func TestGermanCustomer(t *testing.T) {
	g := newStage(t)
	v := g.german()
	for _, page := range []string{"/", "/products/cup", "/cart", "/login", "/signup", "/signup/confirm?token=x", "/forgot", "/reset?ticket=x", "/outbox", "/nothing"} {
		v.understood(v.get(page))
	}
	a := v.understood(v.post("/signup", "email", fay, "name", "Fay", "password", "fay"))
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	reasons := listed(a.Body, "problem")
	require.Len(t, reasons, 3)
	require.Equal(t, "Verwenden Sie mindestens 15 Zeichen. Einige Wörter, die nichts miteinander zu tun haben, sind leicht zu merken.", reasons[0])
	require.Contains(t, reasons[1], "besteht aus Ihrem Namen, Ihrer E-Mail-Adresse oder dem Namen des Shops")
	require.Contains(t, reasons[2], "leicht zu erraten")
	require.Contains(t, reasons[2], "Fügen Sie ein oder zwei Wörter hinzu")
	require.Equal(t, listed(a.Body, "problem"), listed(v.post("/preview?for=customers", "email", fay, "name", "Fay", "password", "fay").Body, "typing"))
	v.understood(v.post("/signup", "email", "", "name", ""))

	v.understood(v.signUp(fay, fayPassword))
	l := v.mailed(fay)
	require.Equal(t, "Willkommen bei Copper Kettle", l.Subject)
	v.understood(v.get("/outbox"))
	v.understood(v.get(l.Link))
	_, token, _ := strings.Cut(l.Link, "token=")
	v.understood(v.post("/signup/confirm", "token", token, "password", "something else entirely"))
	v.entered(v.post("/signup/confirm", "token", token, "password", fayPassword))
	v.signUp(fay, fayPassword)
	require.Equal(t, "Sie haben schon ein Konto", v.mailed(fay).Subject)

	a = v.understood(v.get("/account"))
	require.Contains(t, a.Body, "Guten Tag, Fay")
	require.Contains(t, a.Body, "Gewählt am "+g.clock.Now().Format("02.01.2006")+".")
	v.post("/account/card", "keep", "1")
	v.understood(v.get("/account"))
	v.post("/cart", "product", "kettle", "quantity", "12")
	require.Contains(t, v.understood(v.get("/cart")).Body, "1.068,00\u00a0€")
	v.understood(v.get("/checkout"))
	v.understood(v.post("/checkout", "recipient", "", "address", ""))
	require.Equal(t, "/checkout/card", v.post("/checkout", "recipient", "Fay", "address", "Gasse 1", "pay", "card").Location)
	v.understood(v.get("/checkout/card"))
	v.understood(v.post("/checkout/card"))
	v.understood(v.post("/cart", "product", "none", "quantity", "1"))

	v.understood(v.get("/account/second-factor"))
	v.understood(v.post("/account/second-factor", "password", "something else entirely"))
	secret := v.understood(v.post("/account/second-factor", "password", fayPassword)).secret(t)
	v.understood(v.post("/account/second-factor/confirm", "code", "000000"))
	v.understood(v.post("/account/second-factor/confirm", "code", g.code(secret))).recoveryCodes(t)
	require.Contains(t, v.understood(v.get("/account")).Body, "10 Wiederherstellungscodes sind übrig.")
	v.understood(v.get("/account/password"))
	a = v.understood(v.post("/account/password", "password", fayPassword, "new_password", fayPassword))
	require.Equal(t, []string{"Das ist Ihr jetziges Passwort. Wählen Sie ein neues."}, listed(a.Body, "problem"))

	// A notice comes without a request, in the language of the last sign-in.
	_, err := g.shop.keeper.Deliver(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"Zweiter Faktor eingeschaltet", "Neue Wiederherstellungscodes"}, notices(v, fay))
	v.understood(v.post("/forgot", "email", fay))
	require.Equal(t, "Ihr neues Passwort", v.mailed(fay).Subject)
	v.understood(v.get(v.mailed(fay).Link))

	v.post("/logout")
	a = v.understood(v.login(fay, fayPassword))
	v.understood(v.post("/login/code", "ticket", a.hidden(t, "ticket"), "code", "000000"))
	for range 12 {
		a = v.login("nobody@example.com", "something else entirely")
		v.understood(a)
	}
	require.NotContains(t, g.logs.String(), "level=ERROR")
}

// notices are what the mails to somebody about events are called.
func notices(v german, to string) (subjects []string) {
	for _, l := range v.letters() {
		if l.To == to && l.ID != "" {
			v.readable(strings.Join(append(l.Body, l.Subject), "\n"))
			subjects = append(subjects, l.Subject)
		}
	}
	return subjects
}

// The staff read German, too, also what others placed.
func TestGermanStaff(t *testing.T) {
	g := newStage(t)
	english, _ := g.staff()
	english.force("group", groupCustomers, "before", g.clock.Now().AddDate(0, 0, -30).Format("2006-01-02"), "format", weakerFormats, "reason", "weak_hash", "grace", "7")
	v := g.german()
	v.browser.client.Jar = english.client.Jar
	for _, page := range []string{"/admin", "/admin/customers", "/admin/customers/1", "/admin/orders", "/admin/orders/new", "/admin/orders/new?account=1", "/admin/audit", "/account/confirm"} {
		v.understood(v.get(page))
	}
	orders := v.get("/admin/orders").Body
	require.Contains(t, orders, "Gruppe Kunden, Passwort gewählt vor dem "+g.clock.Now().AddDate(0, 0, -30).Format("02.01.2006")+", schwächer gespeichert als heute")
	require.Contains(t, english.get("/admin/orders").Body, "group customers, password chosen before "+g.clock.Now().AddDate(0, 0, -30).Format("2 Jan 2006")+", stored weaker than today")

	a := v.understood(v.post("/admin/orders/preview", "account", "1", "reason", "policy_raised", "grace", "1"))
	require.Contains(t, a.Body, "<strong>1</strong> Konto muss ein neues Passwort wählen.")
	require.Contains(t, a.Body, "1 Tag<")
	v.understood(v.post("/admin/orders/preview", "group", groupCustomers, "reason", "policy_raised", "grace", "0"))
	for _, wrong := range [][]string{
		{"group", "x", "reason", "weak_hash", "grace", "0"}, {"group", groupStaff, "reason", "weak_hash", "grace", "-1"},
		{"group", groupStaff, "reason", "compromise", "grace", "3"}, {"group", groupStaff, "reason", "weak_hash", "grace", "0", "before", "x"},
		{"group", groupStaff, "reason", "weak_hash", "grace", "0", "format", "x"},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, v.understood(v.post("/admin/orders/preview", wrong...)).Status)
	}
	v.understood(v.post("/admin/orders", "account", "1", "reason", "policy_raised", "grace", "0"))
	v.understood(v.get("/admin/nothing"))
}

// Who says nothing about languages, or wants one that the shop does not speak,
// gets English.
func TestLanguageOfTheHeader(t *testing.T) {
	b := newStage(t).browser()
	for accept, want := range map[string]string{"": "en", "fr": "en", "fr,de;q=0.3": "de", "en;q=0.5,de;q=0.6": "de", "de;q=0": "en", "gsw": "de", strings.Repeat("x", 20_000): "en"} {
		var headers []string
		if accept != "" {
			headers = []string{"Accept-Language", accept}
		}
		a := b.send(http.MethodGet, "/login", nil, headers...)
		require.Equal(t, want, a.Header.Get("Content-Language"), "%.40s", accept)
		require.Contains(t, a.Body, `<html lang="`+want+`">`)
	}
	a := b.send(http.MethodPost, "/cart", nil, "Sec-Fetch-Site", "cross-site", "Accept-Language", "de")
	require.Equal(t, "Dieses Formular kam von einer anderen Website.\n", a.Body)
	require.Empty(t, b.get("/static/style.css").Header.Get("Content-Language"))
}
