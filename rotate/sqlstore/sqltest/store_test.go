package sqltest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestStore(t *testing.T) {
	each(t, func(t *testing.T, s server) { storetest.Run(t, s.rule) })
}

// TestStoreRunsFnTwice has one connection, which shows that no call holds more.
func TestStoreRunsFnTwice(t *testing.T) {
	each(t, func(t *testing.T, s server) {
		storetest.Run(t, func(t *testing.T) rotate.Store {
			if s.dialect == sqlstore.SQLite {
				db := s.pool(t, "file::memory:?_pragma=foreign_keys(1)")
				db.SetMaxOpenConns(1)
				return storetest.Twice(s.store(t, db, sqlstore.Config{}))
			}
			_, p := s.fresh(t)
			db := s.pool(t, p.dsn)
			db.SetMaxOpenConns(1)
			return storetest.Twice(s.store(t, db, sqlstore.Config{}))
		})
	})
}

// TestStoreOnPlainFile leaves out all that SQLiteDSN recommends: no WAL, no
// waiting in the database, foreign keys off. It has another prefix, too.
func TestStoreOnPlainFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		return open(t, pool(t, "file:"+file(t)), sqlstore.Config{Prefix: "shop1_"})
	})
}

// TestStoreOnOtherSettings connects as some shop may, or against defaults that
// somebody gave a server. The simple protocol and "exec" are those for poolers.
func TestStoreOnOtherSettings(t *testing.T) {
	for _, c := range []struct {
		server     server
		parameters string
	}{
		{postgresServer(), "default_query_exec_mode=simple_protocol&default_transaction_isolation=serializable"},
		{postgresServer(), "default_query_exec_mode=exec&default_transaction_isolation=repeatable%20read&default_transaction_read_only=on&timezone=Asia/Kathmandu"},
		{mariadbServer(), "clientFoundRows=true&parseTime=true&loc=Asia%2FKathmandu&tx_isolation=%27SERIALIZABLE%27&tx_read_only=1"},
		{mariadbServer(), "interpolateParams=true&sql_mode=%27%27&charset=utf8mb4"},
		{mariadbServer(), "interpolateParams=true&sql_mode=%27ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT%27&time_zone=%27-08:00%27"},
	} {
		t.Run(string(c.server.dialect)+" "+c.parameters, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) rotate.Store {
				_, p := c.server.fresh(t)
				return c.server.store(t, c.server.pool(t, with(p.dsn, c.parameters)), sqlstore.Config{})
			})
		})
	}
}

// TestStatementsOfMySQL runs them on MariaDB, which knows them all. No MySQL was
// at hand.
func TestStatementsOfMySQL(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		_, p := mariadbServer().fresh(t)
		s, err := sqlstore.New(p.db, sqlstore.Config{Dialect: sqlstore.MySQL})
		require.NoError(t, err)
		return s
	})
}

// TestViewInTransaction runs the suite inside one transaction of the shop.
func TestViewInTransaction(t *testing.T) {
	each(t, func(t *testing.T, s server) {
		storetest.Run(t, func(t *testing.T) rotate.Store {
			store, p := s.fresh(t)
			tx, err := p.db.Begin()
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, tx.Commit(), "the transaction was ended by somebody else") })
			return store.On(tx)
		})
	})
}
