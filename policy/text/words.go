package text

import (
	"cmp"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// words are all texts in one language. What is named any has no number to tell.
type words struct {
	// general is for a code that is not known here.
	general string

	tooShort              counted
	tooShortAny           string
	tooLong, tooLongBytes counted
	tooLongAny            string
	notText, tooCommon    string
	// tooGuessable has {parts} where what the password was taken for may stand.
	tooGuessable                            string
	parts                                   parts
	contextWhole, contextPart               string
	breached, sameAsCurrent, tooSimilar     string
	reused                                  counted
	reusedAny                               string
	needsLetter, needsDigit                 string
	ruleMin, ruleMax                        counted
	ruleLetter, ruleDigit                   string
	ruleCommon, ruleGuessable, ruleBreached string
	ruleContextWhole, ruleContextPart       string
}

// counted is a text with a number in it, where {n} stands. The names are those
// of CLDR; a form that a language does not have is "".
type counted struct{ one, few, many, other string }

// always is a text that does not change with the number.
func always(text string) counted { return counted{other: text} }

// mostDigits bounds what plural is asked about.
const mostDigits = 10_000_000

// with returns the text for n in a language. n has no separators: none of the
// languages needs one below 10000.
func (c counted) with(n int, tag language.Tag) string {
	i := n % mostDigits
	if i < 0 {
		i = -i
	}
	text := c.other
	switch plural.Cardinal.MatchPlural(tag, i, 0, 0, 0, 0) {
	case plural.One:
		text = cmp.Or(c.one, text)
	case plural.Few:
		text = cmp.Or(c.few, text)
	case plural.Many:
		text = cmp.Or(c.many, text)
	}
	return strings.Replace(text, "{n}", strconv.Itoa(n), 1)
}
