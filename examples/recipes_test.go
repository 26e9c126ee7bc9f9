package examples_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// TestRecipesAreGo: the blocks of the recipes parse, and each recipe says that
// nothing here runs it.
func TestRecipesAreGo(t *testing.T) {
	recipes, err := filepath.Glob("recipes/*.md")
	require.NoError(t, err)
	require.Len(t, recipes, 7)
	for _, path := range recipes {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Regexp(t, `(?i)not run in ci`, string(text), path)
		blocks := goBlock.FindAllStringSubmatch(string(text), -1)
		require.NotEmpty(t, blocks, path)
		for _, block := range blocks {
			code := block[1]
			if !strings.Contains(code, "\nfunc ") && !strings.HasPrefix(code, "func ") && !strings.HasPrefix(code, "type ") {
				code = "func _() {\n" + code + "}\n"
			}
			_, err := parser.ParseFile(token.NewFileSet(), path, "package recipe\n"+code, parser.AllErrors)
			require.NoError(t, err, path)
		}
	}
}
