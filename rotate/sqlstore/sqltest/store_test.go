package sqltest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		s, _ := fresh(t)
		return s
	})
}

// TestStoreRunsFnTwice has one connection, which shows that no call holds more.
func TestStoreRunsFnTwice(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		db := pool(t, "file::memory:?_pragma=foreign_keys(1)")
		db.SetMaxOpenConns(1)
		return storetest.Twice(open(t, db, sqlstore.Config{}))
	})
}

// TestStoreOnPlainFile leaves out all that SQLiteDSN recommends: no WAL, no
// waiting in the database, foreign keys off. It has another prefix, too.
func TestStoreOnPlainFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		return open(t, pool(t, "file:"+file(t)), sqlstore.Config{Prefix: "shop1_"})
	})
}

// TestViewInTransaction runs the suite inside one transaction of the shop.
func TestViewInTransaction(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		s, db := fresh(t)
		tx, err := db.Begin()
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, tx.Commit(), "the transaction was ended by somebody else") })
		return s.On(tx)
	})
}
