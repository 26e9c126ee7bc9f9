package rotate

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// declared is the code of this package, tests left out.
func declared(t *testing.T) map[string]*ast.FuncDecl {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := map[string]*ast.FuncDecl{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				// A variable could hold a function that no list below names.
				ast.Inspect(d, func(n ast.Node) bool {
					_, literal := n.(*ast.FuncLit)
					require.False(t, literal, "%s has a function outside of functions", name)
					return true
				})
				continue
			}
			full := f.Name.Name
			if f.Recv != nil {
				full = receiver(f.Recv.List[0].Type) + "." + full
			}
			require.NotContains(t, found, full)
			found[full] = f
		}
	}
	require.Greater(t, len(found), 100)
	return found
}

func receiver(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		return receiver(star.X)
	}
	return e.(*ast.Ident).Name
}

// doing lists the functions in which match finds a node.
func doing(t *testing.T, match func(ast.Node) bool) []string {
	t.Helper()
	var names []string
	for name, f := range declared(t) {
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			found = found || n != nil && match(n)
			return !found
		})
		if found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// mentions matches a field or method of this name, called or not.
func mentions(name string) func(ast.Node) bool {
	return func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		return ok && s.Sel.Name == name
	}
}

// makes matches a composite literal of this type, and new of it.
func makes(name string) func(ast.Node) bool {
	is := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && id.Name == name
	}
	return func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			return is(n.Type)
		case *ast.CallExpr:
			return is(n.Fun) || len(n.Args) == 1 && fmt.Sprint(n.Fun) == "new" && is(n.Args[0])
		case *ast.ValueSpec:
			return n.Type != nil && is(n.Type)
		}
		return false
	}
}

// TestOneGate reads the code: a new password is hashed in one place, behind every
// check, and nothing else makes what is written. A function that does either fails
// the test until it is named here, with a reason.
func TestOneGate(t *testing.T) {
	require.Equal(t, []string{
		"Keeper.newPassword", // the gate
		"verified.upgrade",   // the same password again, which was verified
	}, doing(t, mentions("Hash")))
	require.Equal(t, []string{"Keeper.newPassword"}, doing(t, makes("newPassword")))
	require.Equal(t, []string{"Keeper.verify"}, doing(t, makes("verified")))
	require.Equal(t, []string{
		"Keeper.Change",               // with the current password
		"Keeper.Draft",                // sign-up, and first passwords made by staff
		"Keeper.Reset",                // with a mailed ticket, issued by staff, too
		"Keeper.continueWithPassword", // forced, at a first sign-in and after an import
	}, doing(t, mentions("newPassword")))

	require.Equal(t, []string{
		"Keeper.Create",   // what Draft checked
		"Keeper.adopt",    // a hash of the shop's own table, rechecked at its first sign-in
		"Keeper.imported", // a hash of another system, the same
		"Keeper.rebind",   // the hash that is there, for another factor
		"newPassword.write",
		"verified.write", // the hash of the password that was verified
	}, doing(t, mentions("sealPassword")))
	require.Equal(t, []string{
		"Keeper.importRow",    // over one that was imported and not used since
		"Keeper.sealPassword", // all of the above
	}, doing(t, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		return ok && slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool {
			s, ok := e.(*ast.SelectorExpr)
			return ok && s.Sel.Name == "Password" && (fmt.Sprint(s.X) == "c" || fmt.Sprint(s.X) == "old" || fmt.Sprint(s.X) == "row")
		})
	}))
}
