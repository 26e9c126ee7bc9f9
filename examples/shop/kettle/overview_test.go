package kettle

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// table reads the rows of numbers below a heading of the overview.
func table(t *testing.T, page, title string) map[string]string {
	t.Helper()
	_, rest, found := strings.Cut(page, "<thead><tr><th>"+title+"</th>")
	require.True(t, found, title)
	rest, _, _ = strings.Cut(rest, "</table>")
	rows := map[string]string{}
	for _, r := range regexp.MustCompile(`<tr><td>([^<]*)<svg.*?</svg></td><td class="number">(\d+)</td>`).FindAllStringSubmatch(rest, -1) {
		rows[html.UnescapeString(r[1])] = r[2]
	}
	return rows
}

// pairs reads two columns past the shop's own code.
func (g *stage) pairs(query string, args ...any) map[string]string {
	g.t.Helper()
	db := g.open()
	defer db.Close()
	rows, err := db.Query(query, args...)
	require.NoError(g.t, err)
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var name, count string
		require.NoError(g.t, rows.Scan(&name, &count))
		if count != "0" {
			all[name] = count
		}
	}
	require.NoError(g.t, rows.Err())
	return all
}

func nonzero(rows map[string]string) map[string]string {
	for name, n := range rows {
		if n == "0" {
			delete(rows, name)
		}
	}
	return rows
}

// agrees compares every number of the overview with plain SQL.
func (g *stage) agrees(staff browser) {
	g.t.Helper()
	a := staff.get("/admin")
	require.Equal(g.t, http.StatusOK, a.Status, a.Body)
	now := g.clock.Now().UnixMicro()
	require.Equal(g.t, g.pairs("SELECT format, COUNT(*) FROM tillkey_credentials GROUP BY format"), table(g.t, a.Body, "Format"))
	require.Equal(g.t, g.pairs(`SELECT CASE WHEN changed_at IS NULL THEN 'unknown' WHEN $1 - changed_at < 30 * 86400e6 THEN '< 30 d' WHEN $1 - changed_at < 90 * 86400e6 THEN '< 90 d'
		WHEN $1 - changed_at < 365 * 86400e6 THEN '< 1 y' WHEN $1 - changed_at < 1095 * 86400e6 THEN '< 3 y' ELSE 'older' END AS age, COUNT(*)
		FROM tillkey_credentials GROUP BY age`, now), nonzero(table(g.t, a.Body, "Age")))
	require.Equal(g.t, g.pairs(`SELECT group_path || CASE WHEN factor_id IS NULL THEN ' without' ELSE ' with it' END AS what, COUNT(*)
		FROM tillkey_credentials GROUP BY what`), table(g.t, a.Body, "Group"))

	// Due is who has an own reason, or an order that stands and was not met
	// since; now is whose time is over.
	const due = `WITH due AS (
		SELECT c.account, c.forced_by AS till FROM tillkey_credentials c WHERE c.forced_reason IS NOT NULL
		UNION ALL
		SELECT c.account, o.placed_at + o.grace_ns / 1000 FROM tillkey_credentials c JOIN tillkey_orders o
		ON (o.account = '' OR o.account = c.account) AND (o.group_path = '' OR o.group_path = c.group_path)
		AND (o.before_at IS NULL OR c.changed_at IS NULL OR c.changed_at < o.before_at)
		WHERE o.withdraws = '' AND c.password <> '' AND c.cleared_seq < o.seq AND NOT EXISTS (SELECT 1 FROM tillkey_orders w WHERE w.withdraws = o.id)
	), people AS (SELECT account, MIN(till) AS till FROM due GROUP BY account)
	SELECT CASE WHEN till <= $1 THEN 'now' ELSE 'later' END AS what, COUNT(*) FROM people GROUP BY what`
	counted := g.pairs(due, now)
	sums := map[string]int{}
	for label, n := range table(g.t, a.Body+"<thead><tr><th>Reason</th></table>", "Reason") {
		k, err := strconv.Atoi(n)
		require.NoError(g.t, err)
		_, when, _ := strings.Cut(label, ", ")
		sums[when] += k
	}
	for _, when := range []string{"now", "later"} {
		want := counted[when]
		if want == "" {
			want = "0"
		}
		require.Equal(g.t, want, strconv.Itoa(sums[when]), when)
		require.Contains(g.t, a.Body, "<strong>"+want+"</strong> must change "+when)
	}
	require.Contains(g.t, a.Body, "<strong>"+g.sql("SELECT COUNT(*) FROM tillkey_credentials")+"</strong> credentials")
}

// The overview shows the counts that plain SQL shows, whatever happens.
func TestOverviewAgreesWithTheDatabase(t *testing.T) {
	g := newStage(t)
	staff, secret := g.staff()
	g.agrees(staff)
	require.Contains(t, staff.get("/admin").Body, "1 more has not been seen")
	staff.get("/admin/customers")
	require.NotContains(t, staff.get("/admin").Body, "not been seen")
	g.agrees(staff)

	staff.force("group", "customers", "before", g.clock.Now().AddDate(-1, 0, 0).Format("2006-01-02"), "reason", "policy_raised", "grace", "7")
	g.agrees(staff)
	ada, b := g.account("Ada"), g.browser()
	b.entered(b.login(ada.Email, ada.Password))
	factor := b.post("/account/second-factor", "password", ada.Password).secret(t)
	b.post("/account/second-factor/confirm", "code", g.code(factor)).recoveryCodes(t)
	hana, emil := g.account("Hana"), g.account("Emil")
	g.browser().login(hana.Email, hana.Password)
	g.browser().login(emil.Email, emil.Password)
	staff.force("group", "customers", "format", "bcrypt cost=10", "reason", "weak_hash")
	g.agrees(staff)
	for range 3 {
		g.clock.Advance(4 * day)
		staff.post("/account/confirm", "code", g.code(secret))
		g.agrees(staff)
	}
}

// The drawings and the tables show the same numbers.
func TestChart(t *testing.T) {
	c := chart{Title: "x", Bars: []bar{{Label: "a", Count: 3}, {Label: "b", Count: 1, Urgent: true}, {Label: "c"}}}
	require.Equal(t, 4, c.Total())
	require.Equal(t, []row{{c.Bars[0], 100, 75}, {c.Bars[1], 33, 25}, {c.Bars[2], 0, 0}}, c.Rows())
	columns := c.Columns()
	require.Len(t, columns, 3)
	for i, k := range columns {
		require.Equal(t, c.Bars[i], k.bar)
		require.Equal(t, drawingFloor, k.Y+k.Height)
		require.LessOrEqual(t, k.X+k.Width, drawingWidth)
		require.GreaterOrEqual(t, k.Y, drawingTop)
	}
	require.Zero(t, columns[2].Height)
	require.Empty(t, chart{}.Rows())
	require.Empty(t, chart{}.Columns())
	require.Zero(t, share(3, 0))
	many := chart{Bars: []bar{{Count: 100_000}, {Count: 1}}}.Columns()
	require.Equal(t, 2, many[1].Height, "what is there can be seen")
}
