package kettle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// realm names this deployment. A copy for staging has another name and other
// keys.
const realm = "copper kettle demonstration"

// openKeys reads the key file. Only if the Store holds no credential is a new
// one made: a key that is missing must be put back, since nothing that was
// sealed under it opens with another.
func openKeys(ctx context.Context, path string, store rotate.Store) (*keyring.Ring, error) {
	ring, err := keyring.ReadFile(realm, path)
	switch {
	case err == nil:
		return ring, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	n, err := store.Count(ctx, rotate.Query{})
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return nil, fmt.Errorf("key file %q is missing, but the database holds %d credentials sealed under it: put it back, copy it from another instance, or name it with -keys", path, n)
	}
	if err := keyring.CreateFile(realm, path); err != nil {
		return nil, fmt.Errorf("making the key file: %w", err)
	}
	return keyring.ReadFile(realm, path)
}
