package clause

import (
	"errors"
	"fmt"
	"strings"
)

// ErrDeviates says that a subject contradicts a standard. The error is a
// *DeviationError with every clause: change the subject, or do not claim the
// standard.
var ErrDeviates = errors.New("clause: the subject contradicts the standard")

// DeviationError is the clauses that a subject contradicts. It Is ErrDeviates.
type DeviationError struct {
	Standard Standard
	Findings []Finding // all with Status Deviates
}

// Error names the standard and, of each finding, the clause and what is wrong.
func (e *DeviationError) Error() string {
	parts := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		parts[i] = f.Clause + ": " + strings.TrimSuffix(f.Why, ".")
	}
	return fmt.Sprintf("clause: contradicts %s, %s", e.Standard, strings.Join(parts, "; "))
}

// Is reports whether target is ErrDeviates.
func (e *DeviationError) Is(target error) bool { return target == ErrDeviates }

// Validate returns nil, or a *DeviationError if a setting of the subject
// contradicts the standard: an age limit under NIST, a rule of composition
// under NIST or ASVS, a lock that PCI DSS finds too short, and the like. A
// SHOULD counts as much as a SHALL.
//
// What the shop has to do itself is no contradiction, and neither is what
// Tillkey does otherwise whatever the settings: see Examine for both. The error
// is that of Examine for a subject or a standard that is not valid.
func Validate(s Subject, standard Standard) error {
	r, err := Examine(s, standard)
	if err != nil {
		return err
	}
	var found []Finding
	for _, f := range r.Sections[0].Findings {
		if f.Status == Deviates && !f.byDesign {
			found = append(found, f)
		}
	}
	if len(found) > 0 {
		return &DeviationError{Standard: standard, Findings: found}
	}
	return nil
}
