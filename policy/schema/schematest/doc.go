// Package schematest checks the published JSON Schemas against what package
// policy reads and writes, with a validator that is not ours. It is a module of
// its own, so that the validator stays out of everyone else's go.mod.
package schematest
