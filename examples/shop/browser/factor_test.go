package browser

import (
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// app is an authenticator app: it knows what it saw on the screen, and has
// oathtool compute the codes.
type app struct {
	walk
	uri string // otpauth://totp/...
}

// scan takes a picture of the screen and has zbarimg read it.
func (b tab) scan() app {
	b.t.Helper()
	b.do(chromedp.ScrollIntoView(chromedp.CSS("img.qr"), chromedp.NodeVisible))
	read := func(scheme string) string {
		b.scheme(scheme)
		file := filepath.Join(b.t.TempDir(), "screen.png")
		require.NoError(b.t, os.WriteFile(file, b.screen(), 0o600))
		return output(b.t, "", b.tools.zbarimg, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file)
	}
	uri := read(light)
	require.Equal(b.t, uri, read(dark), "it can be read in the dark, too")
	b.scheme(light)
	return app{b.walk, uri}
}

// code is what the app shows in the next step of time, as a code works once.
func (a app) code() string {
	a.t.Helper()
	u, err := url.Parse(a.uri)
	require.NoError(a.t, err)
	require.Equal(a.t, "otpauth://totp", u.Scheme+"://"+u.Host)
	q := u.Query()
	require.Equal(a.t, "Copper Kettle", q.Get("issuer"))
	or := func(value, standard string) string {
		if value == "" {
			return standard
		}
		return value
	}
	now := a.shop.advance(30 * time.Second).Format("2006-01-02 15:04:05 UTC")
	return output(a.t, q.Get("secret"), a.tools.oathtool, "--totp="+or(q.Get("algorithm"), "SHA1"), "--digits="+or(q.Get("digits"), "6"),
		"--time-step-size="+or(q.Get("period"), "30")+"s", "--now="+now, "--base32", "-")
}

// enrols goes through the page with the picture, which is open, and returns
// the app and the recovery codes.
func (b tab) enrols() (a app, recovery []string) {
	b.t.Helper()
	a = b.scan()
	b.judge("factor-offer")
	b.fill("code", "12345")
	require.EqualValues(b.t, 401, b.press("Switch it on"), "no code")
	require.Contains(b.t, b.alert(), "not right")
	b.fill("code", a.code())
	b.press("Switch it on")
	nodes, err := chromedp.Run(b.ctx, chromedp.Nodes(chromedp.CSSAll("main ol code"), chromedp.NodeVisible))
	require.NoError(b.t, err)
	for _, n := range nodes {
		text, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.NodeIDs{n.NodeID}))
		require.NoError(b.t, err)
		recovery = append(recovery, text)
	}
	require.Len(b.t, recovery, 10)
	b.judge("recovery")
	b.follow("I have them, go on")
	return a, recovery
}
