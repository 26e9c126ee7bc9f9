package sqltest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// A shop opens its database, makes the tables, and has a Store.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(filepath.Join(dir, "shop.db")))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := store.Migrate(ctx); err != nil {
		fmt.Println(err)
		return
	}

	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := store.Insert(ctx, rotate.Credential{Account: "c-1001", Group: "customers"}, nil); err != nil {
		fmt.Println(err)
		return
	}
	err = store.Update(ctx, "c-1001", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.SignedIn = at
		return []rotate.Event{{ID: "e-1", At: at, Kind: rotate.Unlocked, Account: c.Account}}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	row, _ := store.Load(ctx, "c-1001")
	events, _ := store.Lease(ctx, 10, at, at.Add(time.Minute))
	fmt.Println(row.SignedIn.Format(time.DateOnly), events[0].Kind)
	// Output: 2030-01-02 unlocked
}

// A shop adds its customer and the credential in one transaction.
func Example_on() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite, Prefix: "auth_"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := store.Migrate(ctx); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := db.Exec("CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT UNIQUE)"); err != nil {
		fmt.Println(err)
		return
	}

	signUp := func(id, email string) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := store.On(tx).Insert(ctx, rotate.Credential{Account: id, Group: "customers"}, nil); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO customers (id, email) VALUES (?, ?)", id, email); err != nil {
			return err
		}
		return tx.Commit()
	}
	fmt.Println(signUp("c-1", "anna@example.org"))
	fmt.Println(signUp("c-2", "anna@example.org") != nil) // the address is taken
	n, err := store.Count(ctx, rotate.Query{})
	fmt.Println(n, err)
	// Output:
	// <nil>
	// true
	// 1 <nil>
}
