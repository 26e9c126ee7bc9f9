package browser

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// reading is what a customer reads in a language, on the pages that ask for a new
// password.
type reading struct {
	// Accept is the header of the browser, Lang what the page says it is in.
	Accept, Lang string
	// SignUp and Change are titles and buttons, Rule is there before anything is
	// typed, Strength beside the meter.
	SignUp, Change, Rule, Strength, Fine string
	// Suggest and Take are the buttons for a password that the shop draws.
	Suggest, Take string
	// Refused comes above Reasons, which are those of a name as password. Current
	// is that of the present one, Similar of one like it.
	Refused, Current, Similar string
	Reasons                   []string
}

func readings() []reading {
	return []reading{
		{
			Accept: "en-GB,en;q=0.9", Lang: "en", SignUp: "Sign up", Change: "Change password", Rule: "At least 15 characters.", Strength: "very weak",
			Fine: "Nothing speaks against it so far.", Suggest: "Suggest a password", Take: "Use it", Refused: "Please choose another password.",
			Current: "This is the password you have now.", Similar: "too much like the one you have now",
			Reasons: []string{"Use at least 15 characters.", "made of your name, your e-mail address or the name of the shop", "This password is easy to guess"},
		},
		{
			Accept: "de-DE,de;q=0.9,en;q=0.5", Lang: "de", SignUp: "Registrieren", Change: "Passwort ändern", Rule: "Mindestens 15 Zeichen.", Strength: "sehr schwach",
			Fine: "Bisher spricht nichts dagegen.", Suggest: "Passwort vorschlagen", Take: "Übernehmen", Refused: "Bitte wählen Sie ein anderes Passwort.",
			Current: "Das ist Ihr jetziges Passwort.", Similar: "Ihrem jetzigen zu ähnlich",
			Reasons: []string{"Verwenden Sie mindestens 15 Zeichen.", "besteht aus Ihrem Namen, Ihrer E-Mail-Adresse oder dem Namen des Shops", "Dieses Passwort ist leicht zu erraten"},
		},
	}
}

// Customers read why a password is refused in their own language, on a desk and
// on a phone, with scripts while they type, and without when they have sent it.
func TestReasonsInTwoLanguages(t *testing.T) {
	tools, binary := findTools(t), build(t)
	ctx, shop := chromium(t, tools.chromium), start(t, binary)
	for _, l := range looks() {
		for _, r := range readings() {
			t.Run(l.Name+"-"+r.Lang, func(t *testing.T) {
				t.Parallel()
				s := shop
				s.t = t
				b := walk{t, ctx, tools, s, l, map[string]bool{}}.visitor()
				b.reads(r)
				b.isRefused(r)
				b.isRefusedAgain(r)
			})
		}
	}
}

// reads sets the languages of the browser.
func (b tab) reads(r reading) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": r.Accept}})
	require.NoError(b.t, err)
}

// isRefused types a bad password on the page for new customers, and sends it.
func (b tab) isRefused(r reading) {
	b.t.Helper()
	b.open("/signup")
	b.isIn(r, r.SignUp)
	require.Contains(b.t, b.text(), r.Rule)
	b.judgeIn(r, "signup")
	b.fill("name", "Fay", "email", fay)
	b.types("password", "fay")
	if b.look.Script {
		for _, reason := range r.Reasons {
			b.sees("typing", reason)
		}
		b.sees("typing", r.Strength)
		b.judgeIn(r, "signup-weak")
	}
	require.EqualValues(b.t, 422, b.press(r.SignUp))
	b.isIn(r, r.SignUp)
	for _, reason := range append(r.Reasons, r.Refused) {
		require.Contains(b.t, b.alert(), reason)
	}
	b.judgeIn(r, "signup-refused")
	if b.look.Script {
		b.types("password", password)
		b.sees("typing", r.Fine)
		b.judgeIn(r, "signup-good")
		b.takes(r)
	}
}

// judgeIn judges a page in another language than that of the long walk, which
// judges the English one; for pictures, in both.
func (b tab) judgeIn(r reading, name string) {
	b.t.Helper()
	if r.Lang != "en" || os.Getenv(pictures) != "" {
		b.judge(r.Lang + "-" + name)
	}
}

// takes a password that the shop suggests. It is there to be read, and good.
func (b tab) takes(r reading) {
	b.t.Helper()
	b.types("password", "fay")
	b.sees("typing", r.Strength)
	button := func(label string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(fmt.Sprintf("//main//button[normalize-space()=%q]", label), chromedp.NodeVisible)
	}
	b.do(button(r.Suggest), chromedp.WaitVisible(chromedp.ID("suggested")), chromedp.ScrollIntoView(chromedp.ID("suggestion")))
	suggested, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.ID("suggested")))
	require.NoError(b.t, err)
	require.Greater(b.t, len(suggested), 15)
	b.judgeIn(r, "signup-suggested")
	b.do(button(r.Take))
	b.sees("typing", r.Fine)
	field := chromedp.CSS("main input[name=password][type=text]")
	b.do(chromedp.WaitVisible(field))
	taken, err := chromedp.Run(b.ctx, chromedp.Value(field))
	require.NoError(b.t, err)
	require.Equal(b.t, suggested, taken)
}

// isRefusedAgain tries to keep a password that is to be changed.
func (b tab) isRefusedAgain(r reading) {
	b.t.Helper()
	const ada = "ada@example.com"
	b.open("/login")
	b.fill("email", ada, "password", b.shop.passwords[ada])
	enter(b, chromedp.CSS("main form button:not([type=button])"))
	b.open("/account/password")
	b.isIn(r, r.Change)
	b.judgeIn(r, "password")
	for _, try := range [][2]string{{b.shop.passwords[ada], r.Current}, {b.shop.passwords[ada] + " 2", r.Similar}} {
		b.fill("password", b.shop.passwords[ada], "new_password", try[0])
		require.EqualValues(b.t, 422, b.press(r.Change))
		require.Contains(b.t, b.alert(), try[1])
	}
	b.judgeIn(r, "password-refused")
	if b.look.Script {
		b.types("new_password", "copper kettle")
		b.sees("typing", r.Reasons[0])
		b.judgeIn(r, "password-typed")
	}
}

// isIn checks the language of the page, and what it is called.
func (b tab) isIn(r reading, title string) {
	b.t.Helper()
	lang, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.documentElement.lang"))
	if b.look.Script {
		require.NoError(b.t, err)
		require.Equal(b.t, r.Lang, lang)
	}
	called, err := chromedp.Run(b.ctx, chromedp.Title())
	require.NoError(b.t, err)
	require.Equal(b.t, title+" – Copper Kettle", called)
}
