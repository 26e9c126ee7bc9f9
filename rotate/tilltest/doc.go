// Package tilltest is a realm for the tests of a shop: a Keeper on a Store in
// memory, a clock that moves when told, a customers table, and password
// hashing that costs next to nothing.
//
//	realm, err := tilltest.New(tilltest.Config{})
//	realm.Customers.Add(tilltest.Customer{Account: "c-1", Address: "ada@example.com"})
//	realm.Clock.Advance(24 * time.Hour)
//
// It imports nothing of package testing, so a demonstration may use it too.
// Nothing that is worth protecting belongs into it: its hashes can be guessed
// by the million a second, and its keys end with the process.
package tilltest
