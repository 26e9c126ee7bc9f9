package text

import (
	"strings"

	"golang.org/x/text/language"

	"github.com/tillkey/tillkey/policy"
)

// Texts tells problems and rules in one language. The zero Texts speaks English.
// It may be used from many goroutines.
type Texts struct {
	tag   language.Tag
	words *words
}

// For returns the texts in the language that serves best who reads these
// languages, the first one preferred; English if none does.
func For(preferred ...language.Tag) Texts {
	one := speakers()[match(preferred[:min(len(preferred), maxTags)])]
	w := one.words()
	return Texts{one.tag, &w}
}

// Language is the language of the texts, for the attribute lang and the header
// Content-Language.
func (t Texts) Language() language.Tag {
	if t.words == nil {
		return language.English
	}
	return t.tag
}

// Problem tells the customer what to do about a problem, by its code and params;
// Text is not looked at. A code that is not known gets a general text, and so
// does a param that is missing or has another type than policy documents.
func (t Texts) Problem(p policy.Problem) string {
	w := t.read()
	switch p.Code {
	case policy.TooShort:
		return t.count(p.Params, "min", w.tooShort, w.tooShortAny)
	case policy.TooLong:
		if p.Params["unit"] == "bytes" {
			return t.count(p.Params, "max", w.tooLongBytes, w.tooLongAny)
		}
		return t.count(p.Params, "max", w.tooLong, w.tooLongAny)
	case policy.NotText:
		return w.notText
	case policy.TooCommon:
		return w.tooCommon
	case policy.TooGuessable:
		return strings.Replace(w.tooGuessable, "{parts}", w.parts.list(p.Params["parts"]), 1)
	case policy.ContainsContext:
		if p.Params["match"] == "part" {
			return w.contextPart
		}
		return w.contextWhole
	case policy.Breached:
		return w.breached
	case policy.SameAsCurrent:
		return w.sameAsCurrent
	case policy.TooSimilar:
		return w.tooSimilar
	case policy.Reused:
		if n, _ := number(p.Params["history"]); n <= 0 {
			return w.reusedAny
		}
		return t.count(p.Params, "history", w.reused, w.reusedAny)
	case policy.NeedsLetter:
		return w.needsLetter
	case policy.NeedsDigit:
		return w.needsDigit
	}
	return w.general
}

// Rule tells the customer what a policy asks, before anything is typed, by the
// code and params of the rule. It is "" for a code that is no rule, or for one
// without its params: leave that out.
func (t Texts) Rule(r policy.Rule) string {
	w := t.read()
	switch r.Code {
	case policy.TooShort:
		return t.count(r.Params, "min", w.ruleMin, "")
	case policy.TooLong:
		return t.count(r.Params, "max", w.ruleMax, "")
	case policy.NeedsLetter:
		return w.ruleLetter
	case policy.NeedsDigit:
		return w.ruleDigit
	case policy.TooCommon:
		return w.ruleCommon
	case policy.ContainsContext:
		if r.Params["match"] == "part" {
			return w.ruleContextPart
		}
		return w.ruleContextWhole
	case policy.TooGuessable:
		return w.ruleGuessable
	case policy.Breached:
		return w.ruleBreached
	}
	return ""
}

func (t Texts) read() *words {
	if t.words == nil {
		w := english()
		return &w
	}
	return t.words
}

// count is the text for the number of a param, or the one without a number.
func (t Texts) count(params map[string]any, name string, c counted, without string) string {
	n, ok := number(params[name])
	if !ok {
		return without
	}
	return c.with(n, t.Language())
}

// number reads a param. After a way through JSON it is a float64.
func number(param any) (n int, ok bool) {
	switch v := param.(type) {
	case int:
		return v, true
	case float64:
		if v == float64(int32(v)) {
			return int(v), true
		}
	}
	return 0, false
}
