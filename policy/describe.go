package policy

import (
	"fmt"
	"math"
	"strings"
)

// Rule is one thing a policy asks of a password, to be shown before the
// customer types. Code is that of the Problem reported when it is not met.
type Rule struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params"` // string or int; never null
	Text   string         `json:"text"`   // English, for the customer
}

// Describe returns the rules of the policy in the order a form shows them. The
// params are those of the Problem, without what depends on a password. As JSON
// it follows [RulesSchema].
func (p Policy) Describe() []Rule {
	rules := []Rule{}
	add := func(on bool, code string, params map[string]any) {
		if !on {
			return
		}
		if params == nil {
			params = map[string]any{}
		}
		rules = append(rules, Rule{Code: code, Params: params, Text: ruleText(code, params)})
	}
	match := "whole"
	if p.Contains {
		match = "part"
	}
	add(p.MinLength > 0, TooShort, map[string]any{"min": p.MinLength})
	add(true, TooLong, map[string]any{"max": min(p.maxLength(), p.maxBytes()), "unit": "characters"})
	add(p.NeedLetter, NeedsLetter, nil)
	add(p.NeedDigit, NeedsDigit, nil)
	add(len(p.Lists) > 0, TooCommon, nil)
	add(true, ContainsContext, map[string]any{"match": match})
	add(p.MinGuessesLog10 > 0, TooGuessable, map[string]any{"min_log10": int(math.Ceil(p.MinGuessesLog10))})
	add(len(p.Breach) > 0, Breached, nil)
	return rules
}

// PlainRules returns the texts of Describe, one rule a line, each line ended by
// a line feed. For another language, translate Describe by code and params.
func (p Policy) PlainRules() string {
	var b strings.Builder
	for _, rule := range p.Describe() {
		b.WriteString(rule.Text + "\n")
	}
	return b.String()
}

// PasswordRules returns the value of the HTML attribute passwordrules, by
// which a browser's password manager makes passwords that the policy accepts.
// Where it requires a class of signs it also allows all that can be printed in
// ASCII: Apple's password rules, where they allow nothing, allow only what they
// require (developer.apple.com/password-rules).
func (p Policy) PasswordRules() string {
	var b strings.Builder
	if p.MinLength > 0 {
		fmt.Fprintf(&b, "minlength: %d; ", p.MinLength)
	}
	fmt.Fprintf(&b, "maxlength: %d;", min(p.maxLength(), p.maxBytes()))
	if p.NeedLetter {
		b.WriteString(" required: upper, lower;")
	}
	if p.NeedDigit {
		b.WriteString(" required: digit;")
	}
	if p.NeedLetter || p.NeedDigit {
		b.WriteString(" allowed: ascii-printable;")
	}
	return b.String()
}
