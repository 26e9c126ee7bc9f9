module github.com/tillkey/tillkey/examples/echo

go 1.26.0

replace (
	github.com/tillkey/tillkey => ../..
	github.com/tillkey/tillkey/examples/shop => ../shop
	github.com/tillkey/tillkey/examples/shopspec => ../shopspec
)

require (
	github.com/alexedwards/scs/v2 v2.9.0
	github.com/labstack/echo/v5 v5.3.1
	github.com/tillkey/tillkey v0.0.0
	golang.org/x/crypto v0.59.0
	modernc.org/sqlite v1.62.0
)

require (
	github.com/stretchr/testify v1.12.1
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

require (
	github.com/alexedwards/argon2id v1.0.0 // indirect
	github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/pquerna/otp v1.5.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/tillkey/tillkey/examples/shopspec v0.0.0
	github.com/wagslane/go-password-validator v0.3.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/text v0.44.0 // indirect
	golang.org/x/time v0.15.0 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)
