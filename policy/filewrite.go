package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// fileGroups is a policy file as it is written.
type fileGroups struct {
	Version int                   `json:"version"`
	Base    *filePolicy           `json:"base,omitempty"`
	Groups  map[string]filePolicy `json:"groups"`
}

// filePolicy is a policy as it is written. What is not set is left out.
type filePolicy struct {
	Name            string   `json:"name,omitempty"`
	MinLength       int      `json:"min_length,omitempty"`
	MaxLength       int      `json:"max_length,omitempty"`
	MaxBytes        int      `json:"max_bytes,omitempty"`
	NeedLetter      bool     `json:"need_letter,omitempty"`
	NeedDigit       bool     `json:"need_digit,omitempty"`
	Estimator       string   `json:"estimator,omitempty"`
	MinGuessesLog10 float64  `json:"min_guesses_log10,omitempty"`
	Words           []string `json:"words,omitempty"`
	Contains        bool     `json:"contains,omitempty"`
	Lists           []string `json:"lists,omitempty"`
	Breach          []string `json:"breach,omitempty"`
	BreachThreshold int      `json:"breach_threshold,omitempty"`
	Unchecked       string   `json:"unchecked,omitempty"`
}

// Write writes a policy file that Read reads as the same groups, with the same
// names for lists and estimators. It writes one field a line, groups in byte
// order, every field in full where Read was given a preset, and no default.
//
// The error wraps ErrInvalid and nothing is written when Validate fails, when a
// list or an estimator has no name that [Sources] allow, see [Named], when two that
// differ in their fingerprints have one name, or when the file would be more than
// 1 MiB. An error of w is returned wrapped.
func Write(w io.Writer, groups Groups) error {
	if err := groups.Validate(); err != nil {
		return err
	}
	file := fileGroups{Version: fileVersion, Groups: map[string]filePolicy{}}
	known := Sources{Estimators: map[string]Estimator{}, Absent: true}
	names := fileNames{}
	for _, path := range slices.Sorted(maps.Keys(groups)) {
		p := groups[path]
		written, err := names.form(p)
		if err != nil {
			return fmt.Errorf("%w (group %s)", err, quoted(path))
		}
		known.Estimators[written.Estimator] = p.Estimator
		if path == "" {
			file.Base = &written
		} else {
			file.Groups[path] = written
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(file); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if _, err := Read(bytes.NewReader(b.Bytes()), known); err != nil {
		return fmt.Errorf("policy: no policy file can hold these groups: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return nil
}

// fileNames are the fingerprints of what a file names, by the kind and the name.
type fileNames map[[2]string]string

// add remembers a name.
func (n fileNames) add(kind, name string, v Fingerprinter) error {
	if !isSourceName(name) {
		return fmt.Errorf("%w: %s has the name %s, want 1 to %d ASCII letters, digits, dots, dashes and underscores",
			ErrInvalid, kind, quoted(name), maxSourceName)
	}
	key, fingerprint := [2]string{kind, name}, v.Fingerprint()
	if known, ok := n[key]; ok && known != fingerprint {
		return fmt.Errorf("%w: %s has two that differ under the name %q", ErrInvalid, kind, name)
	}
	n[key] = fingerprint
	return nil
}

// form returns a policy as it is written.
func (n fileNames) form(p Policy) (filePolicy, error) {
	written := filePolicy{
		Name: p.Name, MinLength: p.MinLength, MaxLength: p.MaxLength, MaxBytes: p.MaxBytes,
		NeedLetter: p.NeedLetter, NeedDigit: p.NeedDigit, MinGuessesLog10: p.MinGuessesLog10,
		Words: p.Words, Contains: p.Contains, BreachThreshold: p.BreachThreshold,
	}
	if p.Unchecked == RefuseUnchecked {
		written.Unchecked = "refuse"
	}
	switch e := p.Estimator.(type) {
	case nil:
	case entropy:
		written.Estimator = entropyName
	case namedEstimator:
		if written.Estimator = e.name; e.name == entropyName && identity(e.Estimator) != identity(Entropy()) {
			return filePolicy{}, fmt.Errorf("%w: Estimator has the name of Entropy", ErrInvalid)
		}
		if err := n.add("Estimator", e.name, e); err != nil {
			return filePolicy{}, err
		}
	default:
		return filePolicy{}, fmt.Errorf("%w: Estimator %T has no name", ErrInvalid, e)
	}
	var err error
	if written.Lists, err = n.lists("Lists", p.Lists); err != nil {
		return filePolicy{}, err
	}
	written.Breach, err = n.lists("Breach", p.Breach)
	return written, err
}

func (n fileNames) lists(field string, lists []List) ([]string, error) {
	var names []string
	for i, list := range lists {
		switch l := list.(type) {
		case commonList:
			names = append(names, commonName)
		case namedList:
			if _, ok := l.List.(commonList); l.name == commonName && !ok {
				return nil, fmt.Errorf("%w: %s[%d] has the name of Common", ErrInvalid, field, i)
			}
			if err := n.add(field, l.name, l); err != nil {
				return nil, err
			}
			names = append(names, l.name)
		default:
			return nil, fmt.Errorf("%w: %s[%d] of type %T has no name", ErrInvalid, field, i, l)
		}
	}
	return names, nil
}
