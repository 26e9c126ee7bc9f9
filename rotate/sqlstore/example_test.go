package sqlstore_test

import (
	"fmt"
	"io/fs"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

func ExampleSQLiteDSN() {
	// Driver "sqlite" of modernc.org/sqlite, or "sqlite3" of mattn/go-sqlite3.
	fmt.Println(sqlstore.SQLiteDSN("shop.db")[:30])
	// Output: file:shop.db?_txlock=immediate
}

func ExampleMigrations() {
	for _, d := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.PostgreSQL, sqlstore.MariaDB} {
		files, err := sqlstore.Migrations(d)
		if err != nil {
			fmt.Println(err)
			return
		}
		names, _ := fs.Glob(files, "0001*")
		fmt.Println(d, names)
	}
	// Output:
	// sqlite [0001_tables.up.sql]
	// postgres [0001_tables.up.sql]
	// mariadb [0001_tables.up.sql]
}
