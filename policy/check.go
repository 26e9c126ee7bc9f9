package policy

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Preview judges a password while it is typed. It asks every rule but Breach:
// no network, no disk, no context. about are texts about the person: e-mail
// addresses, names, account names; the first 32 are used, 256 bytes of each.
//
// Preview decides nothing; Check does, when the form is sent. It does not ask
// Validate either: of fields out of range it makes what it can.
func (p Policy) Preview(password string, about ...string) Verdict {
	v, _, _ := p.examine(context.Background(), password, about)
	return v
}

// Check judges a password for good. It asks every rule, Breach included. See
// Preview for about.
//
// The error is never the password's fault, and the caller must not accept the
// password then, whatever the Verdict says. It wraps the error of ctx when
// that is done, ErrInvalid when Validate fails, and ErrUnchecked when a list
// could not answer, the policy refuses that, and nothing else speaks against
// the password: tell the customer to try again in a moment. Where there are
// problems as well, they come first and the error is nil.
func (p Policy) Check(ctx context.Context, password string, about ...string) (Verdict, error) {
	if err := ctx.Err(); err != nil {
		return newVerdict(), fmt.Errorf("policy: check: %w", err)
	}
	if err := p.Validate(); err != nil {
		return newVerdict(), err
	}
	v, text, examined := p.examine(ctx, password, about)
	if !examined {
		return v, nil
	}
	p.askBreach(ctx, text, &v)
	if err := ctx.Err(); err != nil {
		return v, fmt.Errorf("policy: check: %w", err)
	}
	if len(v.Problems) == 0 && len(v.Unchecked) > 0 && p.Unchecked == RefuseUnchecked {
		u := v.Unchecked[0]
		return v, fmt.Errorf("policy: %s[%d] could not answer: %w", u.Field, u.Index, unchecked(u.Err))
	}
	return v, nil
}

// examine asks every rule that needs no I/O. It returns the NFC form, and
// false when the password is over a cap or no text, and was not looked into.
func (p Policy) examine(ctx context.Context, password string, about []string) (Verdict, string, bool) {
	v := newVerdict()
	if len(password) > p.maxBytes() {
		v.add(TooLong, map[string]any{"max": p.maxBytes(), "unit": "bytes"})
		return v, "", false
	}
	if !utf8.ValidString(password) {
		v.add(NotText, nil)
		return v, "", false
	}
	text := Normalize(password)
	length := utf8.RuneCountInString(text)
	if length > p.maxLength() {
		v.add(TooLong, map[string]any{"max": p.maxLength(), "unit": "characters"})
		return v, "", false
	}
	if length < p.MinLength {
		v.add(TooShort, map[string]any{"min": p.MinLength, "length": length})
	}
	if p.NeedLetter && strings.IndexFunc(text, unicode.IsLetter) < 0 {
		v.add(NeedsLetter, nil)
	}
	if p.NeedDigit && strings.IndexFunc(text, unicode.IsDigit) < 0 {
		v.add(NeedsDigit, nil)
	}
	about = bounded(about)
	told := slices.Concat(about, p.Words)
	v.GuessesLog10 = finite(p.estimator().GuessesLog10(text, told...))
	p.askLists(ctx, text, &v)
	if match := newContext(p.Words, about).match(text, p.Contains); match != "" {
		v.add(ContainsContext, map[string]any{"match": match})
	}
	if v.GuessesLog10 < p.MinGuessesLog10 {
		params := map[string]any{
			"guesses_log10": int(v.GuessesLog10), "min_log10": int(math.Ceil(p.MinGuessesLog10)),
		}
		if parts := p.parts(text, told); parts != "" {
			params["parts"] = parts
		}
		v.add(TooGuessable, params)
	}
	v.rate()
	return v, text, true
}

func (p Policy) askLists(ctx context.Context, text string, v *Verdict) {
	common := false
	for i, list := range p.Lists {
		if list == nil {
			continue // Validate reports it
		}
		count, err := list.Seen(ctx, text)
		if err != nil {
			v.Unchecked = append(v.Unchecked, Unchecked{Field: "Lists", Index: i, Err: err})
			continue
		}
		common = common || count > 0
	}
	if common {
		v.add(TooCommon, nil)
	}
}

func (p Policy) askBreach(ctx context.Context, text string, v *Verdict) {
	for i, list := range p.Breach {
		count, err := list.Seen(ctx, text)
		if err != nil {
			v.Unchecked = append(v.Unchecked, Unchecked{Field: "Breach", Index: i, Err: err})
			if ctx.Err() != nil {
				return
			}
			continue
		}
		if v.Breached == nil || *v.Breached < count {
			v.Breached = &count
		}
		if count >= p.breachThreshold() {
			v.add(Breached, map[string]any{"count": count})
			v.rate()
			return
		}
	}
}

// finite brings what an Estimator says into 0 to 1000, so that it can be
// compared and written as JSON.
func finite(log10 float64) float64 {
	if math.IsNaN(log10) {
		return 0
	}
	return min(max(log10, 0), 1000)
}
