package kettle

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPostgres runs the tests of the pages once more, on PostgreSQL.
func TestPostgres(t *testing.T) {
	needPostgres(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"SignUpTellsEveryReasonAtOnce", TestSignUpTellsEveryReasonAtOnce},
		{"SignUpStory", TestSignUpStory},
		{"SignUpOfAnotherOnesAddress", TestSignUpOfAnotherOnesAddress},
		{"UnconfirmedSignUpsAreForgotten", TestUnconfirmedSignUpsAreForgotten},
		{"S12_KnownAndUnknownGetTheSameAnswer", TestS12_KnownAndUnknownGetTheSameAnswer},
		{"Adoption", TestAdoption},
		{"EveryDemoAccountGetsIn", TestEveryDemoAccountGetsIn},
		{"DemoHashesAreUpgraded", TestDemoHashesAreUpgraded},
		{"ForcedChange", TestForcedChange},
		{"ForcedChangeAtSignIn", TestForcedChangeAtSignIn},
		{"Compromise", TestCompromise},
		{"CompromiseWithSecondFactor", TestCompromiseWithSecondFactor},
		{"AdminReset", TestAdminReset},
		{"GuestCheckout", TestGuestCheckout},
		{"SessionsEnd", TestSessionsEnd},
		{"SecondFactorStory", TestSecondFactorStory},
		{"ResetAsksForTheCode", TestResetAsksForTheCode},
		{"SecondFactorWhileAResetIsDue", TestSecondFactorWhileAResetIsDue},
		{"SecondFactorAtSignInWhileAResetIsDue", TestSecondFactorAtSignInWhileAResetIsDue},
		{"MailedProofIsNoSession", TestMailedProofIsNoSession},
		{"SavedCardAsksForAFreshProof", TestSavedCardAsksForAFreshProof},
		{"SavedCardWithSecondFactor", TestSavedCardWithSecondFactor},
		{"GuestCheckoutIsNeverBlocked", TestGuestCheckoutIsNeverBlocked},
		{"CardOnFile", TestCardOnFile},
		{"AdminIsForStaff", TestAdminIsForStaff},
		{"AdminForcesAGroup", TestAdminForcesAGroup},
		{"AdminHelps", TestAdminHelps},
		{"AdminForcesAFormat", TestAdminForcesAFormat},
		{"AdminForcesWhatIsWeak", TestAdminForcesWhatIsWeak},
		{"AdminForcesEverybody", TestAdminForcesEverybody},
		{"AuditIsPaged", TestAuditIsPaged},
		{"OverviewAgreesWithTheDatabase", TestOverviewAgreesWithTheDatabase},
		{"PreviewWhileAChangeIsDue", TestPreviewWhileAChangeIsDue},
		{"NothingLeaks", TestNothingLeaks},
		{"OddTexts", TestOddTexts},
		{"SignInRenewsTheCookie", TestSignInRenewsTheCookie},
		{"RenewalIsWholeOrNothing", TestRenewalIsWholeOrNothing},
		{"UnsavedSessionIsTold", TestUnsavedSessionIsTold},
		{"RestartKeepsEverything", TestRestartKeepsEverything},
		{"S03_MissingKeys", TestS03_MissingKeys},
		{"OldSessionsAreDeleted", TestOldSessionsAreDeleted},
		{"DatabaseAway", TestDatabaseAway},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // most of the time the server waits for its disk
			test.run(t)
		})
	}
}

// onPostgres tells a test that TestPostgres runs, or one of PostgreSQL alone.
func onPostgres(t *testing.T) bool { return strings.HasPrefix(t.Name(), "TestPostgres") }

// needPostgres is the URL of the server that TEST_POSTGRES names.
func needPostgres(t *testing.T) string {
	t.Helper()
	place := os.Getenv("TEST_POSTGRES")
	if place == "" {
		if os.Getenv("CI") == "true" {
			require.Fail(t, "TEST_POSTGRES is not set")
		}
		t.Skip("TEST_POSTGRES is not set: no PostgreSQL to run on")
	}
	return place
}

// newSchema is the URL of an empty schema, which ends with the test.
func newSchema(t *testing.T) string {
	t.Helper()
	place := needPostgres(t)
	db, err := sql.Open("pgx", place)
	require.NoError(t, err)
	defer db.Close()
	name := "kettle_" + strings.ToLower(rand.Text())
	_, err = db.ExecContext(context.Background(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		db, err := sql.Open("pgx", place)
		require.NoError(t, err)
		defer db.Close()
		_, err = db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		require.NoError(t, err)
	})
	u, err := url.Parse(place)
	require.NoError(t, err)
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

// A password that a program gives in the URL is in no text.
func TestPostgresURLIsNotShown(t *testing.T) {
	const secret = "gulls-over-the-pier"
	c := Config{Keys: "shop.keys"}
	for _, place := range []string{
		"postgres://shop:" + secret + "@127.0.0.1:1/shop?sslmode=disable",
		"postgres://127.0.0.1:1/shop?sslmode=disable&user=shop&password=" + secret,
		"postgres://shop:" + secret + "@127.0.0.1:port/shop",
		"postgres://shop:" + secret + "@127.0.0.1/shop?sslmode=perhaps",
	} {
		c.DB = place
		_, err := Open(t.Context(), c)
		require.Error(t, err)
		require.NotContains(t, err.Error(), secret)
		require.NotContains(t, nameOf(place), secret)
		var said strings.Builder
		(&Shop{config: c}).welcome(&said, "127.0.0.1:8080")
		require.NotContains(t, said.String(), secret)
	}
	require.Equal(t, "postgresql://shop@host:5433/db", nameOf("postgresql://shop:"+secret+"@host:5433/db?sslmode=disable"))
	require.Equal(t, "shop.db", nameOf("shop.db"))
}
