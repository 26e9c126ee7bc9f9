module github.com/tillkey/tillkey/policy/breach/corpus/bench

go 1.26.0

require github.com/tillkey/tillkey v0.0.0

require (
	github.com/FastFilter/xorfilter v0.4.2-0.20260120015552-4e5a4d9df65a
	github.com/wagslane/go-password-validator v0.3.0 // indirect
	golang.org/x/crypto v0.59.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/text v0.44.0 // indirect
)

replace github.com/tillkey/tillkey => ../../../..
