// Package memstore keeps credentials in memory. It is the reference for every
// other [rotate.Store] and the fake for a shop's own tests.
//
// It is not durable: what it holds ends with the process, and no second process
// sees it. It never forgets either. Every account takes about a kilobyte and
// every event a few hundred bytes for as long as the process runs, so it also
// suits a small shop that can do without its audit trail after a restart, and
// no larger one.
package memstore
