package browser

import (
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quiet checks, at the end of the walk, that no page of the window complained
// in the console: no script failed, and the policy of the shop had to forbid
// nothing. That an answer says 401 or 422 is no complaint.
func (b tab) quiet() {
	b.t.Helper()
	var mu sync.Mutex
	complaints := []string{}
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, "exception: "+e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && (e.Entry.Source != log.EntrySourceNetwork || strings.Contains(e.Entry.URL, "/static/")) {
				complaints = append(complaints, e.Entry.Text+" "+e.Entry.URL)
			}
		}
	}))
	b.t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		assert.Empty(b.t, complaints)
	})
}
