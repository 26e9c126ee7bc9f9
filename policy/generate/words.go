package generate

import (
	"embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy"
)

//go:embed words/*.txt
var wordFiles embed.FS

//go:embed NOTICE
var notice string

const (
	defaultLanguage = "en"

	maxList      = 1 << 17 // words
	maxListBytes = 64      // bytes of one word
)

// Languages returns the languages that the package has words of, as the
// two-letter codes of ISO 639-1, English first.
func Languages() []string { return []string{"en", "de", "fr", "es", "it", "pt", "cs"} }

// Words returns the list of words of a language, sorted. The error of an
// unknown one wraps ErrRecipe and names the known ones.
func Words(language string) ([]string, error) {
	if language == "" {
		language = defaultLanguage
	}
	if !slices.Contains(Languages(), language) {
		return nil, wrong("no words of that language, want one of %s", strings.Join(Languages(), ", "))
	}
	text, err := wordFiles.ReadFile("words/" + language + ".txt")
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(text)), nil
}

// Notice returns who made the lists of words and under which licence. Who
// passes them on, in a program too, passes this on.
func Notice() string { return notice }

// list returns the words to draw from: those without the separator.
func (r Recipe) list() ([]string, error) {
	words := r.List
	if words == nil {
		var err error
		if words, err = Words(r.Language); err != nil {
			return nil, err
		}
	} else if err := validateList(words); err != nil {
		return nil, err
	}
	separator := r.separator()
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return strings.Contains(word, separator) })
	if len(words) < 2 {
		return nil, wrong("List has fewer than 2 words without the separator")
	}
	return words, nil
}

// validateList makes sure that words joined by a separator can be told apart:
// one passphrase for each draw.
func validateList(words []string) error {
	if len(words) > maxList {
		return wrong("List has %d words, want at most %d", len(words), maxList)
	}
	seen := make(map[string]bool, len(words))
	for i, word := range words {
		switch {
		case len(word) == 0 || len(word) > maxListBytes || !utf8.ValidString(word) || policy.Normalize(word) != word:
			return wrong("List[%d] is not text in NFC of 1 to %d bytes", i, maxListBytes)
		case !proper(word):
			return wrong("List[%d] has other signs than letters, digits, dashes and apostrophes, or one of these at an end", i)
		case seen[word]:
			return wrong("List[%d] is there twice", i)
		}
		seen[word] = true
	}
	return nil
}

func proper(word string) bool {
	for _, r := range word {
		if !inWord(r) && !unicode.IsMark(r) && r != '-' && r != '\'' {
			return false
		}
	}
	first, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	return inWord(first) && (inWord(last) || unicode.IsMark(last))
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
