package policy

import "strconv"

// The English texts. They tell the customer what to do next, not what a rule
// is called. For another language, translate by code and params.

func problemText(code string, params map[string]any) string {
	switch code {
	case TooShort:
		if n, ok := params["min"].(int); ok {
			return "Use at least " + count(n, "character") + ". A few unrelated words in a row are easy to remember."
		}
		return "This password is too short. A few unrelated words in a row are easy to remember."
	case TooLong:
		n, ok := params["max"].(int)
		if ok && params["unit"] == "bytes" {
			return "This password is too long: use at most " + count(n, "byte") + "."
		}
		if ok {
			return "This password is too long: use at most " + count(n, "character") + "."
		}
		return "This password is too long."
	case NotText:
		return "This password holds signs that could not be read. Type it again."
	case TooCommon:
		return "Many people use this password or one much like it, so it is among the first to be tried. Choose another one."
	case TooGuessable:
		return "This password is easy to guess" + partsText(params["parts"]) + ". Add another word or two that have nothing to do with it."
	case ContainsContext:
		if params["match"] == "part" {
			return "Leave out your name, your e-mail address and the name of the shop: they are tried first."
		}
		return "This password is made of your name, your e-mail address or the name of the shop: they are tried first. Choose something else."
	case Breached:
		return "This password has appeared in a data leak, so criminals know it. Choose another one, and change it wherever else you use it."
	case SameAsCurrent:
		return "This is the password you have now. Choose a new one."
	case TooSimilar:
		return "This password is too much like the one you have now. Choose one that does not follow from it."
	case Reused:
		switch n, _ := params["history"].(int); {
		case n == 1:
			return "You have used this password before. Choose one that differs from your last one."
		case n > 1:
			return "You have used this password before. Choose one that differs from your last " + strconv.Itoa(n) + "."
		}
		return "You have used this password before. Choose a new one."
	case NeedsLetter:
		return "Use at least one letter."
	case NeedsDigit:
		return "Use at least one digit."
	}
	return "Choose another password."
}

func ruleText(code string, params map[string]any) string {
	n, _ := params["min"].(int)
	limit, _ := params["max"].(int)
	switch code {
	case TooShort:
		return "At least " + count(n, "character") + "."
	case TooLong:
		return "At most " + count(limit, "character") + "."
	case NeedsLetter:
		return "At least one letter."
	case NeedsDigit:
		return "At least one digit."
	case TooCommon:
		return "No password that many people use."
	case ContainsContext:
		if params["match"] == "part" {
			return "Without your name, your e-mail address or the name of the shop."
		}
		return "Not just your name, your e-mail address or the name of the shop."
	case TooGuessable:
		return "Hard to guess: several unrelated words, or many random signs."
	case Breached:
		return "No password that has appeared in a data leak."
	}
	return ""
}

func count(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}
