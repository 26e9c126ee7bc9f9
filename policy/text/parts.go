package text

import (
	"strings"

	"github.com/tillkey/tillkey/policy"
)

// parts are the names of what a password was taken for, and the signs around a
// list of them.
type parts struct {
	open, between, end string

	common, word, name, place, about, old, turned, repeat, sequence string
	keyboard, date, year, reversed, leet                            string
}

// list names the codes of the param parts, "" if it has none that is known.
func (p parts) list(param any) string {
	codes, _ := param.(string)
	var names []string
	for code := range strings.SplitSeq(codes, ",") {
		if name := p.called(code); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return p.open + strings.Join(names, p.between) + p.end
}

func (p parts) called(code string) string {
	switch code {
	case policy.PartCommon:
		return p.common
	case policy.PartWord:
		return p.word
	case policy.PartName:
		return p.name
	case policy.PartPlace:
		return p.place
	case policy.PartAbout:
		return p.about
	case policy.PartOld:
		return p.old
	case policy.PartTurned:
		return p.turned
	case policy.PartRepeat:
		return p.repeat
	case policy.PartSequence:
		return p.sequence
	case policy.PartKeyboard:
		return p.keyboard
	case policy.PartDate:
		return p.date
	case policy.PartYear:
		return p.year
	case policy.PartReversed:
		return p.reversed
	case policy.PartLeet:
		return p.leet
	}
	return ""
}
