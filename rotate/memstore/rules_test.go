package memstore_test

import (
	"testing"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

// onMemory checks a rule on this Store, and once more on one that runs every fn
// twice.
func onMemory(t *testing.T, check func(*testing.T, storetest.Open)) {
	t.Run("once", func(t *testing.T) {
		check(t, func(*testing.T) rotate.Store { return memstore.New() })
	})
	t.Run("twice", func(t *testing.T) {
		check(t, func(*testing.T) rotate.Store { return storetest.Twice(memstore.New()) })
	})
}
