package rotate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// OpenKeys reads the key file of a realm for [Config].Ring. Where there is no
// file, it makes one with one new key, but only if the Store holds no credential
// and no key state: otherwise the file was lost, moved or named wrongly, and a
// new key would open nothing.
//
// Keep the file apart from the database and its backups, and keep a copy of it.
// All instances of a shop need the same keys: give each a copy, or let them
// start on one file system, where the first one makes the file.
//
// Errors: fs.ErrNotExist, the file is missing although there are credentials:
// put it back; those of [keyring.ReadFile], [keyring.CreateFile] and the Store.
func OpenKeys(ctx context.Context, store Store, realm, path string) (*keyring.Ring, error) {
	ring, err := keyring.ReadFile(realm, path)
	if !errors.Is(err, fs.ErrNotExist) {
		return ring, err
	}
	n, countErr := store.Count(ctx, Query{})
	if countErr != nil {
		return nil, countErr
	}
	states, keysErr := store.Keys(ctx)
	if keysErr != nil {
		return nil, keysErr
	}
	if n > 0 || len(states) > 0 {
		// Another instance may have made the file, and used it, meanwhile.
		if ring, err := keyring.ReadFile(realm, path); err == nil {
			return ring, nil
		}
		return nil, fmt.Errorf("%w: the store holds %d credentials and %d keys, so put the key file back", err, n, len(states))
	}
	if err := keyring.CreateFile(realm, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return keyring.ReadFile(realm, path)
}
