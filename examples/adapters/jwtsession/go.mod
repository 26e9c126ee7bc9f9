module github.com/tillkey/tillkey/examples/adapters/jwtsession

go 1.26.0

replace github.com/tillkey/tillkey => ../../..

require (
	github.com/stretchr/testify v1.12.1
	github.com/tillkey/tillkey v0.0.0
)

require (
	github.com/alexedwards/argon2id v1.0.0 // indirect
	github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // indirect
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/pquerna/otp v1.5.0 // indirect
	github.com/wagslane/go-password-validator v0.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.59.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/text v0.44.0 // indirect
)
