package sqlstore

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestMigrationsOfEachDialect checks what Migrate and other tools rely on.
func TestMigrationsOfEachDialect(t *testing.T) {
	for _, d := range []Dialect{SQLite, PostgreSQL, MariaDB, MySQL} {
		known, err := d.known()
		require.NoError(t, err)
		s := Store{dialect: known, prefix: defaultPrefix}
		files, err := s.files()
		require.NoError(t, err)
		require.NotEmpty(t, files)
		public, err := Migrations(d)
		require.NoError(t, err)
		entries, err := fs.ReadDir(public, ".")
		require.NoError(t, err)
		require.Len(t, entries, len(files))
	}
	_, err := Migrations("oracle")
	require.ErrorContains(t, err, "oracle")
}

// TestEachColumnIsDocumented reads the files that make tables.
func TestEachColumnIsDocumented(t *testing.T) {
	column := regexp.MustCompile(`^    (ADD COLUMN (/\*M! IF NOT EXISTS \*/ )?)?[a-z_]+ +(TEXT|MEDIUMTEXT|INTEGER|BIGINT|BOOLEAN|BLOB|BYTEA|BINARY|VARBINARY)\b`)
	found := 0
	err := fs.WalkDir(migrations, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations, path)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			if column.MatchString(line) {
				found++
				require.Contains(t, line, " -- ", path)
			}
		}
		return nil
	})
	require.NoError(t, err)
	want := 3 * (len(new(row).fields()) + len(new(entry).fields()) + len(orderFields(new(rotate.Order))))
	require.Greater(t, found, want, "the pattern finds the columns")
}

func TestSplit(t *testing.T) {
	for file, want := range map[string][]string{
		"":                    nil,
		"-- only; a comment;": nil,
		"A;\nB;\n":            {"A", "B"},
		"A (\n  x, -- not; the end;\n  y -- nor this;\n);\n\n-- note\nB\n;": {"A (\n  x,\n  y\n)", "B"},
		"A; -- end\r\nB;": {"A", "B"},
	} {
		require.Equal(t, want, split(file), "%q", file)
	}
}
