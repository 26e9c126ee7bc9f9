package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// countsAgree compares what the staff read on the overview with plain SQL.
func (b tab) countsAgree() {
	b.t.Helper()
	b.open("/admin")
	read := strings.Join(strings.Fields(b.text()), " ")
	require.Contains(b.t, read, b.shop.sql("SELECT COUNT(*) FROM tillkey_credentials")+" credentials")
	counts := b.shop.counts(`SELECT format, COUNT(*) FROM tillkey_credentials GROUP BY format
		UNION ALL SELECT group_path || ' with it', COUNT(*) FROM tillkey_credentials WHERE factor_id IS NOT NULL GROUP BY group_path
		UNION ALL SELECT group_path || ' without', COUNT(*) FROM tillkey_credentials WHERE factor_id IS NULL GROUP BY group_path`)
	require.Greater(b.t, len(counts), 3)
	for label, n := range counts {
		require.Contains(b.t, read, fmt.Sprintf("%s %d ", label, n))
	}
	require.Contains(b.t, read, b.shop.sql(`SELECT CAST(ROUND(100.0 * COUNT(factor_id) / COUNT(*)) AS INTEGER) FROM tillkey_credentials`)+" % have a second factor")
}

// forcesCohort orders a change for everybody whose hash is weaker than it
// should be, follows it, and withdraws it.
func (b tab) forcesCohort() {
	b.t.Helper()
	b.open("/admin/orders/new")
	b.judge("cohort")
	b.choose("group", "customers")
	b.choose("format", "weaker")
	b.do(chromedp.Click(chromedp.CSS(`input[name="reason"][value="weak_hash"]`)))
	b.fill("grace", "14", "note", "older than we like")
	b.press("Count first")
	n := b.shop.sql(`SELECT COUNT(*) FROM tillkey_credentials WHERE group_path = 'customers' AND password <> '' AND format <> 'argon2id m=19456 t=2 p=1'`)
	require.NotEqual(b.t, "0", n)
	require.Contains(b.t, b.text(), n+" accounts will have to choose a new password")
	b.judge("cohort-count")
	b.press("Place the order")
	b.shop.advance(0)
	require.Contains(b.t, b.text(), fmt.Sprintf("%[1]s of %[1]s left", n))
	b.judge("cohort-progress")
	b.countsAgree()
	b.judge("overview-cohort")
	b.open("/admin/orders")
	b.press("Withdraw") // the first is the newest
	require.Equal(b.t, "/admin/orders", b.path())
	require.Contains(b.t, b.text(), "withdrawn")
	require.NotContains(b.t, b.text(), fmt.Sprintf("%[1]s of %[1]s left", n))
}
