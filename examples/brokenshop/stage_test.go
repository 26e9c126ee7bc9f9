package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/brokenshop/fault"
	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/reference"
	"github.com/tillkey/tillkey/hash"
)

// stage is a shop of two instances with the same faults. They share one SQLite
// file, which an instance of the shop wants for itself: the second one knows it
// by another name.
func stage(t *testing.T, faults ...fault.Fault) shopspec.Shop {
	t.Helper()
	dir := t.TempDir()
	second := filepath.Join(dir, "second.db")
	if err := os.Symlink(filepath.Join(dir, "shop.db"), second); err != nil {
		require.NotEqual(t, "true", os.Getenv("CI"), err)
		t.Skipf("two instances on one file need symbolic links: %v", err)
	}
	var first atomic.Pointer[slog.Logger] // each instance has a log of its own
	shop, err := reference.Start(t.Context(), reference.Config{
		Dir: dir, Instances: 2, Hasher: cheap(t),
		Open: func(ctx context.Context, c kettle.Config) (*kettle.Shop, http.Handler, error) {
			if !first.CompareAndSwap(nil, c.Log) && first.Load() != c.Log {
				c.DB = second
			}
			return fault.Open(ctx, c, faults...)
		},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, shop.Close()) })
	spec, err := shop.Spec()
	require.NoError(t, err)
	return spec
}

// play runs the scenarios of some names, all if there are none.
func play(t *testing.T, shop shopspec.Shop, names ...string) shopspec.Report {
	t.Helper()
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	report := shopspec.Run(t.Context(), shop, shopspec.Options{
		Only: func(name string) bool { return len(wanted) == 0 || wanted[name] },
	})
	require.Empty(t, report.Unreachable)
	for _, l := range report.Lines {
		for _, c := range l.Checks {
			if c.State != shopspec.StatePassed {
				t.Logf("%s: %s: %s: expected %s, seen %s %s", l.Name, c.State, c.What, c.Expected, c.Seen, c.Why)
			}
		}
	}
	if len(names) > 0 {
		require.Len(t, report.Lines, len(wanted), "a scenario is missing")
	}
	return report
}

// fails tells whether a check of a scenario failed.
func fails(report shopspec.Report, scenario, check string) bool {
	return slices.ContainsFunc(report.Lines, func(l shopspec.Line) bool {
		return l.Name == scenario && slices.ContainsFunc(l.Checks, func(c shopspec.Check) bool {
			return c.What == check && c.State == shopspec.StateFailed
		})
	})
}

// cheap makes hashes that cost next to nothing, as argon2 allows (RFC 9106,
// section 3.1).
func cheap(t *testing.T) *hash.Hasher {
	t.Helper()
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return h
}
