package policy

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// policyNames are the fields of Policy beside their names in a policy file.
const policyNames = "MinLength min_length MaxLength max_length MaxBytes max_bytes NeedLetter need_letter NeedDigit need_digit " +
	"Estimator estimator MinGuessesLog10 min_guesses_log10 Words words Contains contains Lists lists " +
	"BreachThreshold breach_threshold Breach breach Unchecked unchecked"

// inFile returns the text of an error of Validate or Strictest as a reader of
// the file understands it.
func inFile(err error) string {
	fields := strings.NewReplacer(strings.Fields(policyNames)...)
	text := strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": ")
	var b strings.Builder
	for text != "" {
		before, _, _ := strings.Cut(text, `"`)
		b.WriteString(fields.Replace(before))
		text = text[len(before):]
		name, err := strconv.QuotedPrefix(text) // a name may have those of fields in it
		if err != nil {
			name = text
		}
		b.WriteString(name)
		text = text[len(name):]
	}
	return b.String()
}

// policy reads the fields of one policy.
func (f *fileReader) policy() (Policy, error) {
	start := f.next()
	var p Policy
	var set []func(*Policy) // what the file says, over what the preset says
	err := f.object(plainly, func(field string) error {
		if field == "preset" {
			name, err := f.text()
			if err != nil {
				return err
			}
			if !slices.Contains(Presets(), name) {
				return f.wrong("unknown preset %s, want one of %s", quoted(name), strings.Join(Presets(), ", "))
			}
			p, err = Preset(name)
			return err
		}
		apply, err := f.policyField(field)
		set = append(set, apply)
		return err
	})
	if err != nil {
		return Policy{}, err
	}
	for _, apply := range set {
		apply(&p)
	}
	if err := p.Validate(); err != nil {
		f.at = start
		return Policy{}, f.wrong("%s", inFile(err))
	}
	return p, nil
}

// policyField reads the value of one field and returns what it does.
func (f *fileReader) policyField(field string) (func(*Policy), error) {
	switch field {
	case "name":
		s, err := f.text()
		if err == nil && !plain(s, maxName) {
			err = f.wrong("want at most %d bytes without control characters", maxName)
		}
		return func(p *Policy) { p.Name = s }, err
	case "min_length":
		n, err := f.whole(0, maxMaxLength)
		return func(p *Policy) { p.MinLength = n }, err
	case "max_length":
		n, err := f.whole(1, maxMaxLength)
		return func(p *Policy) { p.MaxLength = n }, err
	case "max_bytes":
		n, err := f.whole(1, maxMaxBytes)
		return func(p *Policy) { p.MaxBytes = n }, err
	case "need_letter":
		yes, err := f.yes()
		return func(p *Policy) { p.NeedLetter = yes }, err
	case "need_digit":
		yes, err := f.yes()
		return func(p *Policy) { p.NeedDigit = yes }, err
	case "estimator":
		e, err := f.estimator()
		return func(p *Policy) { p.Estimator = e }, err
	case "min_guesses_log10":
		x, err := f.number(0, maxMinGuesses)
		return func(p *Policy) { p.MinGuessesLog10 = x }, err
	case "words":
		words, err := f.words()
		return func(p *Policy) { p.Words = words }, err
	case "contains":
		yes, err := f.yes()
		return func(p *Policy) { p.Contains = yes }, err
	case "lists":
		lists, err := f.lists(f.sources.Lists)
		return func(p *Policy) { p.Lists = lists }, err
	case "breach":
		lists, err := f.lists(f.sources.Breach)
		return func(p *Policy) { p.Breach = lists }, err
	case "breach_threshold":
		n, err := f.whole(1, math.MaxInt32)
		return func(p *Policy) { p.BreachThreshold = n }, err
	case "unchecked":
		rule, err := f.unchecked()
		return func(p *Policy) { p.Unchecked = rule }, err
	}
	return nil, f.wrong("unknown field")
}

func (f *fileReader) words() ([]string, error) {
	var words []string
	err := f.array(maxWords, func() error {
		word, err := f.text()
		if err == nil && len(word) > maxWordBytes {
			err = f.wrong("want at most %d bytes", maxWordBytes)
		}
		words = append(words, word)
		return err
	})
	return words, err
}

func (f *fileReader) lists(known map[string]List) ([]List, error) {
	var lists []List
	err := f.array(maxLists, func() error {
		name, err := f.text()
		if err != nil {
			return err
		}
		list, ok := known[name]
		switch {
		case name == commonName:
			list = Common()
		case ok && list != nil && isSourceName(name):
			list = Named(name, list)
		case f.sources.Absent && isSourceName(name):
			list = Named(name, absent{})
		default:
			return f.wrong("unknown list %s", quoted(name))
		}
		lists = append(lists, list)
		return nil
	})
	return lists, err
}

func (f *fileReader) estimator() (Estimator, error) {
	name, err := f.text()
	if err != nil {
		return nil, err
	}
	estimator, ok := f.sources.Estimators[name]
	switch {
	case name == entropyName:
		return Entropy(), nil
	case ok && estimator != nil && isSourceName(name):
		return NamedEstimator(name, estimator), nil
	}
	return nil, f.wrong("unknown estimator %s", quoted(name))
}

func (f *fileReader) unchecked() (UncheckedRule, error) {
	s, err := f.text()
	switch {
	case err != nil:
		return 0, err
	case s == "accept":
		return AcceptUnchecked, nil
	case s == "refuse":
		return RefuseUnchecked, nil
	}
	return 0, f.wrong("want accept or refuse")
}

// absent stands for a list that a file names and the program does not have.
type absent struct{}

// Seen implements [List].
func (absent) Seen(context.Context, string) (int, error) {
	return 0, fmt.Errorf("%w: the list is not in this program", ErrUnchecked)
}
