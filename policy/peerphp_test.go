package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// phpPeers are Laravel and Symfony.
func phpPeers() []peer {
	var (
		letters = policy.Policy{MinLength: 2, NeedLetter: true}
		numbers = policy.Policy{MinLength: 2, NeedDigit: true}
		both    = policy.Policy{MinLength: 8, NeedLetter: true}
		leaked  = policy.Policy{MinLength: 2, Breach: []policy.List{exact{
			"123456": 4e7, "password": 1e7, "welcome": 5e5, "abc123": 3e6, "123456789": 2e7, "12345678": 6e6, "nuno": 5000,
		}}}
		rarely = leaked
		maman  = policy.Policy{Breach: []policy.List{exact{"maman": 5}}}
	)
	rarely.BreachThreshold = 9999999
	maman3, maman10 := maman, maman
	maman3.BreachThreshold, maman10.BreachThreshold = 3, 10
	return []peer{
		{"laravel/framework@04b73e3 tests/Validation/ValidationPasswordRuleTest.php", []peerRow{
			{"min(3)", minimum(3), nil, "abcd", accepts, "", ""},
			{"min(3)", minimum(3), nil, "454qb^", accepts, "", ""},
			{"min(3)", minimum(3), nil, "接2133手田", accepts, "", ""},
			{"min(3)", minimum(3), nil, "a", refuses, "too_short", ""},
			{"min(3)", minimum(3), nil, "12", refuses, "too_short", ""},
			{"min(3)", minimum(3), nil, "333", accepts, "", ""},
			{"min(8)", minimum(8), nil, "ff", refuses, "too_short", ""},
			{"min(8)", minimum(8), nil, "88888888", accepts, "", ""},
			{"max(4)", policy.Policy{MinLength: 2, MaxLength: 4}, nil, "aaaaa", refuses, "too_long", ""},
			{"max(4)", policy.Policy{MinLength: 2, MaxLength: 4}, nil, "11111111", refuses, "too_long", ""},
			{"max(3)", policy.Policy{MinLength: 2, MaxLength: 3}, nil, "111", accepts, "", ""},
			{"mixedCase", letters, nil, "nn", refuses, "", noCase},
			{"mixedCase", letters, nil, "MM", refuses, "", noCase},
			{"mixedCase", letters, nil, "âA", accepts, "", ""},
			{"letters", letters, nil, "11", refuses, "needs_letter", ""},
			{"letters", letters, nil, "^^", refuses, "needs_letter", ""},
			{"letters", letters, nil, "``", refuses, "needs_letter", ""},
			{"letters", letters, nil, "1a", accepts, "", ""},
			{"letters", letters, nil, "â1", accepts, "", ""},
			{"letters", letters, nil, "1 京都府", accepts, "", ""},
			{"numbers", numbers, nil, "aa", refuses, "needs_digit", ""},
			{"numbers", numbers, nil, "  a", refuses, "needs_digit", ""},
			{"numbers", numbers, nil, "京都府", refuses, "needs_digit", ""},
			{"numbers", numbers, nil, "00", accepts, "", ""},
			{"numbers", numbers, nil, "京都府 1", accepts, "", ""},
			{"symbols", minimum(2), nil, "1v", refuses, "", noCase},
			{"symbols", minimum(2), nil, "金廿土弓竹中；", accepts, "", ""},
			{"uncompromised", leaked, nil, "123456", refuses, "breached", ""},
			{"uncompromised", leaked, nil, "password", refuses, "breached", ""},
			{"uncompromised", leaked, nil, "welcome", refuses, "breached", ""},
			{"uncompromised", leaked, nil, "nuno", refuses, "breached", ""},
			{"uncompromised(9999999)", rarely, nil, "nuno", accepts, "", ""},
			{"uncompromised", leaked, nil, "手田日尸Ｚ難金木水口火女月土廿卜竹弓一十山", accepts, "", ""},
			{"uncompromised", leaked, nil, "!p8VrB", accepts, "", ""},
			{"uncompromised", leaked, nil, "%HurHUnw7zM!", accepts, "", ""},
			{"uncompromised", common(2), nil, "abcabcabc!", refuses, "too_common", ""},
			{"min(8), mixedCase, numbers", policy.Policy{MinLength: 8, NeedDigit: true}, nil, "azdazd", refuses, "needs_digit too_short", ""},
			{"min(8), mixedCase, numbers", policy.Policy{MinLength: 8, NeedDigit: true}, nil, "4564654564564Abc", accepts, "", ""},
			{"min(8), letters, symbols", both, nil, "1231231", refuses, "needs_letter too_short", ""},
			{"min(8), letters, symbols", both, nil, "aaaaaaaaa", refuses, "", noCase},
			{"min(8), letters, symbols", both, nil, "4564654564564", refuses, "needs_letter", ""},
			{"required", minimum(8), nil, "short", refuses, "too_short", ""},
		}},
		{"symfony/validator@3e1846f Tests/Constraints/NotCompromisedPasswordValidatorTest.php", []peerRow{
			{"empty", maman, nil, "", accepts, "", ""},
			{"not compromised", maman, nil, "maman", refuses, "breached", ""},
			{"threshold 3", maman3, nil, "maman", refuses, "breached", ""},
			{"threshold 10", maman10, nil, "maman", accepts, "", ""},
			{"not compromised", maman, nil, `]<0585"%sb^5aa$w6!b38",,72?dp3r4\45b28Hy`, accepts, "", ""},
		}},
		{"symfony/symfony@154f92a src/Symfony/Component/Validator/Tests/Constraints/PasswordStrengthValidatorTest.php", []peerRow{
			{"medium", rated(6), nil, "password", refuses, "too_guessable", ""},
			{"very strong", rated(10), nil, "Good password?", refuses, "too_guessable", ""},
			{"weak", rated(3), nil, "How-is-this", accepts, "", ""},
			{"medium", rated(6), nil, "How-is-this", refuses, "", weighted},
			{"medium", rated(6), nil, "Reasonable-pwd", accepts, "", ""},
			{"strong", rated(8), nil, "Reasonable-pwd", refuses, "", weighted},
			{"very strong", rated(10), nil, "This 1s a very g00d Pa55word! ;-)", accepts, "", ""},
			{"very strong", rated(10), nil, "pudding-smack-👌🏼-fox-😎", accepts, "", ""},
		}},
	}
}

// TestPeersPasswordRules restates what Laravel says of the attribute
// passwordrules (laravel/framework@04b73e3
// tests/Validation/ValidationPasswordRuleTest.php). We always name the cap, and
// let a letter be of either case.
func TestPeersPasswordRules(t *testing.T) {
	for _, row := range []struct {
		policy       policy.Policy
		theirs, ours string
	}{
		{minimum(8), "minlength: 8;", "minlength: 8; maxlength: 256;"},
		{policy.Policy{MinLength: 8, MaxLength: 64}, "minlength: 8; maxlength: 64;", "minlength: 8; maxlength: 64;"},
		{policy.Policy{MinLength: 8, NeedLetter: true}, "minlength: 8; required: lower;", "minlength: 8; maxlength: 256; required: upper, lower; allowed: ascii-printable;"},
		{policy.Policy{MinLength: 8, NeedDigit: true}, "minlength: 8; required: digit;", "minlength: 8; maxlength: 256; required: digit; allowed: ascii-printable;"},
	} {
		ours := row.policy.PasswordRules()
		require.Equal(t, row.ours, ours)
		for rule := range strings.SplitSeq(row.theirs, "; ") {
			require.Contains(t, strings.ReplaceAll(ours, "upper, lower", "lower"), strings.TrimSuffix(rule, ";"))
		}
	}
}
