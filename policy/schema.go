package policy

import _ "embed"

var (
	//go:embed schema/file.json
	fileSchema string

	//go:embed schema/rules.json
	rulesSchema string
)

// FileSchema returns the JSON Schema (draft 2020-12) of policy files, for
// editors and validators: policy/schema/file.json. What [Read] accepts is valid
// under it. It cannot say all that Read checks: that no field is there twice,
// that the program knows the names, and that fields and groups do not
// contradict each other.
func FileSchema() string { return fileSchema }

// RulesSchema returns the JSON Schema (draft 2020-12) of what [Policy.Describe]
// returns, written as JSON: policy/schema/rules.json.
func RulesSchema() string { return rulesSchema }
