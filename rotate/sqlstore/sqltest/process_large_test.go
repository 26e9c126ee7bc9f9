package sqltest

import (
	"testing"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

// TestManyAccounts runs on one database after the other, as it weighs the memory
// of the process. It is done with a million by
//
//	ACCOUNTS=1000000 go test -run TestManyAccounts -timeout 2h -v ./rotate/sqlstore/sqltest
func TestManyAccounts(t *testing.T) {
	for _, s := range []server{sqliteServer(), postgresServer(), mariadbServer()} {
		t.Run(string(s.dialect), func(t *testing.T) {
			s.need(t)
			n := times(t, "ACCOUNTS", 1500)
			if s.dialect == sqlstore.MariaDB {
				n = times(t, "ACCOUNTS", 600) // it syncs each commit
			}
			storetest.RunLarge(t, func(t *testing.T) rotate.Store {
				p := s.empty(t)
				switch s.dialect {
				case sqlstore.SQLite:
					// Nothing of it has to outlive a power cut.
					p.db = s.pool(t, "file:"+file(t)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=busy_timeout(5000)")
				case sqlstore.PostgreSQL:
					p.db = s.pool(t, with(p.dsn, "synchronous_commit=off"))
				}
				p.db.SetMaxIdleConns(8)
				return s.store(t, p.db, sqlstore.Config{})
			}, n, 0)
		})
	}
}
