package main

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// closed are the routes by which PocketBase itself would set a password, change
// an address, or give a token, below "/api/collections/customers/".
func closed(route string) bool {
	return slices.Contains([]string{
		"request-password-reset", "confirm-password-reset", "request-email-change", "confirm-email-change",
		"request-otp", "auth-with-otp", "auth-with-oauth2", "impersonate/{id}",
	}, route)
}

// keepColumns refuses passwords that did not come through Tillkey, from the
// dashboard too, and never writes an old copy of a column. Hashes of the time
// before may be imported.
func keepColumns(e *core.RecordEvent) error {
	e.Record.IgnoreUnchangedFields(true)
	before, now := e.Record.Original().GetString("password:hash"), e.Record.GetString("password:hash")
	if e.Record.GetString("password") != "" || !e.Record.IsNew() && now != before {
		return errClosed()
	}
	return e.Next()
}

// errClosed answers who tries a way around Tillkey.
func errClosed() error {
	return router.NewForbiddenError("Passwords and sign-ins of customers go through "+credentials, nil)
}
