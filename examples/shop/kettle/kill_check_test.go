package kettle

import (
	"database/sql"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/totp"
)

// check finds out what holds after the shop was killed, and signs in. What was
// acknowledged has to hold; of what was not, one or the other.
func (c *client) check() error {
	if !c.signedUp {
		return nil
	}
	if len(c.over) > 0 {
		if a, err := c.try(c.over[len(c.over)-1]); err != nil || a.Status != http.StatusUnauthorized {
			return fmt.Errorf("a former password opens: %w", first(err, wrong(a, "sign-in")))
		}
	}
	if c.maybe != "" {
		a, err := c.try(c.maybe)
		if err != nil {
			return err
		}
		c.chosen(a.Status != http.StatusUnauthorized)
		if a, err = c.try(c.over[len(c.over)-1]); err != nil || a.Status != http.StatusUnauthorized {
			return fmt.Errorf("two passwords open: %w", first(err, wrong(a, "sign-in")))
		}
	}
	c.at = c.crowd.browser()
	c.signedIn = false
	a, err := c.post("/login", "email", c.email, "password", c.password)
	if err != nil {
		return err
	}
	asked := a.asks("recovery")
	if !c.maybeSecret.IsZero() {
		if asked {
			c.secret, c.left = c.maybeSecret, nil
		}
		c.settled(asked, "factor_enrolled")
		c.maybeSecret = totp.Secret{}
	}
	if asked == c.secret.IsZero() || !asked && a.Location != "/account" {
		return fmt.Errorf("second factor %v, asked for %v: %w", !c.secret.IsZero(), asked, wrong(a, "sign-in"))
	}
	if !asked {
		c.signedIn = true
		return c.checkTicket()
	}
	if len(c.spent) > 0 {
		spent := c.spent[c.rng.IntN(len(c.spent))]
		if a, err = c.post("/login/code", "ticket", a.field("ticket"), "recovery", spent); err != nil || a.Status != http.StatusUnauthorized {
			return fmt.Errorf("a recovery code works twice: %w", first(err, wrong(a, "sign-in")))
		}
	}
	if err := c.signIn(); err != nil {
		return err
	}
	return c.checkTicket()
}

// try signs in at another browser, up to the second factor.
func (c *client) try(password string) (answer, error) {
	return c.send(c.crowd.browser(), http.MethodPost, "/login", "email", c.email, "password", password)
}

// checkTicket sees to it that a mailed ticket that was used does not work again.
func (c *client) checkTicket() error {
	if c.ticket == "" {
		return nil
	}
	a, err := c.post("/reset", "ticket", c.ticket, "new_password", fresh())
	if err != nil || a.Status != http.StatusBadRequest {
		return fmt.Errorf("a mailed ticket works twice: %w", first(err, wrong(a, "reset")))
	}
	return nil
}

func first(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// halves are queries that count what is half done; each must find nothing.
var halves = map[string]string{
	"customer without credential": `SELECT COUNT(*) FROM customers LEFT JOIN tillkey_credentials ON account = CAST(id AS TEXT)
		WHERE account IS NULL AND password_hash = ''`,
	"credential without customer": `SELECT COUNT(*) FROM tillkey_credentials WHERE account NOT IN (SELECT CAST(id AS TEXT) FROM customers)`,
	"credential without its first event": `SELECT COUNT(*) FROM tillkey_credentials c WHERE
		(SELECT COUNT(*) FROM tillkey_events e WHERE e.account = c.account AND kind IN ('signed_up', 'adopted', 'imported')) <> 1`,
	"factor without event or the reverse": `SELECT COUNT(*) FROM tillkey_credentials c WHERE (factor_id IS NOT NULL) <>
		(SELECT COUNT(*) FROM tillkey_events e WHERE e.account = c.account AND kind = 'factor_enrolled')`,
	"factor without seed or the reverse":  `SELECT COUNT(*) FROM tillkey_credentials WHERE (factor_id IS NULL) <> (factor_seed = '')`,
	"pending without seed or the reverse": `SELECT COUNT(*) FROM tillkey_credentials WHERE (pending_id IS NULL) <> (pending_seed = '')`,
	"pending beside its own confirmation": `SELECT COUNT(*) FROM tillkey_credentials WHERE pending_id = factor_id`,
	"recovery codes and events at odds": `SELECT COUNT(*) FROM tillkey_credentials c WHERE factor_id IS NOT NULL AND COALESCE(LENGTH(recovery), 0) / 32 +
		(SELECT COUNT(*) FROM tillkey_events e WHERE e.account = c.account AND kind = 'recovery_used') <> 10`,
	"a seal that is not in the index": `SELECT COUNT(*) FROM tillkey_credentials c, (SELECT id FROM tillkey_keys) k
		WHERE c.password LIKE 'tk1.' || k.id || '.%' AND NOT EXISTS (SELECT 1 FROM tillkey_seals s WHERE s.account = c.account AND s.key_id = k.id)`,
	"a gap in the log of orders": `SELECT (SELECT COUNT(*) FROM tillkey_orders) <> value FROM tillkey_sequence WHERE name = 'orders'`,
	"order without event":        `SELECT COUNT(*) FROM tillkey_orders o WHERE (SELECT COUNT(*) FROM tillkey_events WHERE order_id = o.id AND kind = 'order_placed') <> 1`,
	// A change that began before an order leaves the order open, and the
	// customer is reminded of it anew.
	"a reminder that was sent twice": `SELECT COUNT(*) FROM tillkey_events a JOIN tillkey_events b USING (account, due_by)
		WHERE a.kind = 'change_reminder' AND b.kind = a.kind AND a.seq < b.seq AND NOT EXISTS (SELECT 1 FROM tillkey_events c
		WHERE c.account = a.account AND c.kind IN ('password_changed', 'password_reset') AND c.seq BETWEEN a.seq AND b.seq)`,
	"a broken reference":        `SELECT COUNT(*) FROM pragma_foreign_key_check`,
	"a damaged page":            `SELECT integrity_check <> 'ok' FROM pragma_integrity_check`,
	"an open session of nobody": `SELECT COUNT(*) FROM customers WHERE confirmed_at IS NULL AND confirm_sum IS NULL`,
}

// checkRows reads the database past the shop.
func checkRows(t *testing.T, path string, clients []*client, staff *client) {
	t.Helper()
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	require.NoError(t, err)
	defer db.Close()
	count := func(query string, args ...any) (n int) {
		t.Helper()
		require.NoError(t, db.QueryRow(query, args...).Scan(&n), query)
		return n
	}
	for what, query := range halves {
		require.Zero(t, count(query), what)
	}
	for _, c := range clients {
		for kind, most := range c.most {
			n := count(`SELECT COUNT(*) FROM tillkey_events WHERE kind = ? AND account = (SELECT CAST(id AS TEXT) FROM customers WHERE email = ?)`, kind, c.email)
			require.GreaterOrEqual(t, n, c.least[kind], "%s of %s was acknowledged", kind, c.email)
			require.LessOrEqual(t, n, most, "%s of %s", kind, c.email)
		}
		for _, name := range c.sure {
			require.Equal(t, 1, count("SELECT COUNT(*) FROM purchases WHERE recipient = ?", name), name)
		}
		for _, name := range c.open {
			require.LessOrEqual(t, count("SELECT COUNT(*) FROM purchases WHERE recipient = ?", name), 1, name)
		}
	}
	for _, note := range staff.sure {
		require.Equal(t, 1, count("SELECT COUNT(*) FROM tillkey_orders WHERE note = ?", note), note)
	}
	for _, note := range staff.open {
		require.LessOrEqual(t, count("SELECT COUNT(*) FROM tillkey_orders WHERE note = ?", note), 1, note)
	}
}
