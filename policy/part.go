package policy

import (
	"strings"

	"github.com/tillkey/tillkey/policy/internal/part"
)

// Codes of the parts that an Explainer recognises in a password. They are
// stable: translate by them. A Policy does not know the old password, so PartOld
// and PartTurned are not in its problems: strength.ExplainChange finds them.
const (
	PartCommon   = "common"   // a password that many people use
	PartWord     = "word"     // a word of a language
	PartName     = "name"     // a first or last name
	PartPlace    = "place"    // a city
	PartAbout    = "about"    // a text about the person or the shop
	PartOld      = "old"      // a part of the old password
	PartTurned   = "turned"   // the number, month or season after that of the old password, or near it
	PartRepeat   = "repeat"   // what went before, once more
	PartSequence = "sequence" // neighbours in the alphabet or among the numbers
	PartKeyboard = "keyboard" // neighbours on a keyboard
	PartDate     = "date"     // a day
	PartYear     = "year"
	PartReversed = "reversed" // a common text, backwards
	PartLeet     = "leet"     // a common text with look-alike signs
)

// PartCodes returns every code of a part, in the order above.
func PartCodes() []string {
	return []string{
		PartCommon, PartWord, PartName, PartPlace, PartAbout, PartOld, PartTurned, PartRepeat, PartSequence,
		PartKeyboard, PartDate, PartYear, PartReversed, PartLeet,
	}
}

// partsText says in brackets what parts a password has, "" if none has a text.
func partsText(param any) string {
	codes, _ := param.(string)
	var texts []string
	for code := range strings.SplitSeq(codes, ",") {
		if text := part.Text(code); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return " (" + strings.Join(texts, ", ") + ")"
}
