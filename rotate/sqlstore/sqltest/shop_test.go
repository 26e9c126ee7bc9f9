package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

var errNo = errors.New("no")

// TestShopOnGorm adds a customer of gorm's and a credential in one transaction.
func TestShopOnGorm(t *testing.T) {
	s, p := shop(t, postgresServer())
	g, err := gorm.Open(gormpostgres.New(gormpostgres.Config{Conn: p.db}), &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	type customer struct{ ID string }
	for account, end := range map[string]error{"kept": nil, "undone": errNo} {
		err := g.Transaction(func(tx *gorm.DB) error {
			if err := tx.Create(&customer{ID: account}).Error; err != nil {
				return err
			}
			if err := s.On(tx.Statement.ConnPool).Insert(t.Context(), rotate.Credential{Account: account}, nil); err != nil {
				return err
			}
			return end
		})
		require.ErrorIs(t, err, end)
		_, err = s.Load(t.Context(), account)
		require.Equal(t, end != nil, errors.Is(err, rotate.ErrNotFound), account)
	}
	require.Equal(t, 1, number(t, p.db, "SELECT COUNT(*) FROM customers"))
	// Outside of a transaction gorm holds the pool.
	require.ErrorContains(t, s.On(g.Statement.ConnPool).Insert(t.Context(), rotate.Credential{Account: "x"}, nil), "no transaction")
}

// TestShopOnPgx has a pool of pgx and none of database/sql: the Store works on a
// view of it, and the shop's transaction on the connection beneath.
func TestShopOnPgx(t *testing.T) {
	on := postgresServer()
	_, p := shop(t, on)
	pool, err := pgxpool.New(t.Context(), p.dsn)
	require.NoError(t, err)
	defer pool.Close()
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	s := on.store(t, db, sqlstore.Config{})

	inTx := func(work func(pgx.Tx, sqlstore.Conn) error) error {
		conn, err := db.Conn(t.Context())
		if err != nil {
			return err
		}
		defer conn.Close()
		var raw *pgx.Conn
		if err := conn.Raw(func(c any) error { raw = c.(*stdlib.Conn).Conn(); return nil }); err != nil {
			return err
		}
		return pgx.BeginFunc(t.Context(), raw, func(tx pgx.Tx) error { return work(tx, conn) })
	}
	for account, end := range map[string]error{"kept": nil, "undone": errNo} {
		err := inTx(func(tx pgx.Tx, conn sqlstore.Conn) error {
			if _, err := tx.Exec(t.Context(), "INSERT INTO customers (id) VALUES ($1)", account); err != nil {
				return err
			}
			if err := s.On(conn).Insert(t.Context(), rotate.Credential{Account: account}, nil); err != nil {
				return err
			}
			return end
		})
		require.ErrorIs(t, err, end)
		_, err = s.Load(t.Context(), account)
		require.Equal(t, end != nil, errors.Is(err, rotate.ErrNotFound), account)
	}
	require.Equal(t, 1, number(t, p.db, "SELECT COUNT(*) FROM customers"))
	require.Zero(t, db.Stats().InUse)
}

// TestShopOnMariaDB does so with *sql.Tx, at the isolation that MariaDB has by
// default.
func TestShopOnMariaDB(t *testing.T) {
	s, p := shop(t, mariadbServer())
	for _, isolation := range []sql.IsolationLevel{sql.LevelDefault, sql.LevelReadCommitted, sql.LevelSerializable} {
		tx, err := p.db.BeginTx(context.Background(), &sql.TxOptions{Isolation: isolation})
		require.NoError(t, err)
		signUp(t, s, tx, isolation.String())
		require.NoError(t, s.On(tx).Update(t.Context(), isolation.String(), guess))
		require.NoError(t, tx.Commit())
		c, err := s.Load(t.Context(), isolation.String())
		require.NoError(t, err)
		require.Equal(t, 1, c.PasswordGuesses.Total)
	}
}
