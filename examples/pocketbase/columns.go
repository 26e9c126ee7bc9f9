package main

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// connect opens the databases of PocketBase as Tillkey wants them. Begin with
// the write lock matters most: the credentials are written on connections other
// than PocketBase's only one for writing, and a transaction that read before such
// a write could never write itself. Synchronous FULL lets a counted guess survive
// a power cut. The rest is PocketBase's own.
func connect(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", sqlstore.SQLiteDSN(path)+
		"&_pragma=journal_size_limit(200000000)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// kept stands in the password column of a customer whose hash is Tillkey's. No
// password matches it.
const kept = "tillkey"

// tieColumns lets two columns of PocketBase follow the credential, in the
// transaction that changes it, whoever does: a new epoch is a new tokenKey, so
// that tokens of every kind end; and a hash that Tillkey replaced is forgotten.
// The secret of a token's key is the collection's; of tokenKey it is enough to be
// another one.
func tieColumns(app core.App) error {
	for _, trigger := range []string{
		`CREATE TRIGGER IF NOT EXISTS tillkey_new_epoch AFTER UPDATE OF epoch ON tillkey_credentials WHEN NEW.epoch <> OLD.epoch
		BEGIN UPDATE customers SET tokenKey = hex(randomblob(25)) WHERE id = NEW.account; END`,
		`CREATE TRIGGER IF NOT EXISTS tillkey_took_over AFTER UPDATE OF adopted ON tillkey_credentials WHEN NEW.adopted < OLD.adopted
		BEGIN UPDATE customers SET password = '` + kept + `' WHERE id = NEW.account; END`,
	} {
		if _, err := app.NonconcurrentDB().NewQuery(trigger).Execute(); err != nil {
			return err
		}
	}
	return nil
}
