package main

import (
	"bytes"
	"context"
	_ "embed"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// description is the shop as the suite speaks to it.
//
//go:embed shop.json
var description []byte

// hooks reach behind the pages, and move the clock.
func (i *instance) hooks() shopspec.Hooks {
	return shopspec.Hooks{
		Seed: func(ctx context.Context, a shopspec.Account) (string, error) {
			return i.reach(i.clock.Now).Seed(ctx, a)
		},
		StoredHash: func(ctx context.Context, email string) (string, error) { return i.storedHash(ctx, email) },
		Logs:       func(ctx context.Context) (string, error) { return i.readLog(ctx) },
		Mail:       func(ctx context.Context, to string) ([]shopspec.Mail, error) { return i.sentMail(ctx, to) },
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
			i.clock.Advance(d)
			return i.clock.Now(), nil
		},
		Restart: func(context.Context) error {
			if err := i.close(); err != nil {
				return err
			}
			return i.open(strings.TrimPrefix(i.url, "http://"))
		},
	}
}

// TestShopspec: the shop does what every shop on Tillkey must do, over HTTP, as
// two processes on PocketBase's one database.
func TestShopspec(t *testing.T) {
	d, err := shopspec.ReadDescription(bytes.NewReader(description))
	require.NoError(t, err)
	driver, err := d.Driver()
	require.NoError(t, err)
	i := start(t)
	j := i.beside(t)
	report := shopspec.Run(t.Context(), shopspec.Shop{
		Name: d.Name, Driver: driver, Breached: d.Breached,
		Instances: []shopspec.Instance{{URL: i.url, Hooks: i.hooks()}, {URL: j.url, Hooks: j.hooks()}},
	}, shopspec.Options{})
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.Err(), text.String())
	// PocketBase keeps bcrypt alone, and an API leads nobody back.
	require.ElementsMatch(t, []string{"S2/md5", "S4/next"}, report.Names(shopspec.StateNotRun), text.String())
	require.Len(t, report.Lines, len(shopspec.Scenarios()))
	t.Log(text.String())
}
