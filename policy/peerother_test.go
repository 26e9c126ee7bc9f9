package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// otherPeers are Django, Ory Kratos and Authelia.
func otherPeers() []peer {
	var (
		client  = []string{"testclient", "testclient@example.com", "Test", "Client"}
		mail    = []string{"hello@example.com"}
		kratos  = common(6)
		leaks   = policy.Policy{MinLength: 6, Breach: []policy.List{exact{"tafpabdopa": 5, "hicudsumla": 6}}, BreachThreshold: 6}
		max30   = policy.Policy{MaxLength: 30}
		cases   = policy.Policy{MinLength: 8, NeedLetter: true}
		all     = policy.Policy{MinLength: 8, MaxLength: 100, NeedLetter: true, NeedDigit: true}
		ratedID = rated(8)
	)
	return []peer{
		{"django/django@95900e5 tests/auth_tests/test_validators.py", []peerRow{
			{"common, min_length 12", common(12), nil, "sufficiently-long", accepts, "", ""},
			{"common, min_length 12", common(12), nil, "django4242", refuses, "too_common too_short", ""},
			{"common, min_length 12", common(12), nil, "password", refuses, "too_common too_short", ""},
			{"no validators", policy.Policy{}, nil, "password", accepts, "", ""},
			{"MinimumLength", minimum(8), nil, "12345678", accepts, "", ""},
			{"MinimumLength", minimum(8), nil, "1234567", refuses, "too_short", ""},
			{"MinimumLength 3", minimum(3), nil, "123", accepts, "", ""},
			{"MinimumLength 3", minimum(3), nil, "12", refuses, "too_short", ""},
			{"UserAttributeSimilarity", policy.Policy{}, nil, "testclient", accepts, "", ""},
			{"UserAttributeSimilarity", policy.Policy{}, client, "testclient", refuses, "contains_context", ""},
			{"UserAttributeSimilarity", policy.Policy{}, client, "example.com", refuses, "contains_context", ""},
			{"UserAttributeSimilarity 0.3", policy.Policy{Contains: true}, []string{"Test"}, "testclient", refuses, "contains_context", ""},
			{"UserAttributeSimilarity 0.7", policy.Policy{}, []string{"Test"}, "testclient", accepts, "", ""},
			{"UserAttributeSimilarity 1", policy.Policy{}, []string{"Test"}, "Test", refuses, "contains_context", ""},
			{"UserAttributeSimilarity", policy.Policy{}, []string{"foobar"}, "foobar", refuses, "contains_context", ""},
			{"CommonPassword", common(0), nil, "a-safe-password", accepts, "", ""},
			{"CommonPassword", common(0), nil, "godzilla", refuses, "too_common", ""},
			{"CommonPassword", common(0), nil, "asdfjkl:", refuses, "too_common", ""},
			{"CommonPassword", listed("from-my-custom-list"), nil, "a-safe-password", accepts, "", ""},
			{"CommonPassword", listed("from-my-custom-list"), nil, "from-my-custom-list", refuses, "too_common", ""},
			{"NumericPassword", common(0), nil, "a-safe-password", accepts, "", ""},
			{"NumericPassword", common(0), nil, "42424242", refuses, "too_common", ""},
		}},
		{"ory/kratos@ea99dc2 selfservice/strategy/password/validator_test.go", []peerRow{
			{"default", kratos, nil, "", refuses, "too_short", ""},
			{"default", kratos, nil, "12", refuses, "too_short", ""},
			{"default", kratos, nil, "1234", refuses, "too_common too_short", ""},
			{"default", kratos, nil, "123456", refuses, "too_common", ""},
			{"default", kratos, nil, "12345678", refuses, "too_common", ""},
			{"default", kratos, nil, "password", refuses, "too_common", ""},
			{"default", kratos, nil, "1234567890", refuses, "too_common", ""},
			{"default", kratos, nil, "qwertyui", refuses, "too_common", ""},
			{"default", kratos, nil, "l3f9toh1uaf81n21", accepts, "", ""},
			{"default", kratos, nil, "l3f9toh1", accepts, "", ""},
			{"default", kratos, nil, strings.Repeat("0", 500), accepts, "too_long", alwaysCap},
			{"identifier", kratos, []string{"l3f9toh1uaf81n21"}, "l3f9toh1uaf81n21", refuses, "contains_context", ""},
			{"identifier", kratos, mail, "hello@example.com12345", refuses, "contains_context", ""},
			{"identifier", kratos, mail, "123hello@example.com123", refuses, "contains_context", ""},
			{"identifier", kratos, mail, "HELLO@EXAMPLE.COM", refuses, "contains_context", ""},
			{"identifier", kratos, mail, "h3ll0@example", refuses, "contains_context", ""},
			{"identifier", kratos, mail, "hello@exam", refuses, "", partOfMail},
			{"identifier", ratedID, mail, "hello@exam", refuses, "too_guessable", ""},
			{"identifier", kratos, []string{"hello@exam"}, "hello@example.com", refuses, "", partOfMail},
			{"identifier", kratos, []string{"abcd"}, "9d3c8a1b", accepts, "", ""},
			{"identifier", kratos, []string{"a"}, "kjOkla", accepts, "", ""},
			{"identifier", kratos, []string{"ab"}, "0000ab0000", accepts, "", ""},
			{"identifier", kratos, []string{"d4f6090b-5a84"}, "d4f6090b-5a84-2184-4404-8d1b-8da3eb00ebbe", accepts, "", ""},
			{"identifier", kratos, []string{"asdflasdflasdf"}, "asdflasdflpiuhefnciluaksdzuföfhg", accepts, "", ""},
			{"max_breaches 5", leaks, nil, "lizrafakha", accepts, "", ""},
			{"max_breaches 5", leaks, nil, "tafpabdopa", accepts, "", ""},
			{"max_breaches 5", leaks, nil, "hicudsumla", refuses, "breached", ""},
		}},
		{"authelia/authelia@06a8751 internal/middlewares/password_policy_test.go", []peerRow{
			{"none", policy.Policy{}, nil, "a", accepts, "", ""},
			{"none", policy.Policy{}, nil, "a really str0ng pass12nm3kjl12word@@#4", accepts, "", ""},
			{"min_length 8", minimum(8), nil, "b123", refuses, "too_short", ""},
			{"min_length 8", minimum(8), nil, "1111111", refuses, "too_short", ""},
			{"min_length 8", minimum(8), nil, "aaaaaaaa", accepts, "", ""},
			{"max_length 30", max30, nil, "012345678901234567890123456789a", refuses, "too_long", ""},
			{"max_length 30", max30, nil, "012345678901234567890123456789", accepts, "", ""},
			{"lower and upper", cases, nil, "b123", refuses, "too_short", ""},
			{"lower and upper", cases, nil, "1111111", refuses, "needs_letter too_short", ""},
			{"lower and upper", cases, nil, "aaaaaaaa", refuses, "", noCase},
			{"lower and upper", cases, nil, "ANJKJQ@#NEK!@#NJK!@#", refuses, "", noCase},
			{"lower and upper", cases, nil, "qjik2nkjAkjlmn123", accepts, "", ""},
			{"all", all, nil, "aaaaaaaa", refuses, "needs_digit", ""},
			{"all", all, nil, "ANJKJQ@#NEK!@#NJK!@#", refuses, "needs_digit", ""},
			{"all", all, nil, "1o23nm1kio2n3k12jn", refuses, "", noCase},
			{"all", all, nil, "qjik2nkjAkjlmn123", refuses, "", noCase},
			{"all", all, nil, "qjik2n@jAkjlmn123", accepts, "", ""},
			{"all", all, nil, strings.Repeat("qjik2n@jAkjlmn123", 6), refuses, "too_long", ""},
		}},
	}
}

// TestPeersBreachSourceDown restates what a source that does not answer means:
// ory/kratos@ea99dc2 selfservice/strategy/password/validator_test.go refuses
// unless ignore_network_errors is set, symfony/validator@3e1846f
// Tests/Constraints/NotCompromisedPasswordValidatorTest.php throws unless
// skipOnError is set. Ours is a rule of the policy, and the verdict tells what
// was not asked either way.
func TestPeersBreachSourceDown(t *testing.T) {
	p := policy.Policy{MinLength: 6, Breach: []policy.List{answer{err: policy.ErrUnchecked}}}
	v := check(t, p, "pepegtawni")
	require.NoError(t, v.Err())
	require.Len(t, v.Unchecked, 1)

	p.Unchecked = policy.RefuseUnchecked
	v, err := p.Check(t.Context(), "sumdarmetp")
	require.ErrorIs(t, err, policy.ErrUnchecked)
	require.Len(t, v.Unchecked, 1)
}

// TestPeersHistory restates vt-middleware/passay@4320292
// core/src/test/java/org/passay/rule/HistoryRuleTest.java, which compares
// exactly. This package knows no stored passwords; where the old one is at hand
// it asks Similar, which also refuses the next number.
func TestPeersHistory(t *testing.T) {
	for _, row := range []struct {
		old, password string
		theirs, ours  bool
	}{
		{"t3stUs3r01", "t3stUs3r01", refuses, refuses},
		{"t3stUs3r01", "t3stUs3r00", accepts, refuses},
		{"t3stUs3r01", "winter harbor 9 zebra", accepts, accepts},
	} {
		require.Equal(t, row.ours, !policy.Similar(row.old, row.password), row.password)
		require.False(t, row.ours && !row.theirs, "never laxer than the peer")
	}
}
