package kettle

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

const hookToken = "a token of the tests alone"

// With the build tag and a token, shopspec reaches behind the pages of a
// process.
func TestHooks(t *testing.T) {
	t.Setenv(hook.TokenVariable, hookToken)
	p := newProgram(t, "-tags", "testclock")
	run := p.start()
	defer run.kill(t)
	ctx := context.Background()
	_, err := hook.Client(ctx, run.url+hooksAt, "another token of the tests")
	require.ErrorContains(t, err, "there is none")
	hooks, err := hook.Client(ctx, run.url+hooksAt, hookToken)
	require.NoError(t, err)

	// The visitors of a stage need no more of it than an address.
	g := &stage{t: t, server: &httptest.Server{URL: run.url}}
	visitor := func() browser { return browser{g, newVisitor(t)} }
	old, err := bcryptOf("mice in the attic", 4)
	require.NoError(t, err)
	id, err := hooks.Seed(ctx, shopspec.Account{Email: "Una@example.com", Name: "Una", Encoded: old})
	require.NoError(t, err)
	require.NotEmpty(t, id)
	stored, err := hooks.StoredHash(ctx, "una@example.com")
	require.NoError(t, err)
	require.Equal(t, old, stored)
	una := visitor()
	una.entered(una.login("una@example.com", "mice in the attic"))
	una.post("/cart", "product", "tin", "quantity", "1")
	stored, err = hooks.StoredHash(ctx, "una@example.com")
	require.NoError(t, err)
	require.Contains(t, stored, "$argon2id$")
	stored, err = hooks.StoredHash(ctx, "ben@example.com")
	require.NoError(t, err)
	require.Contains(t, stored, "$2a$10$", "of one who was not seen yet")
	_, err = hooks.Seed(ctx, shopspec.Account{Email: "vic@example.com", Name: "Vic", Encoded: "{FOREIGN}0xdeadbeef"})
	require.ErrorIs(t, err, shopspec.ErrUnsupported)
	_, err = hooks.Seed(ctx, shopspec.Account{Email: "wes@example.com", Name: "Wes", Password: "short", Staff: true})
	require.NoError(t, err, "no policy is asked")
	require.Contains(t, visitor().login("wes@example.com", "short").Body, "Our rules for passwords have become stricter")

	una.post("/account/password", "password", "mice in the attic", "new_password", fayPassword)
	una.post("/forgot", "email", "una@example.com")
	mails, err := hooks.Mail(ctx, "una@example.com")
	require.NoError(t, err)
	require.Len(t, mails, 2)
	subjects := []string{mails[0].Subject, mails[1].Subject}
	require.ElementsMatch(t, []string{"Your password was changed", "Your new password"}, subjects)

	before, err := hooks.Advance(ctx, 0)
	require.NoError(t, err)
	now, err := hooks.Advance(ctx, 48*time.Hour)
	require.NoError(t, err)
	require.GreaterOrEqual(t, now.Sub(before), 48*time.Hour)

	require.NoError(t, hooks.Restart(ctx))
	require.Contains(t, una.get("/cart").Body, "Tea tin", "sessions are in the database")
	mails, err = hooks.Mail(ctx, "una@example.com")
	require.NoError(t, err)
	require.Empty(t, mails, "mails are in memory")
	text, err := hooks.Logs(ctx)
	require.NoError(t, err)
	require.Contains(t, text, "path=/login")
	require.NotContains(t, text, "mice in the attic")
}

// hooksAt is hookPath, which is there with the tag alone.
const hooksAt = "/test/hooks/"
