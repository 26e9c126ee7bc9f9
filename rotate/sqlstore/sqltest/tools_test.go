package sqltest

import (
	"database/sql"
	"io/fs"
	"testing"

	"github.com/golang-migrate/migrate/v4"
	migratedb "github.com/golang-migrate/migrate/v4/database"
	migratemysql "github.com/golang-migrate/migrate/v4/database/mysql"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	migratesqlite "github.com/golang-migrate/migrate/v4/database/sqlite"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// migrated requires that a tool made all tables, and that Migrate finds nothing
// left to do.
func migrated(t *testing.T, on server, db *sql.DB) {
	t.Helper()
	ran := number(t, db, "SELECT COUNT(*) FROM tillkey_schema")
	require.Positive(t, ran)
	s := on.store(t, db, sqlstore.Config{})
	require.Equal(t, ran, number(t, db, "SELECT COUNT(*) FROM tillkey_schema"))
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{{ID: "e"}}))
}

func TestGoose(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		db := on.empty(t).db
		files, err := sqlstore.Migrations(on.dialect)
		require.NoError(t, err)
		dialect := map[sqlstore.Dialect]goose.Dialect{
			sqlstore.SQLite: goose.DialectSQLite3, sqlstore.PostgreSQL: goose.DialectPostgres, sqlstore.MariaDB: goose.DialectMySQL,
		}[on.dialect]
		provider, err := goose.NewProvider(dialect, db, files)
		require.NoError(t, err)
		for _, want := range []int{versions(t), 0} {
			results, err := provider.Up(t.Context())
			require.NoError(t, err)
			require.Len(t, results, want)
		}
		migrated(t, on, db)
	})
}

func TestGolangMigrate(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		p := on.empty(t)
		files, err := sqlstore.Migrations(on.dialect)
		require.NoError(t, err)
		source, err := iofs.New(files, ".")
		require.NoError(t, err)
		var target migratedb.Driver
		switch on.dialect {
		case sqlstore.SQLite:
			target, err = migratesqlite.WithInstance(on.pool(t, p.dsn), &migratesqlite.Config{})
		case sqlstore.PostgreSQL:
			target, err = migratepgx.WithInstance(on.pool(t, p.dsn), &migratepgx.Config{})
		case sqlstore.MariaDB:
			target, err = migratemysql.WithInstance(on.pool(t, with(p.dsn, "multiStatements=true")), &migratemysql.Config{})
		}
		require.NoError(t, err)
		m, err := migrate.NewWithInstance("iofs", source, string(on.dialect), target)
		require.NoError(t, err)
		require.NoError(t, m.Up())
		require.ErrorIs(t, m.Up(), migrate.ErrNoChange)
		_, err = fs.Stat(files, "0001_tables.up.sql")
		require.NoError(t, err)
		migrated(t, on, p.db)
		source1, source2 := m.Close()
		require.NoError(t, source1)
		require.NoError(t, source2)
	})
}
