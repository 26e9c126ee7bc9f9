package kettle

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wordings are all texts that templates and code say, by their English wording.
func wordings(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	add := func(literal string) {
		wording, err := strconv.Unquote(literal)
		require.NoError(t, err, literal)
		all[wording] = true
	}
	names, err := fs.Glob(files, "templates/*.html")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	said := regexp.MustCompile(`\b(?:say|markup) ("(?:[^"\\]|\\.)*"|` + "`[^`]*`)")
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		require.NoError(t, err)
		found := said.FindAllSubmatch(text, -1)
		for _, match := range found {
			add(string(match[1]))
		}
		require.Len(t, regexp.MustCompile(`[{( |](?:say|markup)\b`).FindAll(text, -1), len(found), "%s says what is no literal", name)
	}
	sources, err := fs.Glob(os.DirFS("."), "*.go")
	require.NoError(t, err)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			var first ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "say" || f.Sel.Name == "markup") {
					first = n.Args[0]
				}
			case *ast.CompositeLit:
				if id, ok := n.Type.(*ast.Ident); ok && id.Name == "told" {
					first = n.Elts[0]
				}
			}
			if pair, ok := first.(*ast.KeyValueExpr); ok {
				first = pair.Value
			}
			if literal, ok := first.(*ast.BasicLit); ok {
				add(literal.Value)
			} else if first != nil {
				require.Contains(t, []string{"wording", "english"}, lastName(first), "%s says what is no literal", name)
			}
			return true
		})
	}
	for _, p := range catalogue() {
		all[p.Name], all[p.Text] = true, true
	}
	return all
}

// lastName is the name of a variable or field.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// readCatalog reads the file of a language.
func readCatalog(t *testing.T, lang string) map[string]entry {
	t.Helper()
	text, err := catalogs.ReadFile("texts/" + lang + ".json")
	require.NoError(t, err)
	var entries map[string]entry
	require.NoError(t, json.Unmarshal(text, &entries))
	return entries
}

// countless are texts with a number that does not change the words, in English
// and German.
func countless() []string {
	return []string{"%d s", "%d min", "%d of 4", "%d of %d left", "Random words, worth %d bits. Let your browser keep them, or write them down."}
}

// No text is missing in a catalog, none is there for nothing, and what is put
// into a text is put into its translation.
func TestCatalogsAreComplete(t *testing.T) {
	said, english, german := wordings(t), readCatalog(t, "en"), readCatalog(t, "de")
	missing := slices.Sorted(maps.Keys(said))
	missing = slices.DeleteFunc(missing, func(key string) bool { return german[key].other != "" })
	require.Empty(t, missing, "not in de.json")
	verbs, tags := regexp.MustCompile(`%\w|%%|\{\w+\}`), regexp.MustCompile(`<[^>]*>`)
	for _, catalog := range []map[string]entry{english, german} {
		for key, e := range catalog {
			require.True(t, said[key], "nobody says %q", key)
			for _, wording := range []string{e.one, e.other} {
				if wording == "" && wording == e.one {
					continue
				}
				require.NotEmpty(t, wording, key)
				require.Equal(t, strings.TrimSpace(wording), wording, key)
				require.Equal(t, tags.FindAllString(key, -1), tags.FindAllString(wording, -1), key)
				require.Equal(t, verbs.FindAllString(key, -1), verbs.FindAllString(wording, -1), key)
			}
		}
	}
	for key := range said {
		number := strings.Contains(key, "%d") && !strings.Contains(key, "%d %%") && !slices.Contains(countless(), key)
		if strings.HasPrefix(key, "these are more than") {
			number = false // it is a constant
		}
		require.Equal(t, number, english[key].one != "", "the forms of a number: %q in en.json", key)
		require.Equal(t, number, german[key].one != "", "the forms of a number: %q in de.json", key)
		require.True(t, number || english[key] == entry{}, "%q needs no entry in en.json", key)
	}
}

// Many visitors read the same texts at once.
func TestTonguesAreShared(t *testing.T) {
	all, err := readTongues()
	require.NoError(t, err)
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for i, speak := range all.list {
				for range 50 {
					assert.Equal(t, []string{"1 recovery code is left.", "1 Wiederherstellungscode ist übrig."}[i], speak.say("%d recovery codes are left.", 1))
					assert.Equal(t, []string{"€ 1,234.50", "1.234,50\u00a0€"}[i], speak.price(123450))
					assert.EqualValues(t, []string{"For <strong>&lt;b&gt;</strong> alone.", "Nur für <strong>&lt;b&gt;</strong>."}[i], speak.markup("For <strong>%s</strong> alone.", "<b>"))
				}
			}
		})
	}
	readers.Wait()
}
