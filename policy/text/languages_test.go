package text_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/text"
)

func TestNewReadsTheHeader(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "*": "en", "de": "de", "de-AT,de;q=0.9,en;q=0.8": "de", "en-GB": "en", "fr-CA": "fr", "es-419": "es", "pt-PT": "pt", "pt-BR": "pt",
		"ja-JP": "ja", "zh-CN": "zh", "zh-Hans-SG": "zh", "nl-BE": "nl", "pl-PL": "pl", "it-CH": "it",
		"en;q=0.1,de;q=0.9": "de", "de;q=0, fr;q=0.5": "fr", "xx, de": "de", "tlh": "en", "sw,pl;q=0.3": "pl",
		"de;q=x, fr": "fr", "!!,pl": "pl", ";;;": "en", "de_DE": "de", "\x00,it": "it", "DE": "de", "gsw": "de",
		",,, , nl": "nl", "de;q=1;x=2,": "en",
	} {
		require.Equal(t, want, text.New(header).Language().String(), "%q", header)
	}
}

func TestTheHeaderIsBounded(t *testing.T) {
	require.Equal(t, "de", text.New("de,"+strings.Repeat("fr;q=0.1,", 1<<17)).Language().String())
	require.Equal(t, "en", text.New(strings.Repeat("x", 1<<20)+",de").Language().String())
	require.Equal(t, "en", text.New(strings.Repeat("xx-", 1<<18)).Language().String())
	require.Equal(t, "de", text.New(strings.Repeat(",", 31)+"de").Language().String())
	require.Equal(t, "en", text.New(strings.Repeat(",", 32)+"de").Language().String())
	require.Len(t, text.Accepted(strings.Repeat("de,", 300)), 32)
	many := slices.Repeat([]language.Tag{language.Swahili}, 1000)
	require.Equal(t, "en", text.For(append(many, language.German)...).Language().String())
}

func TestAcceptedIsInOrder(t *testing.T) {
	require.Equal(t, []language.Tag{language.German, language.French, language.English}, text.Accepted("en;q=0.2,de,fr;q=0.7,pl;q=0"))
	require.Empty(t, text.Accepted(""))
}

// FuzzNew: whatever is in the header, there is a language that has texts, and
// they are all there.
func FuzzNew(f *testing.F) {
	for _, header := range []string{"", "de-DE,de;q=0.9,en;q=0.8", "*;q=0.5", "zh-Hant-TW", "x-klingon", "de;q=1e999", "en-US-u-co-phonebk-x-a-b", "i-default", "a-a-a-a", "\xff,de"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		texts := text.New(header)
		if !slices.Contains(text.Languages(), texts.Language()) {
			t.Fatalf("%q leads to %s", header, texts.Language())
		}
		if again := text.For(texts.Language()); again.Language() != texts.Language() {
			t.Fatalf("%s is not served by itself", texts.Language())
		}
		if texts.Problem(policy.NewProblem(policy.TooShort, map[string]any{"min": 15})) == "" {
			t.Fatal("no text")
		}
		if len(text.Accepted(header)) > 32 {
			t.Fatal("too many languages")
		}
	})
}

// What is quick says what the matcher of x/text says.
func TestForAgreesWithTheMatcher(t *testing.T) {
	matcher := language.NewMatcher(text.Languages())
	for _, header := range []string{"de-AT", "fr-CA,de", "zh-Hant-TW,en", "pt-PT,es", "sr-Latn,pl", "lb,fr", "en-IN", "gsw,it", "ja-Latn", "nl-SR", "tlh,sw", "es-419,en"} {
		wanted := text.Accepted(header)
		_, i, _ := matcher.Match(wanted...)
		require.Equal(t, text.Languages()[i], text.New(header).Language(), header)
	}
}
