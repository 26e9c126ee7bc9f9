package sqltest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// explained reads how a server would run a statement.
func explained(t *testing.T, on server, db sqlstore.Conn, st statement) string {
	t.Helper()
	word := "EXPLAIN "
	if on.dialect == sqlstore.MariaDB {
		word = "EXPLAIN FORMAT=JSON "
	}
	rows, err := db.QueryContext(t.Context(), word+st.query, st.args...)
	require.NoError(t, err, st.query)
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		text.WriteString(line + "\n")
	}
	require.NoError(t, rows.Err())
	return text.String()
}

// stocked is a Store with some rows more than a planner reads without an index.
func stocked(t *testing.T, on server) (*sqlstore.Store, place, sealer) {
	t.Helper()
	s, p := on.fresh(t)
	k := newSealer(t)
	tx, err := p.db.Begin()
	require.NoError(t, err)
	view := s.On(tx)
	require.NoError(t, view.Insert(t.Context(), rotate.Credential{Account: "a", Group: "g", Password: k.seal("a", "x")}, []rotate.Event{{ID: "e", Account: "a"}}))
	for i := range 300 {
		account := fmt.Sprintf("z-%d", i)
		c := rotate.Credential{Account: account, Group: fmt.Sprintf("group-%d", i%50), Password: k.seal(account, "x")}
		require.NoError(t, view.Insert(t.Context(), c, []rotate.Event{{ID: account, Account: account}}))
	}
	require.NoError(t, tx.Commit())
	analyze := map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: "ANALYZE tillkey_credentials, tillkey_seals, tillkey_events",
		sqlstore.MariaDB:    "ANALYZE TABLE tillkey_credentials, tillkey_seals, tillkey_events",
	}[on.dialect]
	_, err = p.db.Exec(analyze)
	require.NoError(t, err)
	return s, p, k
}

// TestLookUpsOfServersUseAnIndex asks a server how it would run each statement of
// the calls that are made on every request or often, were the tables large.
func TestLookUpsOfServersUseAnIndex(t *testing.T) {
	whole := map[sqlstore.Dialect]*regexp.Regexp{
		sqlstore.PostgreSQL: regexp.MustCompile(`Seq Scan on tillkey_(\w+)`),
		sqlstore.MariaDB:    regexp.MustCompile(`"table_name": "tillkey_(\w+)",\s+"access_type": "(?:ALL|index)"`),
	}
	eachRemote(t, func(t *testing.T, on server) {
		s, p, k := stocked(t, on)
		for name, call := range lookUps(t.Context(), k.id) {
			tx, err := p.db.Begin()
			require.NoError(t, err)
			if on.dialect == sqlstore.PostgreSQL {
				// What it would do if reading everything were dear.
				_, err := tx.Exec("SET LOCAL enable_seqscan = off")
				require.NoError(t, err)
			}
			var ran []statement
			require.NoError(t, call(s.On(recorder{tx, &ran})), name)
			for _, st := range ran {
				if strings.Contains(st.query, "SAVEPOINT") || strings.HasPrefix(st.query, "INSERT") {
					continue
				}
				plan := explained(t, on, tx, st)
				for _, table := range whole[on.dialect].FindAllStringSubmatch(plan, -1) {
					// These have some rows at most.
					require.Contains(t, []string{"sequence", "orders", "keys"}, table[1], "%s reads a whole table:\n%s\n%s", name, st.query, plan)
				}
			}
			require.NoError(t, tx.Rollback())
		}
	})
}

// TestLoadOfServersIsOneLookUp counts what a request and a guess cost.
func TestLoadOfServersIsOneLookUp(t *testing.T) {
	one := map[sqlstore.Dialect]*regexp.Regexp{
		sqlstore.PostgreSQL: regexp.MustCompile(`^Index Scan using tillkey_credentials_pkey on tillkey_credentials .*\n +Index Cond: \(account = '?[\w$]+`),
		sqlstore.MariaDB:    regexp.MustCompile(`"access_type": "const",\s+"possible_keys": \["PRIMARY"\],\s+"key": "PRIMARY"`),
	}
	eachRemote(t, func(t *testing.T, on server) {
		s, p, _ := stocked(t, on)
		tx, err := p.db.Begin()
		require.NoError(t, err)
		defer func() { require.NoError(t, tx.Rollback()) }()
		var ran []statement
		_, err = s.On(recorder{tx, &ran}).Load(t.Context(), "a")
		require.NoError(t, err)
		require.Len(t, ran, 1)
		require.Regexp(t, one[on.dialect], explained(t, on, tx, ran[0]))

		ran = nil
		require.NoError(t, s.On(recorder{tx, &ran}).Update(t.Context(), "a", guess))
		require.Len(t, ran, 4, "SAVEPOINT, SELECT, UPDATE, RELEASE")
	})
}

// TestBatchIsFewStatements however many rows it writes.
func TestBatchIsFewStatements(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		s, p, _ := stocked(t, on)
		other := newSealer(t)
		for limit, most := range map[int]int{2: 8, 200: 8} {
			tx, err := p.db.Begin()
			require.NoError(t, err)
			var ran []statement
			n, _, err := s.On(recorder{tx, &ran}).Batch(t.Context(), rotate.Query{Limit: limit}, func(c *rotate.Credential) ([]rotate.Event, error) {
				c.Password = other.seal(c.Account, "y")
				return []rotate.Event{{ID: "of " + c.Account, Account: c.Account}}, nil
			})
			require.NoError(t, err)
			require.Equal(t, limit, n)
			require.LessOrEqual(t, len(ran), most)
			require.NoError(t, tx.Rollback())
		}
	})
}
