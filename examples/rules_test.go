package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var rule = regexp.MustCompile(`(?m)^func (TestS\d\d_\w+|TestAdoption\w*)\(`)

// rulesIn lists the rules that the Go files of a folder check.
func rulesIn(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range rule.FindAllStringSubmatch(string(text), -1) {
			names = append(names, match[1])
		}
	}
	slices.Sort(names)
	return names
}

// TestEveryStoreRunsEveryRule: what storetest checks is checked for each Store
// under the same name, and each rule of the design is among them.
func TestEveryStoreRunsEveryRule(t *testing.T) {
	rules := rulesIn(t, "../rotate/storetest/*.go")
	require.Equal(t, rules, rulesIn(t, "../rotate/memstore/*_test.go"))
	require.Equal(t, rules, rulesIn(t, "../rotate/sqlstore/sqltest/*_test.go"))
	for n := 1; n <= 23; n++ {
		if n == 19 { // one writable database: a promise of the documentation
			continue
		}
		prefix := fmt.Sprintf("TestS%02d_", n)
		require.True(t, slices.ContainsFunc(rules, func(name string) bool { return strings.HasPrefix(name, prefix) }), prefix)
	}
	// The test clock is the shop's.
	require.True(t, slices.ContainsFunc(rulesIn(t, "shop/kettle/*_test.go"), func(name string) bool { return strings.HasPrefix(name, "TestS24_") }))
}
