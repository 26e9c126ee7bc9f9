module github.com/tillkey/tillkey/policy/schema/schematest

go 1.26.0

replace github.com/tillkey/tillkey => ../../..

require (
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/stretchr/testify v1.12.1
	github.com/tillkey/tillkey v0.0.0
)

require (
	github.com/wagslane/go-password-validator v0.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.44.0 // indirect
)
