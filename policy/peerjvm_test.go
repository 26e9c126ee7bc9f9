package policy_test

import (
	"strings"

	"github.com/tillkey/tillkey/policy"
)

// jvmPeers are Keycloak and Passay.
func jvmPeers() []peer {
	var (
		digits  = policy.Policy{NeedDigit: true}
		letters = policy.Policy{NeedLetter: true}
		inside  = policy.Policy{Contains: true}
		complex = policy.Policy{MinLength: 8, MaxLength: 32, NeedLetter: true, NeedDigit: true}
		jdoe    = []string{"jdoe"}
		alice   = []string{"Alice", "Smith"}
		user    = []string{"testuser"}
	)
	return []peer{
		{"keycloak/keycloak@1f03e35 testsuite/integration-arquillian/tests/base/src/test/java/org/keycloak/testsuite/policy/PasswordPolicyTest.java", []peerRow{
			{"length", minimum(8), jdoe, "1234567", refuses, "too_short", ""},
			{"length", minimum(8), jdoe, "12345678", accepts, "", ""},
			{"length(4)", minimum(4), jdoe, "123", refuses, "too_short", ""},
			{"length(4)", minimum(4), jdoe, "1234", accepts, "", ""},
			{"maxLength", policy.Policy{MaxLength: 64}, jdoe, strings.Repeat("1", 65), refuses, "too_long", ""},
			{"maxLength", policy.Policy{MaxLength: 64}, jdoe, strings.Repeat("1", 64), accepts, "", ""},
			{"maxLength(24)", policy.Policy{MaxLength: 24}, jdoe, strings.Repeat("1", 25), refuses, "too_long", ""},
			{"maxLength(24)", policy.Policy{MaxLength: 24}, jdoe, strings.Repeat("1", 24), accepts, "", ""},
			{"digits", digits, jdoe, "abcd", refuses, "needs_digit", ""},
			{"digits", digits, jdoe, "abcd1", accepts, "", ""},
			{"digits(2)", digits, jdoe, "abcd1", refuses, "", oneDigit},
			{"digits(2)", digits, jdoe, "abcd12", accepts, "", ""},
			{"lowerCase", letters, jdoe, "ABCD1234", refuses, "", noCase},
			{"lowerCase", letters, jdoe, "ABcD1234", accepts, "", ""},
			{"lowerCase(2)", letters, jdoe, "ABcD1234", refuses, "", noCase},
			{"upperCase", letters, jdoe, "abcd1234", refuses, "", noCase},
			{"upperCase", letters, jdoe, "abCd1234", accepts, "", ""},
			{"upperCase(2)", letters, jdoe, "abCd1234", refuses, "", noCase},
			{"specialChars", policy.Policy{}, jdoe, "abcd1234", refuses, "", noCase},
			{"specialChars", policy.Policy{}, jdoe, "ab&d1234", accepts, "", ""},
			{"specialChars(2)", policy.Policy{}, jdoe, "ab&d1234", refuses, "", noCase},
			{"passwordBlacklist", listed("blacklisted1", "blacklisted2"), jdoe, "blacklisted1", refuses, "too_common", ""},
			{"passwordBlacklist", listed("blacklisted1", "blacklisted2"), jdoe, "bLaCkLiSteD2", refuses, "too_common", ""},
			{"passwordBlacklist", listed("blacklisted1", "blacklisted2"), jdoe, "notblacklisted", accepts, "", ""},
			{"notUsername", policy.Policy{}, jdoe, "jdoe", refuses, "contains_context", ""},
			{"notUsername", policy.Policy{}, jdoe, "ab&d1234", accepts, "", ""},
			{"all rules", complex, jdoe, "12aaBB&", refuses, "too_short", ""},
			{"all rules", complex, jdoe, "aaaaBB&-", refuses, "needs_digit", ""},
			{"all rules", complex, jdoe, "12AABB&-", refuses, "", noCase},
			{"all rules", complex, jdoe, "12aabb&-", refuses, "", noCase},
			{"all rules", complex, jdoe, "12aaBBcc", refuses, "", noCase},
			{"all rules", complex, []string{"12aaBB&-"}, "12aaBB&-", refuses, "contains_context", ""},
			{"all rules", complex, jdoe, strings.Repeat("12aaBB&-", 4) + "1", refuses, "too_long", ""},
		}},
		{"keycloak/keycloak@091ec95 server-spi-private/src/test/java/org/keycloak/policy/NotEmailPasswordPolicyProviderTest.java", []peerRow{
			{"notEmail", policy.Policy{}, []string{"email"}, "password", accepts, "", ""},
			{"notEmail", policy.Policy{}, []string{"email"}, "email", refuses, "contains_context", ""},
			{"notEmail", policy.Policy{}, []string{"email"}, "EMAIL", refuses, "contains_context", ""},
		}},
		{"keycloak/keycloak@4bc1229 server-spi-private/src/test/java/org/keycloak/policy/NotContainsNamePasswordPolicyProviderTest.java", []peerRow{
			{"notContainsName", inside, alice, "alice", refuses, "contains_context", ""},
			{"notContainsName", inside, alice, "ALICE2024!", refuses, "contains_context", ""},
			{"notContainsName", inside, []string{"John", "Smith"}, "mySmith99", refuses, "contains_context", ""},
			{"notContainsName", inside, []string{"Jane Doe"}, "jane doe 2026", refuses, "contains_context", ""},
			{"notContainsName", inside, alice, "Tr0ub4dor&3", accepts, "", ""},
			{"notContainsName", inside, []string{"Smith"}, "nullfirstname!", accepts, "", ""},
			{"notContainsName", inside, []string{"Ed"}, "education123", accepts, "", ""},
			{"notContainsName", inside, []string{"Bob"}, "BOB_the_builder", refuses, "", shortWord},
		}},
		{"keycloak/keycloak@09994c3 server-spi-private/src/test/java/org/keycloak/policy/DenylistPasswordPolicyProviderTest.java", []peerRow{
			{"contains", listed("1password!"), nil, "1Password!", refuses, "too_common", ""},
			{"contains", listed("secret123", "badpassword"), nil, "secret123", refuses, "too_common", ""},
			{"contains", listed("secret123", "badpassword"), nil, "goodpassword", accepts, "", ""},
		}},
		{"vt-middleware/passay@4320292 core/src/test/java/org/passay/rule/UsernameRuleTest.java", []peerRow{
			{"contains", inside, user, "p4t3stu$er#n65", accepts, "contains_context", lookAlike},
			{"contains", inside, user, "p4testuser#n65", refuses, "contains_context", ""},
			{"contains", inside, user, "p4resutset#n65", accepts, "contains_context", bothWays},
			{"contains", inside, user, "p4TEStuSER#n65", accepts, "contains_context", bothWays},
			{"contains, backwards", inside, user, "p4resutset#n65", refuses, "contains_context", ""},
			{"contains, without case", inside, user, "p4TEStuSER#n65", refuses, "contains_context", ""},
			{"contains, both", inside, user, "p4RESUTsET#n65", refuses, "contains_context", ""},
			{"no user name", inside, nil, "p4t3stu$er#n65", accepts, "", ""},
			{"starts with", policy.Policy{}, user, "testuser#n65", refuses, "contains_context", ""},
			{"ends with", policy.Policy{}, user, "p4#n65testuser", refuses, "", wholeValue},
		}},
		{"vt-middleware/passay@4320292 core/src/test/java/org/passay/rule/DictionaryRuleTest.java", []peerRow{
			{"without case, backwards", listed("pullmanize"), nil, "Pullm@n1z3", accepts, "too_common", lookAlike},
			{"without case, backwards", listed("pullmanize"), nil, "Pullmanize", refuses, "too_common", ""},
			{"without case, backwards", listed("pullmanize"), nil, "ezinamlluP", refuses, "too_common", ""},
			{"without case, backwards", listed("pullmanize"), nil, "PuLLmanIZE", refuses, "too_common", ""},
			{"without case, backwards", listed("pullmanize"), nil, "EZInamLLuP", refuses, "too_common", ""},
			{"with case", listed("Pullmanize"), nil, "PuLLmanIZE", accepts, "too_common", bothWays},
		}},
		{"vt-middleware/passay@4320292 core/src/test/java/org/passay/rule/DictionarySubstringRuleTest.java", []peerRow{
			{"substring", listed("lance"), nil, "p4t3t#7wd5gew", accepts, "", ""},
			{"substring", listed("lance"), nil, "p4tlancely5gew", refuses, "", wholeValue},
			{"substring, backwards", listed("lance"), nil, "p4tylecnal5gew", refuses, "", wholeValue},
		}},
		{"vt-middleware/passay@4320292 core/src/test/java/org/passay/rule/IllegalSequenceRuleTest.java", []peerRow{
			{"QWERTY", common(0), nil, "p4zRcv8#n65", accepts, "", ""},
			{"QWERTY of 6", common(0), nil, "qwerty", refuses, "too_common", ""},
			{"QWERTY of 6", common(0), nil, "pqwerty#n65", refuses, "too_common", ""},
			{"QWERTY of 6", common(0), nil, "qwerty#n65", refuses, "too_common", ""},
			{"QWERTY of 6", common(0), nil, "ppqwerty", refuses, "", ratedToo},
			{"QWERTY of 6", rated(6), nil, "ppqwerty", refuses, "too_guessable", ""},
			{"QWERTY of 6", common(0), nil, "qwertytrewq", refuses, "too_common", ""},
			{"QWERTZ of 5", common(0), nil, "wertz#~yxcvb", refuses, "too_common", ""},
			{"alphabet of 7", common(0), nil, "phijklmn#n65", refuses, "too_common", ""},
			{"alphabet of 3", common(0), nil, "xyz", refuses, "", ratedToo},
			{"alphabet of 3", rated(6), nil, "xyz", refuses, "too_guessable", ""},
			{"digits", common(0), nil, "p54321#n65", refuses, "too_common", ""},
			{"digits of 5", common(0), nil, "1234567", refuses, "too_common", ""},
			{"Cyrillic alphabet of 5", common(0), nil, "ABCx12y34zcабвгд", refuses, "too_common", ""},
		}},
		{"vt-middleware/passay@4320292 core/src/test/java/org/passay/rule/RepeatCharactersRuleTest.java", []peerRow{
			{"5 in a row", common(0), nil, "p4zRcv8#n65", accepts, "", ""},
			{"5 in a row", common(0), nil, "p4&&&&&#n65", refuses, "", ratedToo},
			{"7 in a row", common(0), nil, "p4&&&&&#n65", accepts, "", ""},
			{"7 in a row", common(0), nil, "p4vvvvvvv#n65", refuses, "too_common", ""},
		}},
		{"vt-middleware/passay@4320292 core/src/test/java/org/passay/rule/WhitespaceRuleTest.java", []peerRow{
			{"no white space", policy.Policy{}, nil, "AycDPdsyz", accepts, "", ""},
			{"no white space", policy.Policy{}, nil, "AycD Pdsyz", refuses, "", anySign},
			{"no white space", policy.Policy{}, nil, "Ayc\tDPdsyz", refuses, "", anySign},
			{"no white space", policy.Policy{}, nil, "AycDPs\nyz", refuses, "", anySign},
			{"none at the start", policy.Policy{}, nil, " AycDPdsyz", refuses, "", anySign},
			{"none at the end", policy.Policy{}, nil, "AycDPdsyz ", refuses, "", anySign},
			{"none at the end", policy.Policy{}, nil, "AycD Pdsyz", accepts, "", ""},
		}},
	}
}
