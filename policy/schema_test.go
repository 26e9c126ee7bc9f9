package policy_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// The module policy/schema/schematest checks the schemas with a validator. The
// tests here need none: they hold the schemas to the code.

// TestFileSchemaHasEveryField: the schema and Read know the same fields, and
// the same bounds of numbers.
func TestFileSchemaHasEveryField(t *testing.T) {
	var schema struct {
		Defs struct {
			Policy struct {
				Properties map[string]struct {
					Type             string
					Minimum, Maximum *float64
					Enum             []string
				}
			}
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal([]byte(policy.FileSchema()), &schema))
	properties := schema.Defs.Policy.Properties
	for _, field := range reflect.VisibleFields(reflect.TypeFor[policy.Policy]()) {
		name := snake(field.Name)
		require.Contains(t, properties, name)
		_, err := read(fmt.Sprintf(`{"version":1,"groups":{"a":{%q:{}}}}`, name))
		require.ErrorContains(t, err, "want ", name)
	}
	require.Len(t, properties, reflect.TypeFor[policy.Policy]().NumField()+1, "and preset")
	require.Equal(t, policy.Presets(), properties["preset"].Enum)
	require.Equal(t, []string{"accept", "refuse"}, properties["unchecked"].Enum)

	numbers := 0
	for name, property := range properties {
		if property.Maximum == nil {
			continue
		}
		numbers++
		// The caps are out of the way of the length.
		set := func(n float64) error {
			rest := `,"max_length":1024,"max_bytes":4096`
			rest = strings.ReplaceAll(rest, `,"`+name+`":1024`, "")
			rest = strings.ReplaceAll(rest, `,"`+name+`":4096`, "")
			_, err := read(fmt.Sprintf(`{"version":1,"groups":{"a":{"%s":%.0f%s}}}`, name, n, rest))
			return err
		}
		require.NoError(t, set(*property.Maximum), name)
		require.NoError(t, set(*property.Minimum), name)
		require.ErrorContains(t, set(*property.Maximum+1), name)
		require.ErrorContains(t, set(*property.Minimum-1), name)
	}
	require.Equal(t, 5, numbers)
}

// snake returns the name of a Go field as JSON has it: MinGuessesLog10 is
// min_guesses_log10.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if 'A' <= r && r <= 'Z' && i > 0 {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	return b.String()
}

// TestRulesSchemaHasEveryCode that Describe can return.
func TestRulesSchemaHasEveryCode(t *testing.T) {
	var schema struct {
		Items struct {
			Properties struct {
				Code struct{ Enum []string }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(policy.RulesSchema()), &schema))
	described := []string{}
	for _, rule := range (policy.Policy{
		MinLength: 1, NeedLetter: true, NeedDigit: true, MinGuessesLog10: 1,
		Lists: []policy.List{answer{}}, Breach: []policy.List{answer{}},
	}).Describe() {
		described = append(described, rule.Code)
	}
	require.Equal(t, described, schema.Items.Properties.Code.Enum)
}

// TestPlainRules: one rule a line.
func TestPlainRules(t *testing.T) {
	require.Equal(t, "At least 15 characters.\nAt most 256 characters.\nNo password that many people use.\n"+
		"Not just your name, your e-mail address or the name of the shop.\n", policy.NIST63B4().PlainRules())
	for _, name := range policy.Presets() {
		p, err := policy.Preset(name)
		require.NoError(t, err)
		require.Len(t, strings.Split(p.PlainRules(), "\n"), len(p.Describe())+1)
	}
}
