package shopspec_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/reference"
	"github.com/tillkey/tillkey/hash"
)

// cheap makes hashes that cost next to nothing, as argon2 allows (RFC 9106,
// section 3.1).
func cheap(t *testing.T) *hash.Hasher {
	t.Helper()
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return h
}

func start(t *testing.T, c reference.Config) shopspec.Shop {
	t.Helper()
	c.Dir = t.TempDir()
	shop, err := reference.Start(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, shop.Close()) })
	spec, err := shop.Spec()
	require.NoError(t, err)
	return spec
}

// passes runs all scenarios, and checks which were not run.
func passes(t *testing.T, spec shopspec.Shop, notRun ...string) shopspec.Report {
	t.Helper()
	report := shopspec.Run(t.Context(), spec, shopspec.Options{})
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.Err(), text.String())
	require.ElementsMatch(t, notRun, report.Names(shopspec.StateNotRun), text.String())
	require.Len(t, report.Lines, len(shopspec.Scenarios()))
	return report
}

// TestReferenceOnSQLite: the reference shop passes all that one instance can.
func TestReferenceOnSQLite(t *testing.T) {
	report := passes(t, start(t, reference.Config{Hasher: cheap(t)}),
		"S2/md5", "S3/instances", "S4/instances", "S5/code-once-instances")
	sameAsREADME(t, report)
}

// TestReferenceOnPostgres: and on PostgreSQL, alone and as two instances.
func TestReferenceOnPostgres(t *testing.T) {
	t.Run("one", func(t *testing.T) {
		passes(t, start(t, reference.Config{DB: newSchema(t), Hasher: cheap(t)}),
			"S2/md5", "S3/instances", "S4/instances", "S5/code-once-instances")
	})
	t.Run("two", func(t *testing.T) {
		passes(t, start(t, reference.Config{DB: newSchema(t), Instances: 2, Hasher: cheap(t)}), "S2/md5")
	})
}

// newSchema is the URL of an empty schema, which ends with the test.
func newSchema(t *testing.T) string {
	t.Helper()
	place := os.Getenv("TEST_POSTGRES")
	if place == "" {
		if os.Getenv("CI") == "true" {
			require.Fail(t, "TEST_POSTGRES is not set")
		}
		t.Skip("TEST_POSTGRES is not set: no PostgreSQL to run on")
	}
	db, err := sql.Open("pgx", place)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	name := "shopspec_" + strings.ToLower(rand.Text())
	_, err = db.ExecContext(context.Background(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		require.NoError(t, err)
	})
	u, err := url.Parse(place)
	require.NoError(t, err)
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}
