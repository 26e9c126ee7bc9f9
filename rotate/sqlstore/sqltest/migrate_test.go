package sqltest

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// versions is how many migrations there are.
func versions(t *testing.T) int {
	t.Helper()
	files, err := sqlstore.Migrations(sqlstore.SQLite)
	require.NoError(t, err)
	names, err := fs.Glob(files, "*.up.sql")
	require.NoError(t, err)
	return len(names)
}

func TestMigrateTwice(t *testing.T) {
	s, db := fresh(t)
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	before := number(t, db, "SELECT total_changes() + (SELECT COUNT(*) FROM sqlite_master)")
	require.NoError(t, s.Migrate(t.Context()))
	require.NoError(t, s.Migrate(t.Context()))
	require.Equal(t, before, number(t, db, "SELECT total_changes() + (SELECT COUNT(*) FROM sqlite_master)"))
	_, err := s.Load(t.Context(), "a")
	require.NoError(t, err)
}

// TestMigrateAtOnce starts several instances on an empty file, with and without
// what SQLiteDSN recommends.
func TestMigrateAtOnce(t *testing.T) {
	const instances = 8
	for _, dsn := range []string{"file:" + file(t), sqlstore.SQLiteDSN(file(t))} {
		failed := make(chan error, instances)
		for range instances {
			s, err := sqlstore.New(pool(t, dsn), sqlstore.Config{Dialect: sqlstore.SQLite})
			require.NoError(t, err)
			go func() { failed <- s.Migrate(t.Context()) }()
		}
		for range instances {
			require.NoError(t, <-failed)
		}
		require.Equal(t, versions(t), number(t, pool(t, dsn), "SELECT COUNT(*) FROM tillkey_schema"))
	}
}

func TestMigrateRefusesNewerTables(t *testing.T) {
	s, db := fresh(t)
	_, err := db.Exec("INSERT INTO tillkey_schema (version) VALUES (999)")
	require.NoError(t, err)
	var newer *sqlstore.SchemaError
	require.ErrorAs(t, s.Migrate(t.Context()), &newer)
	require.Equal(t, sqlstore.SchemaError{Found: 999, Known: versions(t)}, *newer)
	require.ErrorContains(t, newer, "999")
}

// TestMigrateLeavesForeignTables finds its names taken by somebody else.
func TestMigrateLeavesForeignTables(t *testing.T) {
	for _, table := range []string{"schema (note TEXT)", "events (seq INTEGER)"} {
		db := pool(t, sqlstore.SQLiteDSN(file(t)))
		_, err := db.Exec("CREATE TABLE tillkey_" + table)
		require.NoError(t, err)
		s, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
		require.NoError(t, err)
		require.Error(t, s.Migrate(t.Context()))
		require.Equal(t, 1, number(t, db, "SELECT COUNT(*) FROM sqlite_master"), "half a migration stayed beside %s", table)
	}
}

func TestMigrateRefusesUTF16(t *testing.T) {
	db := pool(t, "file:"+file(t)+"?_pragma=encoding('UTF-16le')")
	_, err := db.Exec("CREATE TABLE customers (id INTEGER)")
	require.NoError(t, err)
	s, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
	require.NoError(t, err)
	require.ErrorContains(t, s.Migrate(t.Context()), "UTF-16le")
}

func TestWithoutMigrate(t *testing.T) {
	s, err := sqlstore.New(pool(t, sqlstore.SQLiteDSN(file(t))), sqlstore.Config{Dialect: sqlstore.SQLite})
	require.NoError(t, err)
	_, err = s.Load(t.Context(), "a")
	require.ErrorContains(t, err, "no such table")
	require.Error(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
}

// TestPrefixesAreApart puts two shops into one file.
func TestPrefixesAreApart(t *testing.T) {
	db := pool(t, sqlstore.SQLiteDSN(file(t)))
	first := open(t, db, sqlstore.Config{Prefix: "first_"})
	second := open(t, db, sqlstore.Config{Prefix: "_2"})
	event := []rotate.Event{{ID: "e", Account: "a"}}
	require.NoError(t, first.Insert(t.Context(), rotate.Credential{Account: "a"}, event))
	_, err := second.Load(t.Context(), "a")
	require.ErrorIs(t, err, rotate.ErrNotFound)
	require.NoError(t, second.Insert(t.Context(), rotate.Credential{Account: "a"}, event))
	require.NoError(t, second.Erase(t.Context(), "a", nil))
	_, err = first.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Zero(t, number(t, db, `SELECT COUNT(*) FROM sqlite_master
		WHERE name NOT LIKE 'first\_%' ESCAPE '\' AND name NOT LIKE '\_2%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`))
}

// TestMigrationsRunByOthers runs the files as another tool does: whole, each in
// a transaction.
func TestMigrationsRunByOthers(t *testing.T) {
	db := pool(t, sqlstore.SQLiteDSN(file(t)))
	files, err := sqlstore.Migrations(sqlstore.SQLite)
	require.NoError(t, err)
	paths, err := fs.Glob(files, "*.up.sql")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		text, err := fs.ReadFile(files, path)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "-- +goose Up\n"), path)
		tx, err := db.Begin()
		require.NoError(t, err)
		_, err = tx.Exec(string(text))
		require.NoError(t, err, path)
		require.NoError(t, tx.Commit())
	}
	require.Equal(t, len(paths), number(t, db, "SELECT MAX(version) FROM tillkey_schema"))
	s := open(t, db, sqlstore.Config{})
	require.Equal(t, len(paths), number(t, db, "SELECT COUNT(*) FROM tillkey_schema"))
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
}

// TestMigrateGoesOn ends half way, as a process does that is killed.
func TestMigrateGoesOn(t *testing.T) {
	db := pool(t, sqlstore.SQLiteDSN(file(t)))
	tx, err := db.Begin()
	require.NoError(t, err)
	s, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
	require.NoError(t, err)
	view, ok := s.On(tx).(*sqlstore.Store)
	require.True(t, ok)
	require.NoError(t, view.Migrate(t.Context()))
	require.NoError(t, tx.Rollback())
	require.Zero(t, number(t, db, "SELECT COUNT(*) FROM sqlite_master"))
	require.NoError(t, s.Migrate(t.Context()))
	require.False(t, errors.Is(s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil), rotate.ErrExists))
}
