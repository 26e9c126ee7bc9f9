module github.com/tillkey/tillkey/hash/bench

go 1.26.0

require (
	github.com/alexedwards/argon2id v1.0.0
	github.com/tillkey/tillkey v0.0.0
	golang.org/x/crypto v0.59.0
)

require (
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/text v0.44.0 // indirect
)

replace github.com/tillkey/tillkey => ../..
