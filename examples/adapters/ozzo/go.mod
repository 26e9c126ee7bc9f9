module github.com/tillkey/tillkey/examples/adapters/ozzo

go 1.26.0

replace github.com/tillkey/tillkey => ../../..

require (
	github.com/stretchr/testify v1.12.1
	github.com/tillkey/tillkey v0.0.0
)

require (
	github.com/go-ozzo/ozzo-validation/v4 v4.3.0
	github.com/wagslane/go-password-validator v0.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.44.0 // indirect
)
