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

//go:embed shopspec.json
var description []byte

// TestSpec: the shop passes all scenarios of shopspec, over HTTP.
func TestSpec(t *testing.T) {
	d, err := shopspec.ReadDescription(bytes.NewReader(description))
	require.NoError(t, err)
	driver, err := d.Driver()
	require.NoError(t, err)
	s := start(t)
	report := shopspec.Run(t.Context(), shopspec.Shop{
		Name: d.Name, Driver: driver, Breached: d.Breached,
		Instances: []shopspec.Instance{{URL: s.url, Hooks: shopspec.Hooks{
			Seed:       func(ctx context.Context, a shopspec.Account) (string, error) { return s.seedAccount(ctx, a) },
			StoredHash: func(ctx context.Context, email string) (string, error) { return s.storedHash(ctx, email) },
			Mail:       func(ctx context.Context, to string) ([]shopspec.Mail, error) { return s.sentMail(ctx, to) },
			Logs:       func(context.Context) (string, error) { return s.log.String(), nil },
			Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
				s.ahead.Add(int64(d))
				return s.now(), nil
			},
			Restart: func(ctx context.Context) error {
				s.shut(t)
				s.open(ctx, t, strings.TrimPrefix(s.url, "http://"))
				return nil
			},
		}}},
	}, shopspec.Options{})
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	require.NoError(t, report.Err(), text.String())
	// One instance on SQLite has no second one, and MD5 no reader yet.
	require.ElementsMatch(t, []string{"S2/md5", "S3/instances", "S4/instances", "S5/code-once-instances"},
		report.Names(shopspec.StateNotRun), text.String())
	require.Len(t, report.Lines, len(shopspec.Scenarios()))
	t.Log(text.String())
}
