package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// TestOpenKeysMakesAFileForAnEmptyStoreAlone: the second start reads it; once
// there are keys or credentials, a missing file is an error and none is made.
func TestOpenKeysMakesAFileForAnEmptyStoreAlone(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "keys", "shop.keys")
	store := memstore.New()
	first, err := rotate.OpenKeys(ctx, store, "shop", path)
	require.NoError(t, err)
	again, err := rotate.OpenKeys(ctx, store, "shop", path)
	require.NoError(t, err)
	require.Equal(t, first.IDs(), again.IDs())

	_, err = rotate.New(rotate.Config{Store: store, Ring: first})
	require.NoError(t, err)
	require.NoError(t, os.Remove(path))
	_, err = rotate.OpenKeys(ctx, store, "shop", path)
	require.ErrorIs(t, err, fs.ErrNotExist, "a key state is enough: something may be sealed any moment")
	require.NoFileExists(t, path)

	store = memstore.New()
	require.NoError(t, store.Insert(ctx, rotate.Credential{Account: "17"}, nil))
	_, err = rotate.OpenKeys(ctx, store, "shop", path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "1 credentials")
	require.NoFileExists(t, path)
}

// TestOpenKeysTogether: instances that start at once on one file system agree.
func TestOpenKeysTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.keys")
	store := memstore.New()
	var ids sync.Map
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			ring, err := rotate.OpenKeys(t.Context(), store, "shop", path)
			if err != nil {
				t.Error(err)
				return
			}
			ids.Store(ring.IDs()[0], true)
		})
	}
	wait.Wait()
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 1, n)
}

// downStore cannot be asked.
type downStore struct{ rotate.Store }

var errDown = errors.New("the store is down")

func (downStore) Count(context.Context, rotate.Query) (int, error) { return 0, errDown }

// TestOpenKeysAsksBeforeItMakes: nobody knows whether there are credentials, so
// there is no new key.
func TestOpenKeysAsksBeforeItMakes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.keys")
	_, err := rotate.OpenKeys(t.Context(), downStore{memstore.New()}, "shop", path)
	require.ErrorIs(t, err, errDown)
	require.NoFileExists(t, path)
}

// The first start makes the key file, every later one reads it.
func ExampleOpenKeys() {
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx, store := context.Background(), memstore.New()
	ring, err := rotate.OpenKeys(ctx, store, "my shop", filepath.Join(dir, "shop.keys"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = rotate.New(rotate.Config{Store: store, Ring: ring})
	fmt.Println(len(ring.IDs()), err)
	// Output: 1 <nil>
}
