package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// patience ends a law whose Store waits for a lock that never comes free. It is
// no limit on speed.
const patience = 2 * time.Minute

// law is one promise of the contract and how to check it on an empty Store.
type law struct {
	name  string
	check func(ctx context.Context, t *testing.T, s rotate.Store)
}

// Run checks every law of [rotate.Store], each in a subtest named after it, such
// as "Update/no increment is lost".
//
// open returns an empty Store. It is called once for each law, one law after
// the other, and closes what it opened with t.Cleanup. A law may use the Store
// from some ten goroutines at once.
func Run(t *testing.T, open func(t *testing.T) rotate.Store) {
	t.Helper()
	for _, noun := range []struct {
		name string
		laws []law
	}{
		{"Insert", insertLaws()},
		{"Fields", fieldLaws()},
		{"Accounts", accountLaws()},
		{"Update", updateLaws()},
		{"Seals", sealLaws()},
		{"Query", queryLaws()},
		{"Batch", batchLaws()},
		{"Cursor", cursorLaws()},
		{"Workers", workerLaws()},
		{"Rename", renameLaws()},
		{"Erase", eraseLaws()},
		{"Orders", orderLaws()},
		{"Guess", guessLaws()},
		{"Prune", pruneLaws()},
		{"Lease", leaseLaws()},
		{"Events", eventLaws()},
		{"Keys", keyLaws()},
		{"KeyUse", keyUseLaws()},
		{"Twice", twiceLaws()},
		{"Panic", panicLaws()},
		{"Context", contextLaws()},
	} {
		t.Run(noun.name, func(t *testing.T) {
			for _, l := range noun.laws {
				t.Run(l.name, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), patience)
					defer cancel()
					l.check(ctx, t, open(t))
				})
			}
		})
	}
}
