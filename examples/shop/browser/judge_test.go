package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// axe is axe-core 4.14.1 as its makers publish it; the licences are beside it.
//
//go:embed testdata/axe/axe.min.js
var axe string

// The two colour schemes.
const (
	light = "light"
	dark  = "dark"
)

// judge looks at the page as a whole: it fits the width, and axe-core finds
// nothing serious in either colour scheme. A finding does not end the walk, so
// that one run tells them all. Where pictures are wanted it takes one. A page
// that was seen in this walk is not looked at again.
func (b tab) judge(name string) {
	b.t.Helper()
	if b.judged[name] {
		return
	}
	b.judged[name] = true
	b.scheme(light)
	metrics, err := chromedp.Call(b.ctx, page.GetLayoutMetrics, cdp.Empty{})
	require.NoError(b.t, err)
	assert.LessOrEqual(b.t, metrics.CSSContentSize.Width, float64(b.look.Width), "%s is wider than the screen", name)
	if b.look.Script {
		b.bringAxe()
	}
	for _, scheme := range []string{dark, light} {
		b.scheme(scheme)
		b.picture(name, scheme)
		if b.look.Script {
			b.accessible(name, scheme)
		}
	}
}

// scheme is the colour scheme that the visitor prefers.
func (b tab) scheme(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
	})
	require.NoError(b.t, err)
}

// violation is what axe-core finds against one rule.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any
		FailureSummary string
	}
}

// world is where axe-core runs, apart from the page's own scripts: the page
// neither sees it nor has to allow it.
func (b tab) world(ctx context.Context) chromedp.EvaluateOption {
	b.t.Helper()
	tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
	require.NoError(b.t, err)
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID, WorldName: "axe-core"})
	require.NoError(b.t, err)
	return func(p *runtime.EvaluateParams) { p.ContextID = world.ExecutionContextID }
}

// bringAxe loads axe-core beside the page.
func (b tab) bringAxe() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe, b.world(ctx))))
}

// accessible asks axe-core about the page, as it is in a colour scheme. It
// needs scripts; without them the pages are the same.
func (b tab) accessible(name, scheme string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify({version: r.testEngine.version, passes: r.passes.length, violations: r.violations}))`,
		b.world(ctx), chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, name)
	var result struct {
		Version    string
		Passes     int
		Violations []violation
	}
	require.NoError(b.t, json.Unmarshal([]byte(text), &result))
	require.Equal(b.t, "4.14.1", result.Version)
	require.NotZero(b.t, result.Passes, "axe-core looked at nothing")
	for _, v := range result.Violations {
		if v.Impact != "serious" && v.Impact != "critical" {
			continue
		}
		where := []string{}
		for _, node := range v.Nodes {
			where = append(where, fmt.Sprintf("%v: %s", node.Target, strings.Join(strings.Fields(node.FailureSummary), " ")))
		}
		assert.Fail(b.t, fmt.Sprintf("%s in %s: %s (%s): %s\n%s", name, scheme, v.ID, v.Impact, v.Help, strings.Join(where, "\n")))
	}
}
