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
	files, err := sqlstore.Migrations(sqlstore.SQLite)
	if err != nil {
		fmt.Println(err)
		return
	}
	names, _ := fs.Glob(files, "0001*")
	fmt.Println(names)
	// Output: [0001_tables.up.sql]
}
