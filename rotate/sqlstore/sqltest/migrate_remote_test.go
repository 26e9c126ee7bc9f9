package sqltest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// tables counts the tables of a place.
func (p place) tables(t *testing.T) int {
	t.Helper()
	return number(t, p.db, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '"+p.name+"'")
}

// bare makes a Store that was not migrated.
func (p place) bare(t *testing.T, c sqlstore.Config) *sqlstore.Store {
	t.Helper()
	c.Dialect = p.dialect
	s, err := sqlstore.New(p.db, c)
	require.NoError(t, err)
	return s
}

// TestMigrateServers starts several instances at once, again, on tables of a
// newer version, and on a prefix of its own.
func TestMigrateServers(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		const instances = 8
		p := on.empty(t)
		s := p.bare(t, sqlstore.Config{})
		_, err := s.Load(t.Context(), "a")
		require.ErrorContains(t, err, "sqlstore: ")
		require.NotErrorIs(t, err, rotate.ErrNotFound)
		failed := make(chan error, instances)
		for range instances {
			s := place{server: on, db: on.pool(t, p.dsn)}.bare(t, sqlstore.Config{})
			go func() { failed <- s.Migrate(t.Context()) }()
		}
		for range instances {
			require.NoError(t, <-failed)
		}
		require.Equal(t, 8, p.tables(t))
		require.Equal(t, versions(t), number(t, p.db, "SELECT COUNT(*) FROM tillkey_schema"))
		require.Equal(t, versions(t), number(t, p.db, "SELECT COUNT(*) FROM tillkey_schema WHERE applied_at BETWEEN 1700000000000000 AND 9000000000000000"))

		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		require.NoError(t, s.Migrate(t.Context()))
		_, err = s.Load(t.Context(), "a")
		require.NoError(t, err)

		other := on.store(t, p.db, sqlstore.Config{Prefix: "shop1_"})
		require.Equal(t, 16, p.tables(t))
		_, err = other.Load(t.Context(), "a")
		require.ErrorIs(t, err, rotate.ErrNotFound)
		require.NoError(t, other.Insert(t.Context(), rotate.Credential{Account: "a", Password: newSealer(t).seal("a", "x")}, []rotate.Event{{ID: "e"}}))
		require.NoError(t, other.Erase(t.Context(), "a", nil))
		_, err = s.Load(t.Context(), "a")
		require.NoError(t, err)

		_, err = p.db.Exec("INSERT INTO tillkey_schema (version) VALUES (999)")
		require.NoError(t, err)
		var newer *sqlstore.SchemaError
		require.ErrorAs(t, s.Migrate(t.Context()), &newer)
		require.Equal(t, sqlstore.SchemaError{Found: 999, Known: versions(t)}, *newer)
	})
}

// TestMigrateServersLeavesForeignTables finds its names taken by somebody else.
func TestMigrateServersLeavesForeignTables(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		for _, table := range []string{"schema (note VARCHAR(9))", "events (seq INTEGER)"} {
			p := on.empty(t)
			_, err := p.db.Exec("CREATE TABLE tillkey_" + table)
			require.NoError(t, err)
			require.Error(t, p.bare(t, sqlstore.Config{}).Migrate(t.Context()))
			require.Equal(t, 1, p.tables(t), "half a migration stayed beside %s", table)
		}
	})
}

// TestMigrateGoesOnWhereItWasCut: MariaDB keeps the tables that were made by
// then, PostgreSQL none.
func TestMigrateGoesOnWhereItWasCut(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		tables := []string{"schema", "credentials", "seals", "orders", "sequence", "guesses", "events", "keys"}
		for _, made := range []int{1, 2, 3, 8} {
			p := on.empty(t)
			s := on.store(t, p.db, sqlstore.Config{})
			if on.dialect == sqlstore.PostgreSQL {
				tx, err := p.db.Begin()
				require.NoError(t, err)
				_, err = tx.Exec("DROP SCHEMA " + p.name + " CASCADE; CREATE SCHEMA " + p.name)
				require.NoError(t, err)
				view, ok := s.On(tx).(*sqlstore.Store)
				require.True(t, ok)
				require.NoError(t, view.Migrate(t.Context()))
				require.NoError(t, tx.Rollback())
			} else {
				_, err := p.db.Exec("DELETE FROM tillkey_schema")
				require.NoError(t, err)
				for _, table := range slices.Backward(tables[made:]) {
					_, err := p.db.Exec("DROP TABLE tillkey_" + table)
					require.NoError(t, err)
				}
			}
			require.NoError(t, s.Migrate(t.Context()))
			require.Equal(t, 8, p.tables(t))
			require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{{ID: "e"}}))
			require.NoError(t, s.Place(t.Context(), func(seq int64) (rotate.Order, []rotate.Event, error) {
				return rotate.Order{ID: "o", Seq: seq}, nil, nil
			}))
		}
	})
}

// TestMigrateRefuses what would keep texts in other bytes, or sort them in
// another order, and a server of another kind.
func TestMigrateRefuses(t *testing.T) {
	for _, c := range []struct {
		server     server
		parameters string
		dialect    sqlstore.Dialect
		says       string
	}{
		{postgresServer(), "client_encoding=LATIN1", sqlstore.PostgreSQL, "LATIN1"},
		{mariadbServer(), "charset=latin1", sqlstore.MariaDB, "latin1"},
		{mariadbServer(), "charset=utf8mb3", sqlstore.MariaDB, "utf8mb3"},
		{mariadbServer(), "character_set_results=latin1", sqlstore.MariaDB, "latin1"},
		{mariadbServer(), "autocommit=0", sqlstore.MariaDB, "autocommit"},
		{mariadbServer(), "", sqlstore.MySQL, "MySQL"},
	} {
		p := c.server.empty(t)
		p.db = c.server.pool(t, with(p.dsn, c.parameters))
		p.dialect = c.dialect
		require.ErrorContains(t, p.bare(t, sqlstore.Config{}).Migrate(t.Context()), c.says)
		require.Zero(t, p.tables(t))
	}
}

// TestMigrateRefusesAnotherEncoding of a whole database.
func TestMigrateRefusesAnotherEncoding(t *testing.T) {
	p := apart(t, "ENCODING LATIN1 LOCALE 'C'")
	require.ErrorContains(t, p.bare(t, sqlstore.Config{}).Migrate(t.Context()), "LATIN1")
}
