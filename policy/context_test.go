package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func contextMatch(t testing.TB, p policy.Policy, password string, about ...string) string {
	t.Helper()
	for _, problem := range check(t, p, password, about...).Problems {
		if problem.Code == policy.ContainsContext {
			return problem.Params["match"].(string)
		}
	}
	return ""
}

// TestContextWords turns words about the person and the shop into the forms a
// guesser tries. The password is refused when it is made of nothing else.
func TestContextWords(t *testing.T) {
	p := policy.Policy{Words: []string{"Tillkey", "The Corner Shop", "Böhmer & Söhne"}}
	about := []string{"maria.lopez+news@flowers.example.org", "María López-García", "mlopez1987", "pa$ha"}
	for _, password := range []string{
		// names and parts of the address
		"maria", "Lopez", "marialopez", "maria.lopez", "lopezmaria", "MARIALOPEZ", "María López", "garcia",
		"mlopez", "mlopez1987", "maria.lopez@flowers", "flowers", "news2026",
		// digits, years, signs
		"maria1987", "Maria2026!", "2026Maria", "maria123456", "maria240587", "!!maria!!", "maria1A!",
		"MariaLopez483920",
		// look-alikes, separators, repetition, backwards
		"m4r14", "M@ri@L0p3z", "m-a-r-i-a", "maria_lopez_garcia", "mariamaria", "mariamariamaria", "airam", "zepolairam",
		"maria2026lopez", "maria1maria2", "p4$h4", "pasha",
		// the shop
		"tillkey", "T1llk3y!", "TILLKEY2026", "tillkeytillkey", "tillkey-maria", "mariatillkey",
		"cornershop", "Corner Shop 2026", "thecornershop", "yekllit",
		"boehmer2026", "bohmer2026", "Böhmer!", "BOEHMERSOEHNE", "soehne",
		// one typing error in a longer word
		"tilkey2026", "tillkeyy", "tjllkey", "garzia",
		// with a tail that only makes it longer
		"tillkeyqwerty", "tillkeyxxxxxxxxxx", "tillkey................",
	} {
		require.Equal(t, "whole", contextMatch(t, p, password, about...), "%q", password)
	}
	for _, password := range []string{
		"", "mar", "winter harbor nine zebra", "my tillkey is a river", "maria and the lantern", "tillkeeper", "lopezia walk",
		"org", "com", "marble", "tulip maria", "tillkey83719405", "at",
	} {
		require.Empty(t, contextMatch(t, p, password, about...), "%q", password)
	}
}

func TestContextWordsTooShortToCount(t *testing.T) {
	require.Empty(t, contextMatch(t, policy.Policy{}, "jo1987", "jo", "Jo"), "two code points are no word")
	require.Equal(t, "whole", contextMatch(t, policy.Policy{}, "bob1987", "Bob"))
	require.Empty(t, contextMatch(t, policy.Policy{}, "bop1987", "Bob"), "no typing error is forgiven in a short word")
	require.Empty(t, contextMatch(t, policy.Policy{}, "anything", "", "@", "@@", ".", "\u0301\u0301\u0301"))
}

func TestContainsLooksInside(t *testing.T) {
	p := policy.Policy{Words: []string{"Tillkey", "pen"}, Contains: true}
	for _, password := range []string{
		"my tillkey is a river", "xxT1LLK3Yxx", "river-t.i.l.l.k.e.y-zebra", "river yekllit zebra", "lopez under the bridge",
	} {
		require.Equal(t, "part", contextMatch(t, p, password, "lopez@shop.example"), "%q", password)
	}
	require.Equal(t, "whole", contextMatch(t, p, "tillkey"), "whole comes before part")
	require.Empty(t, contextMatch(t, p, "open the happening"), "three code points are too few for a part")
	require.Empty(t, contextMatch(t, p, "winter harbor nine zebra"))
	p.Contains = false
	require.Empty(t, contextMatch(t, p, "my tillkey is a river"), "by default the entire password is compared")
}

func TestContextInOtherScripts(t *testing.T) {
	for about, password := range map[string]string{
		"Иван Петров": "ПЕТРОВ2026", "Zoë Ångström": "zoeångstrom", "Łukasz": "lukasz1", "Weiß": "weiss!",
		"Søren": "soeren2026", "株式会社テスト": "株式会社テスト1",
	} {
		require.Equal(t, "whole", contextMatch(t, policy.Policy{}, password, about), "%q of %q", password, about)
	}
}

func TestLongPasswordsOfWords(t *testing.T) {
	p := policy.Policy{MaxLength: 1024, Words: []string{"Tillkey", "lantern"}}
	require.Equal(t, "whole", contextMatch(t, p, strings.Repeat("tillkey", 146)), "repetition of any length")
	require.Equal(t, "whole", contextMatch(t, p, strings.Repeat("lanterntillkeytillkey", 12)))
}
