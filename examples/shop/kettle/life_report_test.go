package kettle

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// standing is, by plain SQL, who has to change for which order or row, the one
// that counts first.
const standing = `
WITH orders AS (SELECT * FROM tillkey_orders WHERE withdraws = '' AND id NOT IN (SELECT withdraws FROM tillkey_orders)),
waits AS (
	SELECT c.account, o.reason, o.proof, o.placed_at + o.grace_ns / 1000 AS by_at, o.seq
	FROM tillkey_credentials c JOIN orders o ON o.account IN ('', c.account)
		AND (o.group_path IN ('', c.group_path) OR c.group_path LIKE o.group_path || '/%')
		AND (o.before_at IS NULL OR c.changed_at IS NULL OR c.changed_at < o.before_at)
	WHERE c.password <> '' AND c.cleared_seq < o.seq
	UNION ALL SELECT account, forced_reason, forced_proof, forced_by, 0 FROM tillkey_credentials WHERE forced_reason IS NOT NULL
)
SELECT account, reason, by_at, (SELECT MAX(proof = 'out_of_band') FROM waits o WHERE o.account = waits.account)
FROM waits ORDER BY account, by_at, CASE reason WHEN 'compromise' THEN 0 WHEN 'breached' THEN 0 WHEN 'admin_reset' THEN 1 ELSE 2 END, seq`

// waiting is what one account waits for.
type waiting struct {
	Reason    rotate.Reason
	By        time.Time
	OutOfBand bool
	// Locked is true where the next guess of the password has to wait.
	Locked bool
	Factor bool
	Codes  int
}

// byRows reads what every account waits for past Tillkey.
func (l *life) byRows() map[string]waiting {
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(l.config.DB))
	require.NoError(l.t, err)
	defer db.Close()
	found := map[string]waiting{}
	rows, err := db.Query(`SELECT account, COALESCE(password_until, 0) > ? OR password_total >= 100, factor_id IS NOT NULL, COALESCE(LENGTH(recovery), 0) / 32
		FROM tillkey_credentials`, l.clock.Now().UnixMicro())
	require.NoError(l.t, err)
	defer rows.Close()
	for rows.Next() {
		var account string
		var w waiting
		require.NoError(l.t, rows.Scan(&account, &w.Locked, &w.Factor, &w.Codes))
		found[account] = w
	}
	require.NoError(l.t, rows.Err())
	due, err := db.Query(standing)
	require.NoError(l.t, err)
	defer due.Close()
	for due.Next() {
		var account string
		var at int64
		var w waiting
		require.NoError(l.t, due.Scan(&account, &w.Reason, &at, &w.OutOfBand))
		if first := found[account]; first.Reason == "" {
			first.Reason, first.By, first.OutOfBand = w.Reason, time.UnixMicro(at).UTC(), w.OutOfBand
			found[account] = first
		}
	}
	require.NoError(l.t, due.Err())
	return found
}

// byKeeper asks Tillkey the same, page by page.
func (l *life) byKeeper() map[string]waiting {
	found := map[string]waiting{}
	q := rotate.Query{Limit: 7}
	for {
		page, err := l.shop.keeper.List(context.Background(), q)
		require.NoError(l.t, err)
		if len(page) == 0 {
			return found
		}
		for _, st := range page {
			found[st.Account] = waiting{st.Due.Reason, st.Due.By, st.Due.Proof == rotate.ProofOutOfBand, st.PasswordWait > 0, st.Factor, st.RecoveryLeft}
			one, err := l.shop.keeper.Lookup(context.Background(), st.Account)
			require.NoError(l.t, err)
			require.Equal(l.t, st, one)
		}
		q.After = page[len(page)-1].Account
	}
}

// compare checks that three reports say the same: the rows, the Keeper, and the
// pages of the staff.
func (l *life) compare() map[string]waiting {
	l.t.Helper()
	l.staffReady()
	rows := l.byRows()
	require.Equal(l.t, rows, l.byKeeper(), l)
	list := l.customerRows()
	require.Len(l.t, list, l.count("SELECT COUNT(*) FROM customers WHERE confirmed_at IS NOT NULL"))
	for account, row := range list {
		w := rows[account]
		if w.Reason == "" {
			require.NotRegexp(l.t, `class="tag warn"`, row)
			continue
		}
		when := "by " + w.By.Format("2 Jan 2006")
		if !l.clock.Now().Before(w.By) {
			when = "now"
		}
		require.Contains(l.t, row, string(w.Reason), l)
		require.Contains(l.t, row, when, l)
	}
	l.compareOrders()
	return rows
}

// customerRows are the rows of the staff's list, by account.
func (l *life) customerRows() map[string]string {
	list := map[string]string{}
	for page := "/admin/customers"; page != ""; {
		a := l.staffAt.get(page)
		require.Equal(l.t, http.StatusOK, a.Status, page)
		for _, row := range strings.Split(a.Body, "<tr>") {
			if found := regexp.MustCompile(`href="/admin/customers/(\d+)"`).FindStringSubmatch(row); found != nil {
				list[found[1]] = row
			}
		}
		page = ""
		if found := regexp.MustCompile(`href="(/admin/customers\?after=\d+)"`).FindStringSubmatch(a.Body); found != nil {
			page = found[1]
		}
	}
	return list
}

// compareOrders checks how far each order has come.
func (l *life) compareOrders() {
	l.t.Helper()
	body := l.staffAt.get("/admin/orders").Body
	orders, err := l.shop.keeper.Orders(context.Background())
	require.NoError(l.t, err)
	for _, o := range orders {
		left := l.count(`SELECT COUNT(*) FROM tillkey_credentials c, tillkey_orders o WHERE o.id = ? AND c.password <> '' AND c.cleared_seq < o.seq
			AND o.account IN ('', c.account) AND o.group_path IN ('', c.group_path) AND (o.before_at IS NULL OR c.changed_at IS NULL OR c.changed_at < o.before_at)`, o.ID)
		p, err := l.shop.keeper.Progress(context.Background(), o.ID)
		require.NoError(l.t, err)
		require.Equal(l.t, left, p.Left, o.Note)
		require.Equal(l.t, l.count("SELECT concerned FROM tillkey_orders WHERE id = ?", o.ID), p.Concerned, o.Note)
		shown := false
		for _, article := range strings.Split(body, "<article") {
			if strings.Contains(article, "“"+o.Note+"”") {
				shown = true
				require.Contains(l.t, article, fmt.Sprintf("%d of %d left", left, p.Concerned), o.Note)
			}
		}
		require.True(l.t, shown, o.Note)
	}
}

func (l *life) count(query string, args ...any) int {
	l.t.Helper()
	var n int
	_, err := fmt.Sscan(l.sql(query, args...), &n)
	require.NoError(l.t, err)
	return n
}
