// Package storetest is the suite that every [rotate.Store] must pass.
//
// An implementer writes three lines:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) rotate.Store { return openEmpty(t) })
//	}
//
// and should run it a second time on [Twice] of the same Store, which finds
// what breaks when a transaction has to be tried again. Run both with -race.
//
// [RunLarge] looks at memory: no call may take more of it the more accounts there
// are. It runs alone in its process.
//
// The suite looks at a Store through its interface alone and never at a clock.
// It expects the Store to keep its own outbox: one that hands events to a
// shop's enqueuer is tested with that enqueuer left out.
package storetest
