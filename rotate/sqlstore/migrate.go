package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the migrations of a dialect, for a shop that runs them
// with a tool of its own. They are numbered from 0001 and written with the
// prefix "tillkey_"; with another one, replace it everywhere.
//
// goose and golang-migrate read them as they are; the latter needs
// multiStatements=true in the data source name of MariaDB. atlas reads them with
// ?format=golang-migrate once "atlas migrate hash" has written its atlas.sum
// beside them, without which it refuses any directory; its engine was tried, its
// command was not.
//
// Each file also writes its number into tillkey_schema, so [Store.Migrate]
// knows what has run, whoever ran it. There are no files that undo a
// migration: restore a backup instead.
func Migrations(d Dialect) (fs.FS, error) {
	known, err := d.known()
	if err != nil {
		return nil, err
	}
	return fs.Sub(migrations, known.dir)
}

// Migrate brings the tables to the version of this package: it makes them, or
// runs what is missing, each migration in a transaction of its own. Where
// nothing is missing it only reads. Any number of instances may call it at
// once, as each does when it starts. MariaDB commits each statement of a
// migration by itself; one that was cut short is gone through again.
//
// Errors: [*SchemaError], the tables are newer; the server is too old, or keeps
// texts in another encoding; an error of the database, what had run by then
// stays, and the next call goes on.
func (s *Store) Migrate(ctx context.Context) error {
	files, err := s.files()
	if err != nil {
		return err
	}
	var found int
	err = s.runner.read(ctx, func(db session) (err error) {
		if found, err = s.version(ctx, db); err != nil {
			return err
		}
		return s.dialect.fits(ctx, db)
	})
	if err != nil {
		return err
	}
	if found > len(files) {
		return &SchemaError{Found: found, Known: len(files)}
	}
	for n := found + 1; n <= len(files); n++ {
		if err := s.runner.write(ctx, func(tx session) error { return s.migrate(ctx, tx, n, files[n-1]) }); err != nil {
			return err
		}
	}
	return nil
}

// migrate runs one migration unless somebody else was faster.
func (s *Store) migrate(ctx context.Context, tx session, n int, file string) (err error) {
	tx.texts, tx.limit = s.plain, 0
	release, err := s.dialect.alone(ctx, tx)
	if err != nil {
		return err
	}
	defer func() {
		if late := release(); err == nil {
			err = late
		}
	}()
	found, err := s.version(ctx, tx)
	if err != nil || found >= n {
		return err
	}
	if n == 1 && s.dialect.piecemeal {
		if err := s.foreign(ctx, tx); err != nil {
			return err
		}
	}
	for _, statement := range split(file) {
		if _, err := tx.exec(ctx, statement); err != nil && (s.dialect.ran == nil || !s.dialect.ran(err)) {
			return fmt.Errorf("%w (migration %d)", err, n)
		}
	}
	if found, err = s.version(ctx, tx); err == nil && found != n {
		err = fmt.Errorf("sqlstore: migration %d left version %d", n, found)
	}
	return err
}

// foreign reports tables that no migration of this package made: it would have
// begun with the first one.
func (s *Store) foreign(ctx context.Context, tx session) error {
	for i, table := range []string{"schema", "credentials", "seals", "orders", "sequence", "guesses", "events", "keys"} {
		var tables int
		if _, err := tx.one(ctx, s.dialect.hasTable, []any{s.prefix + table}, &tables); err != nil {
			return err
		}
		if tables > 0 {
			if i == 0 {
				return nil
			}
			return fmt.Errorf("sqlstore: table %s%s is there already; choose another prefix", s.prefix, table)
		}
	}
	return nil
}

// version reads the version of the tables; 0 where there are none.
func (s *Store) version(ctx context.Context, db session) (int, error) {
	var tables, version int
	_, err := db.one(ctx, s.dialect.hasTable, []any{s.prefix + "schema"}, &tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	_, err = db.one(ctx, "SELECT COALESCE(MAX(version), 0) FROM tillkey_schema", nil, &version)
	return version, err
}

// files reads the migrations in the order of their numbers, which have no gaps.
func (s *Store) files() ([]string, error) {
	entries, err := fs.ReadDir(migrations, s.dialect.dir)
	if err != nil {
		return nil, err
	}
	var files []string
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("sqlstore: migration %q is not number %d", e.Name(), i+1)
		}
		text, err := fs.ReadFile(migrations, s.dialect.dir+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		files = append(files, string(text))
	}
	if len(files) == 0 {
		return nil, errors.New("sqlstore: there are no migrations")
	}
	return files, nil
}

// split cuts a migration into its statements, as not every driver runs several
// at once. They end with a semicolon at the end of a line; comments are dropped,
// since one could end like that too.
func split(file string) []string {
	var statements []string
	var b strings.Builder
	for line := range strings.Lines(file) {
		line, _, _ = strings.Cut(line, "--")
		line = strings.TrimRight(line, " \t\r\n")
		rest, ends := strings.CutSuffix(line, ";")
		b.WriteString(rest + "\n")
		if ends {
			statements = append(statements, strings.TrimSpace(b.String()))
			b.Reset()
		}
	}
	return statements
}
