package memstore_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

// TestManyAccounts is done with a million by
//
//	ACCOUNTS=1000000 go test -run TestManyAccounts -timeout 30m -v ./rotate/memstore
func TestManyAccounts(t *testing.T) {
	n := 3000
	if text := os.Getenv("ACCOUNTS"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	// An account takes about a kilobyte, and so do its events.
	storetest.RunLarge(t, func(*testing.T) rotate.Store { return memstore.New() }, n, 2048)
}
