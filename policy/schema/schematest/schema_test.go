package schematest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// compiled returns a published schema, after a check against the schema of
// schemas.
func compiled(t testing.TB, text string) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	address, _ := document.(map[string]any)["$id"].(string)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource(address, document))
	schema, err := compiler.Compile(address)
	require.NoError(t, err)
	return schema
}

func validate(schema *jsonschema.Schema, text []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(document)
}

// known has whatever the samples name.
func known() policy.Sources {
	return policy.Sources{Estimators: map[string]policy.Estimator{"strength": policy.Entropy()}, Absent: true}
}

// TestSampleFiles: what Read accepts, and what Write makes of it, is valid.
func TestSampleFiles(t *testing.T) {
	schema := compiled(t, policy.FileSchema())
	files, err := filepath.Glob("../../testdata/files/*.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 3)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, validate(schema, text), file)

		groups, err := policy.ReadFile(file, known())
		require.NoError(t, err, file)
		var written bytes.Buffer
		require.NoError(t, policy.Write(&written, groups))
		require.NoError(t, validate(schema, written.Bytes()), file)
	}
}

// TestPresetsAsFiles: every preset can be written, named, and is valid.
func TestPresetsAsFiles(t *testing.T) {
	schema := compiled(t, policy.FileSchema())
	for _, name := range policy.Presets() {
		p, err := policy.Preset(name)
		require.NoError(t, err)
		var written bytes.Buffer
		require.NoError(t, policy.Write(&written, policy.Groups{"customers": p}))
		require.NoError(t, validate(schema, written.Bytes()), name)
		require.NoError(t, validate(schema, fmt.Appendf(nil, `{"version":1,"groups":{"a":{"preset":%q}}}`, name)))
	}
}

// TestSchemaRefuses: what the schema can say, it says as Read does.
func TestSchemaRefuses(t *testing.T) {
	schema := compiled(t, policy.FileSchema())
	files := []string{
		`[]`, `{}`, `{"version":1}`, `{"groups":{}}`, `{"version":2,"groups":{}}`, `{"version":"1","groups":{}}`,
		`{"version":1,"groups":{},"group":{}}`, `{"version":1,"groups":[]}`, `{"version":1,"base":null,"groups":{}}`,
		`{"version":1,"groups":{"":{}}}`, `{"version":1,"groups":{"a//b":{}}}`, `{"version":1,"groups":{"/a":{}}}`,
		`{"version":1,"groups":{"a/":{}}}`, `{"version":1,"groups":{"a\u0001":{}}}`, `{"version":1,"groups":{"a\u0085":{}}}`,
		`{"version":1,"groups":{"` + strings.Repeat("g", 256) + `":{}}}`, `{"$schema":1,"version":1,"groups":{}}`,
	}
	for _, field := range []string{
		`"unknown":1`, `"MinLength":8`, `"name":1`, `"name":"a\u001b"`, `"name":"` + strings.Repeat("n", 256) + `"`, `"preset":"shopcustomer"`, `"min_length":-1`, `"min_length":1025`,
		`"min_length":1.5`, `"min_length":"8"`, `"min_length":null`, `"max_length":0`, `"max_length":1025`, `"max_bytes":0`,
		`"max_bytes":4097`, `"need_letter":1`, `"need_digit":"true"`, `"contains":null`, `"estimator":"two words"`, `"estimator":""`,
		`"min_guesses_log10":-0.5`, `"min_guesses_log10":100.5`, `"words":"x"`, `"words":[1]`,
		`"words":["` + strings.Repeat("x", 257) + `"]`, `"words":["x"` + strings.Repeat(`,"x"`, 1000) + `]`,
		`"lists":["a b"]`, `"lists":[""]`, `"lists":["` + strings.Repeat("x", 65) + `"]`, `"breach":{}`,
		`"breach":["x"` + strings.Repeat(`,"x"`, 64) + `]`, `"breach_threshold":0`, `"breach_threshold":2147483648`, `"unchecked":"no"`,
	} {
		files = append(files, `{"version":1,"groups":{"a":{`+field+`}}}`)
	}
	for _, file := range files {
		require.Error(t, validate(schema, []byte(file)), file)
		_, err := policy.Read(strings.NewReader(file), known())
		require.ErrorIs(t, err, policy.ErrInvalid, file)
	}
}

// TestDescribe: what Describe says of all kinds of policies is valid as JSON,
// and little else is.
func TestDescribe(t *testing.T) {
	schema := compiled(t, policy.RulesSchema())
	policies := []policy.Policy{
		{}, {MinLength: 1, MaxLength: 1}, {MinLength: 1024, MaxLength: 1024, MaxBytes: 4096}, {MaxBytes: 1},
		{NeedLetter: true, NeedDigit: true, Contains: true, MinGuessesLog10: 0.5, Breach: []policy.List{policy.Common()}},
		{MinGuessesLog10: 100},
	}
	for _, name := range policy.Presets() {
		p, err := policy.Preset(name)
		require.NoError(t, err)
		policies = append(policies, p)
	}
	for _, p := range policies {
		require.NoError(t, p.Validate())
		text, err := json.Marshal(p.Describe())
		require.NoError(t, err)
		require.NoError(t, validate(schema, text), "%s", text)
	}
	for _, text := range []string{
		`{}`, `null`, `[{}]`, `[{"code":"too_short","params":{"min":8}}]`, `[{"code":"too_short","params":{},"text":"x"}]`,
		`[{"code":"too_short","params":{"min":"8"},"text":"x"}]`, `[{"code":"too_short","params":{"min":8},"text":""}]`,
		`[{"code":"too_long","params":{"max":8},"text":"x"}]`, `[{"code":"needs_digit","params":null,"text":"x"}]`,
		`[{"code":"needs_digit","params":{"min":1},"text":"x"}]`, `[{"code":"reused","params":{},"text":"x"}]`,
		`[{"code":"contains_context","params":{"match":"all"},"text":"x"}]`, `[{"code":"breached","params":{},"text":"x","more":1}]`,
	} {
		require.Error(t, validate(schema, []byte(text)), text)
	}
}

// FuzzFile: whatever Read accepts is valid under the schema.
func FuzzFile(f *testing.F) {
	schema := compiled(f, policy.FileSchema())
	files, err := filepath.Glob("../../testdata/files/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := policy.Read(bytes.NewReader(text), known()); err != nil {
			return
		}
		if err := validate(schema, text); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	})
}
