package browser

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// patience bounds one step, so that a page that never comes is a failure.
const patience = 2 * time.Minute

// tab is one window of a visitor.
type tab struct {
	walk
	ctx context.Context
}

// open goes to a page by its address.
func (b tab) open(path string) {
	b.t.Helper()
	b.navigate(chromedp.Navigate(b.shop.address + path))
}

// navigate does what leads to another page, and waits for that.
func (b tab) navigate(steps ...chromedp.Action[chromedp.Void]) (status int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, steps...)
	require.NoError(b.t, err, "on %s", b.path())
	return response.Status
}

// enter goes to a button or a link and presses Enter, and tells the status of
// the answer. No mouse: what a page says while one types, or fetches every few
// seconds, moves away what a mouse is about to click.
func enter[S chromedp.Selectable](b tab, at S) (status int64) {
	b.t.Helper()
	return b.navigate(chromedp.Focus(at, chromedp.NodeVisible), chromedp.KeyEvent(kb.Enter))
}

// press presses the button with this text or label, and tells the status of
// the answer.
func (b tab) press(label string) (status int64) {
	b.t.Helper()
	return enter(b, fmt.Sprintf("//button[normalize-space()=%[1]q or @aria-label=%[1]q]", label))
}

// follow takes a link of the page, by its text.
func (b tab) follow(text string) {
	b.t.Helper()
	enter(b, fmt.Sprintf("//main//a[contains(normalize-space(), %q)]", text))
}

// menu clicks a link of the shop's header.
func (b tab) menu(text string) {
	b.t.Helper()
	b.navigate(chromedp.Click(fmt.Sprintf("//header//a[contains(normalize-space(), %q)]", text), chromedp.NodeVisible))
}

// do makes steps that stay on the page.
func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, steps...), "on %s", b.path())
}

// fill puts texts into fields of the page, by their names, in place of what is
// there: at once, as a paste or a password manager does.
func (b tab) fill(pairs ...string) {
	b.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		b.empty(pairs[i])
		_, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: pairs[i+1]})
		require.NoError(b.t, err)
	}
}

// types fills in one field key by key.
func (b tab) types(name, text string) {
	b.t.Helper()
	b.empty(name)
	b.do(chromedp.KeyEvent(text))
}

// empty goes to a field and selects what is in it.
func (b tab) empty(name string) {
	b.t.Helper()
	field := chromedp.CSS(fmt.Sprintf("main [name=%q]:not([type=hidden])", name))
	b.do(chromedp.Focus(field, chromedp.NodeVisible), chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// choose picks from a list of the page, by the names of list and choice, with
// the keys, as that works without a mouse.
func (b tab) choose(name, value string) {
	b.t.Helper()
	list := chromedp.CSS(fmt.Sprintf("main select[name=%q]", name))
	b.do(chromedp.Focus(list, chromedp.NodeVisible), chromedp.KeyEvent(kb.Home))
	for range 20 {
		now, err := chromedp.Run(b.ctx, chromedp.Value(list))
		require.NoError(b.t, err)
		if now == value {
			return
		}
		b.do(chromedp.KeyEvent(kb.ArrowDown))
	}
	require.Fail(b.t, name+" has no "+value)
}

// sees waits until a part of the page shows a text.
func (b tab) sees(part, text string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(fmt.Sprintf("//main//*[@id=%q]//*[contains(., %q)]", part, text)))
}

// text is what a visitor reads on the page.
func (b tab) text() string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main"), chromedp.NodeVisible))
	require.NoError(b.t, err)
	return text
}

// path is where the visitor is, with the query.
func (b tab) path() string {
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	u, err := url.Parse(at)
	if err != nil {
		return err.Error()
	}
	return u.RequestURI()
}

// alert is what the page says went wrong.
func (b tab) alert() string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main [role=alert]"), chromedp.NodeVisible))
	require.NoError(b.t, err, "on %s", b.path())
	return text
}

// has tells whether the page has a field of this name to fill in.
func (b tab) has(name string) bool {
	b.t.Helper()
	nodes, err := chromedp.Run(b.ctx, chromedp.Nodes(chromedp.CSSAll(fmt.Sprintf("main [name=%q]:not([type=hidden])", name)), chromedp.AtLeast(0)))
	require.NoError(b.t, err)
	return len(nodes) > 0
}

// letter looks into the outbox until there is a mail to somebody with this
// link, and follows it.
func (b tab) letter(to, link string) {
	b.t.Helper()
	find := fmt.Sprintf("//main//article[contains(., %q)]//a[normalize-space()=%q]", to, link)
	for end := time.Now().Add(patience); ; {
		b.open("/outbox")
		nodes, err := chromedp.Run(b.ctx, chromedp.Nodes(find, chromedp.AtLeast(0)))
		require.NoError(b.t, err)
		if len(nodes) > 0 {
			break
		}
		require.True(b.t, time.Now().Before(end), "no mail to %s with %q", to, link)
	}
	b.judge("outbox")
	enter(b, find)
}
