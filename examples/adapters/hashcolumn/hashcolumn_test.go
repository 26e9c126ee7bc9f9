package hashcolumn_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"entgo.io/ent/schema/field"
	"github.com/glebarez/sqlite"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"gorm.io/gorm"

	"github.com/tillkey/tillkey/examples/adapters/hashcolumn"
	"github.com/tillkey/tillkey/hash"
)

// customer is a row for gorm and for bun.
type customer struct {
	bun.BaseModel `bun:"table:customers" gorm:"-"`
	ID            int64 `bun:",pk"`
	PasswordHash  hashcolumn.Hash
}

// open makes the table, which has a hash of "right" for 1 and none for 2.
func open(t *testing.T) (*gorm.DB, *bun.DB, hashcolumn.Hash) {
	t.Helper()
	g, err := gorm.Open(sqlite.Open("file:"+t.TempDir()+"/shop.db"), &gorm.Config{})
	require.NoError(t, err)
	require.NoError(t, g.AutoMigrate(customer{}))
	db, err := g.DB()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	encoded := hashcolumn.Hash(must(newHasher(t).Hash(t.Context(), "right")))
	require.NoError(t, g.Create(&customer{ID: 1, PasswordHash: encoded}).Error)
	b := bun.NewDB(db, sqlitedialect.New())
	_, err = b.NewInsert().Model(&customer{ID: 2}).Exec(t.Context())
	require.NoError(t, err)
	return g, b, encoded
}

func newHasher(t testing.TB) *hash.Hasher {
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return h
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestRoundTrip: what one library writes the other reads, and plain SQL too.
func TestRoundTrip(t *testing.T) {
	g, b, encoded := open(t)
	var c customer
	require.NoError(t, b.NewSelect().Model(&c).Where("id = 1").Scan(t.Context()))
	require.Equal(t, encoded, c.PasswordHash)
	require.NoError(t, newHasher(t).Verify(t.Context(), string(c.PasswordHash), "right"))
	c = customer{}
	require.NoError(t, g.First(&c, 2).Error)
	require.Empty(t, c.PasswordHash)
	db, err := g.DB()
	require.NoError(t, err)
	var text sql.NullString
	require.NoError(t, db.QueryRow("SELECT password_hash FROM customers WHERE id = 2").Scan(&text))
	require.False(t, text.Valid, "no password is NULL")
}

// TestCompareAndSwap: of two who saw the same hash, one replaces it.
func TestCompareAndSwap(t *testing.T) {
	g, b, seen := open(t)
	swap := func(to string) int64 {
		done := g.Model(&customer{}).Where("id = ? AND password_hash = ?", 1, seen).Update("password_hash", hashcolumn.Hash(to))
		require.NoError(t, done.Error)
		return done.RowsAffected
	}
	require.EqualValues(t, 1, swap("chosen anew"))
	require.EqualValues(t, 0, swap("upgraded"))
	var c customer
	require.NoError(t, b.NewSelect().Model(&c).Where("id = 1").Scan(t.Context()))
	require.EqualValues(t, "chosen anew", c.PasswordHash)
}

// TestEnt: ent accepts the type for a field.
func TestEnt(t *testing.T) {
	d := field.String("password_hash").GoType(hashcolumn.Hash("")).Optional().Sensitive().Descriptor()
	require.NoError(t, d.Err)
	require.True(t, d.Sensitive)
	require.True(t, d.Info.ValueScanner())
}

func TestBounds(t *testing.T) {
	long := strings.Repeat("x", hashcolumn.MaxBytes+1)
	_, err := hashcolumn.Hash(long).Value()
	require.Error(t, err)
	for _, src := range []any{long, []byte(long), 17, true} {
		var h hashcolumn.Hash
		err := h.Scan(src)
		require.Error(t, err)
		require.Empty(t, h)
		require.NotContains(t, err.Error(), "xx")
	}
	most := long[1:]
	var h hashcolumn.Hash
	require.NoError(t, h.Scan([]byte(most)))
	require.EqualValues(t, most, h)
}

// TestNoPrinterShowsIt tries the ways that logs take.
func TestNoPrinterShowsIt(t *testing.T) {
	c := customer{ID: 1, PasswordHash: "secret-hash"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{c, &c, c.PasswordHash, &c.PasswordHash, []hashcolumn.Hash{c.PasswordHash}} {
			said := fmt.Sprintf(verb, value)
			require.NotContains(t, said, "secret-hash", verb)
			require.NotContains(t, said, fmt.Sprintf("%x", "secret-hash"), verb)
		}
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "hash", c.PasswordHash, "row", c)
	require.NotContains(t, log.String(), "secret-hash")
	_, err := json.Marshal(c)
	require.Error(t, err)
}

func ExampleHash() {
	var h hashcolumn.Hash
	err := h.Scan("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo")
	fmt.Println(h, err)
	fmt.Println(hashcolumn.Hash("").Value())
	// Output:
	// Hash(hidden) <nil>
	// <nil> <nil>
}
