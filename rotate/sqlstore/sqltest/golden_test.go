package sqltest

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// The rows of testdata are sealed under this key, in the realm "golden"; the
// password is goldenPassword and was another one before.
const (
	goldenKey      = "tillkey-key-v1:kkbttzslq:lH40pCL5CYU_InvYMGEiZgQngrr9Dw2f5BmDjBY-zmw"
	goldenPassword = "nine violet umbrellas"
	goldenFormer   = "eleven amber teapots"
)

// run executes the statements of a file, each of which ends a line with a
// semicolon.
func run(t *testing.T, db sqlstore.Conn, text string) {
	t.Helper()
	var statement strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "--")
		line = strings.TrimSpace(line)
		statement.WriteString(strings.TrimSuffix(line, ";") + "\n")
		if !strings.HasSuffix(line, ";") {
			continue
		}
		_, err := db.ExecContext(t.Context(), statement.String())
		require.NoError(t, err, statement.String())
		statement.Reset()
	}
}

// TestGolden reads what each version of the tables kept: a customer of then signs
// in today, and changes the password.
func TestGolden(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		files, err := sqlstore.Migrations(on.dialect)
		require.NoError(t, err)
		names, err := fs.Glob(files, "*.up.sql")
		require.NoError(t, err)
		for version := range names {
			version++
			t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
				p := on.empty(t)
				for _, name := range names[:version] {
					text, err := fs.ReadFile(files, name)
					require.NoError(t, err)
					run(t, p.db, string(text))
				}
				text, err := os.ReadFile(fmt.Sprintf("testdata/v%d.sql", version))
				require.NoError(t, err)
				run(t, p.db, string(text))
				golden(t, on.store(t, p.db, sqlstore.Config{}), version)
				require.Equal(t, len(names), number(t, p.db, "SELECT MAX(version) FROM tillkey_schema"))
			})
		}
	})
}

func golden(t *testing.T, s *sqlstore.Store, version int) {
	ctx := t.Context()
	at := time.Date(2026, 11, 1, 9, 30, 0, 123456000, time.UTC)
	c, err := s.Load(ctx, "c-1")
	require.NoError(t, err)
	require.Len(t, c.Retired, 1)
	require.Equal(t, rotate.Retired{Password: c.Retired[0].Password, At: at.Add(time.Hour), Until: at.Add(time.Hour)}, c.Retired[0])
	want := rotate.Credential{
		Account: "c-1", Group: "store-17/customers", Password: c.Password, Format: "argon2id m=8 t=1 p=1", PolicyName: "ShopCustomer",
		Created: at, Changed: at.Add(time.Hour), SignedIn: at.Add(2 * time.Hour), Epoch: 5721452031045610, Retired: c.Retired,
	}
	p := policy.Policy{Name: "ShopCustomer", MinLength: 15}
	if version > 1 {
		want.PolicyFingerprint, want.Unmet = p.Fingerprint(), at.Add(2*time.Hour)
	}
	require.Equal(t, want, c)

	key, err := keyring.ParseKey(goldenKey)
	require.NoError(t, err)
	ring, err := keyring.New("golden", key)
	require.NoError(t, err)
	h, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	rules := rotate.ShopCustomer()
	rules.History, rules.Recheck = 4, rotate.RecheckBlock
	k, err := rotate.New(rotate.Config{
		Store: s, Ring: ring, Hasher: h, Now: func() time.Time { return at.Add(3 * time.Hour) },
		Profile: func(string) (rotate.Profile, error) { return rotate.Profile{Policy: p, Rules: rules}, nil },
	})
	require.NoError(t, err)
	counts := func(want rotate.PolicyProgress) {
		t.Helper()
		want.Group, want.Policy, want.Fingerprint = c.Group, p.Name, p.Fingerprint()
		got, err := k.PolicyProgress(ctx, c.Group)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	if version == 1 {
		counts(rotate.PolicyProgress{Unjudged: 1})
	} else {
		counts(rotate.PolicyProgress{Unmet: 1})
		p.MinLength++ // what an earlier verdict says of this one, nobody knows
		counts(rotate.PolicyProgress{Older: 1})
	}
	const browser = "the value of a cookie"
	d, err := k.Login(ctx, rotate.Attempt{Account: "c-1", Password: goldenPassword, Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	counts(rotate.PolicyProgress{Met: 1})
	_, err = k.Change(ctx, d.Session, rotate.Proofs{Password: goldenPassword, NewPassword: goldenFormer, Browser: browser})
	var refusal *policy.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, policy.Reused, refusal.Problems[0].Code)
	p.MinLength = 30
	d, err = k.Login(ctx, rotate.Attempt{Account: "c-1", Password: goldenPassword, Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	d, err = k.Continue(ctx, d.Ticket, rotate.Proofs{NewPassword: "seventeen crimson bicycles at noon", Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	counts(rotate.PolicyProgress{Met: 1})
}
