package generate_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/generate"
)

func TestWords(t *testing.T) {
	t.Parallel()
	sizes := map[string]int{"en": 7776, "de": 7694, "fr": 1682, "es": 1703, "it": 2048, "pt": 2046, "cs": 2044}
	require.Len(t, generate.Languages(), len(sizes))
	plain := regexp.MustCompile(`^[a-z]+(-[a-z]+)?$`)
	for _, language := range generate.Languages() {
		words, err := generate.Words(language)
		require.NoError(t, err)
		require.Len(t, words, sizes[language])
		require.True(t, slices.IsSorted(words), language)
		require.Len(t, slices.Compact(slices.Clone(words)), len(words), language)
		dashes := 0
		for _, word := range words {
			require.True(t, plain.MatchString(word), word)
			dashes += strings.Count(word, "-")
		}
		require.Equal(t, map[bool]int{true: 4, false: 0}[language == "en"], dashes, language)

		text, err := os.ReadFile("words/" + language + ".txt")
		require.NoError(t, err)
		require.Contains(t, generate.Notice(), fmt.Sprintf("%x  %s.txt\n", sha256.Sum256(text), language), "the notice is about this list")
		require.Regexp(t, regexp.MustCompile(fmt.Sprintf(`%s\.txt\s\(%d`, language, sizes[language])), generate.Notice())
	}
	words, err := generate.Words("")
	require.NoError(t, err)
	require.Equal(t, "abacus", words[0], "English")
	for _, language := range []string{"xx", "EN", "../words/en", "de-DE"} {
		_, err := generate.Words(language)
		require.ErrorIs(t, err, generate.ErrRecipe)
		require.ErrorContains(t, err, "en, de, fr, es, it, pt, cs")
		require.NotContains(t, err.Error(), language+" ")
	}
}

// TestWordsAreTheCallers: who changes a list changes nobody else's.
func TestWordsAreTheCallers(t *testing.T) {
	t.Parallel()
	words, err := generate.Words("it")
	require.NoError(t, err)
	words[0] = "mine"
	again, err := generate.Words("it")
	require.NoError(t, err)
	require.NotEqual(t, words[0], again[0])
}

func TestNotice(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"Electronic Frontier Foundation", "Creative\nCommons Attribution 3.0", "Uli Fouquet", "Pavol Rusnak", "Paul Miller"} {
		require.Contains(t, generate.Notice(), want)
	}
}

// TestPassphrasesAreReadInOneWay: there are as many passphrases as draws,
// because each can be taken apart into the words it was made of.
func TestPassphrasesAreReadInOneWay(t *testing.T) {
	t.Parallel()
	own := []string{"a", "b", "a-b", "b--a", "a'b", "b-a-b", "ab", "éa", "7", "ñu"}
	for _, separator := range []string{"-", "--", " ", "'", "'-'", "...."} {
		g := newGenerator(t, generate.Recipe{Kind: generate.Passphrase, List: own, Words: 40, Separator: separator})
		for range 200 {
			words := strings.Split(password(t, g), separator)
			require.Len(t, words, 40, separator)
			for _, word := range words {
				require.Contains(t, own, word, separator)
			}
		}
	}
}
