package sqltest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"ariga.io/atlas/sql/migrate"
	atlasmysql "ariga.io/atlas/sql/mysql"
	atlaspostgres "ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	atlassqlite "ariga.io/atlas/sql/sqlite"
	"ariga.io/atlas/sql/sqltool"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// TestAtlas runs the files by the engine of atlas, which is a Go module; its
// command is not at hand everywhere. It wants a sum of the files beside them, as
// "atlas migrate hash" writes.
func TestAtlas(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		p := on.empty(t)
		if on.dialect == sqlstore.PostgreSQL {
			p = apart(t, "") // it inspects every schema of a database
		}
		files, err := sqlstore.Migrations(on.dialect)
		require.NoError(t, err)
		path := t.TempDir()
		require.NoError(t, os.CopyFS(path, files))
		dir, err := sqltool.NewGolangMigrateDir(path)
		require.NoError(t, err)
		require.ErrorIs(t, migrate.Validate(dir), migrate.ErrChecksumNotFound)
		sum, err := dir.Checksum()
		require.NoError(t, err)
		require.NoError(t, migrate.WriteSumFile(dir, sum))
		_, err = fs.Stat(os.DirFS(path), migrate.HashFileName)
		require.NoError(t, err)

		open := map[sqlstore.Dialect]func(schema.ExecQuerier) (migrate.Driver, error){
			sqlstore.SQLite: atlassqlite.Open, sqlstore.PostgreSQL: atlaspostgres.Open, sqlstore.MariaDB: atlasmysql.Open,
		}[on.dialect]
		driver, err := open(p.db)
		require.NoError(t, err)
		// A server with other tables needs its --allow-dirty.
		executor, err := migrate.NewExecutor(driver, dir, migrate.NopRevisionReadWriter{}, migrate.WithAllowDirty(true))
		require.NoError(t, err)
		require.NoError(t, executor.ExecuteN(t.Context(), 0))
		names, err := filepath.Glob(path + "/*.up.sql")
		require.NoError(t, err)
		require.Equal(t, len(names), number(t, p.db, "SELECT COUNT(*) FROM tillkey_schema"))
		migrated(t, on, p.db)
	})
}
