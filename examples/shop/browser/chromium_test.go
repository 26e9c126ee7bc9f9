package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// chromium starts the browser that all walks share. Its context has no
// deadline: one would close the browser.
func chromium(t *testing.T, path string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx), "Chromium does not start")
	return ctx
}

// look is how a visitor sees the shop.
type look struct {
	Name          string
	Width, Height int64
	Phone, Script bool
}

// looks are the three ways in which the whole walk is made.
func looks() []look {
	return []look{
		{Name: "desktop", Width: 1100, Height: 800, Script: true},
		{Name: "desktop-no-script", Width: 1100, Height: 800},
		{Name: "phone", Width: 390, Height: 844, Phone: true, Script: true},
	}
}

// visitor opens a window with cookies of its own.
func (w walk) visitor() tab {
	w.t.Helper()
	ctx, cancel := chromedp.NewContext(w.chromium, chromedp.WithNewBrowserContext())
	w.t.Cleanup(cancel)
	size := []chromedp.EmulateViewportOption{}
	if w.look.Phone {
		size = append(size, chromedp.EmulateMobile, chromedp.EmulatePortrait)
	}
	require.NoError(w.t, chromedp.Do(ctx, chromedp.EmulateViewport(w.look.Width, w.look.Height, size...)))
	_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !w.look.Script})
	require.NoError(w.t, err)
	require.NoError(w.t, chromedp.Do(ctx, chromedp.Navigate("data:text/html,<title>off</title><script>document.title='on'</script>")))
	scripts, err := chromedp.Run(ctx, chromedp.Title())
	require.NoError(w.t, err)
	require.Equal(w.t, map[bool]string{true: "on", false: "off"}[w.look.Script], scripts)
	b := tab{walk: w, ctx: ctx}
	b.quiet()
	return b
}
