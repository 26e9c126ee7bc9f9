package examples_test

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/tillkey/tillkey"

// packages lists the core module: each package and what its code, tests left
// out, imports directly.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	list.Dir = ".."
	out, err := list.CombinedOutput()
	require.NoError(t, err, string(out))
	all := make(map[string][]string)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		all[fields[0]] = fields[1:]
	}
	require.Contains(t, all, module+"/rotate", "the list is of another module")
	return all
}

// below tells whether a package is path or lies in its folder.
func below(pkg, path string) bool {
	return pkg == path || strings.HasPrefix(pkg, path+"/")
}

// TestImportsKeepTheirDirection checks which of our packages may import which.
func TestImportsKeepTheirDirection(t *testing.T) {
	leaves := []string{"policy", "hash", "totp", "rotate/keyring"}
	edges := []string{"rotate/memstore", "rotate/sqlstore", "rotate/web", "rotate/storetest", "rotate/tilltest", "rotate/secret"}
	for pkg, imports := range packages(t) {
		for _, imported := range imports {
			if !below(imported, module) {
				continue
			}
			from, to := strings.TrimPrefix(pkg, module+"/"), strings.TrimPrefix(imported, module+"/")
			for _, leaf := range leaves {
				if below(from, leaf) {
					require.Truef(t, below(to, leaf), "%s is a leaf and imports %s", from, to)
				}
			}
			if from == "rotate" {
				require.Containsf(t, append(leaves, "policy/strength"), to, "rotate composes the leaves and imports %s", to)
			}
			if from == "policy" {
				require.Falsef(t, below(to, "policy/breach") || below(to, "policy/strength"), "policy imports %s", to)
			}
			if below(from, "hash/legacy") {
				require.NotEqual(t, "hash", to, "hash/legacy imports hash")
			}
			if !below(from, "examples") {
				require.Falsef(t, below(to, "examples"), "%s imports an example", from)
			}
			if slices.ContainsFunc(edges, func(edge string) bool { return below(to, edge) }) {
				inside := slices.ContainsFunc(edges, func(edge string) bool { return below(from, edge) })
				require.Truef(t, inside || below(from, "examples"), "%s imports the edge %s", from, to)
			}
		}
	}
}

// TestHeavyPackagesStayAtTheEdge checks who may import what outside of us.
func TestHeavyPackagesStayAtTheEdge(t *testing.T) {
	only := map[string][]string{
		"net/http":     {"policy/breach", "rotate/web", "examples"},
		"database/sql": {"rotate/sqlstore"},
		"testing":      {"rotate/storetest"},
		"log":          {"examples"},
		"log/slog":     nil, // LogValue needs it everywhere; nobody calls it
		"flag":         {"examples", "policy/internal/common/gen"},
		"math/rand":    {},
		"math/rand/v2": {"rotate/sqlstore", "rotate/storetest"}, // back-off and shuffling, no secrets
	}
	for pkg, imports := range packages(t) {
		from := strings.TrimPrefix(pkg, module+"/")
		for _, imported := range imports {
			allowed, listed := only[imported]
			if !listed || allowed == nil {
				continue
			}
			ok := slices.ContainsFunc(allowed, func(path string) bool { return below(from, path) })
			require.Truef(t, ok, "%s imports %s", from, imported)
		}
	}
}

// TestCoreStaysLight checks that no module enters the core by accident. A new
// line here needs a reason in the commit that adds it.
func TestCoreStaysLight(t *testing.T) {
	allowed := []string{
		module,
		"github.com/wagslane/go-password-validator", "github.com/alexedwards/argon2id",
		"github.com/pquerna/otp", "github.com/boombuler/barcode", // otp's own, for its pictures
		"github.com/stretchr/testify", // the suites of storetest
		"golang.org/x/crypto", "golang.org/x/text", "golang.org/x/sync", "golang.org/x/sys", "golang.org/x/term",
		"github.com/spf13/cobra", "github.com/spf13/pflag", // pwcheck
	}
	for pkg, imports := range packages(t) {
		for _, imported := range imports {
			if !strings.Contains(imported, ".") {
				continue
			}
			ok := slices.ContainsFunc(allowed, func(path string) bool { return below(imported, path) })
			require.Truef(t, ok, "%s imports %s", pkg, imported)
			if below(imported, "github.com/stretchr/testify") {
				require.Equal(t, module+"/rotate/storetest", pkg)
			}
			if below(imported, "github.com/spf13") || below(imported, "golang.org/x/term") {
				require.True(t, below(pkg, module+"/examples"), "%s imports %s", pkg, imported)
			}
		}
	}
}

// TestNoFileIsLong keeps one noun to a file.
func TestNoFileIsLong(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		// What templ makes is nobody's to read.
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_templ.go") {
			seen++
			require.LessOrEqual(t, lines(t, path), 500, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, seen, 100)
}
