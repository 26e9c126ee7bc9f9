package clause

import "fmt"

// Status says how a subject stands to a clause.
type Status string

const (
	// Met means that the clause is met.
	Met Status = "met"
	// Deviates means that the subject does otherwise.
	Deviates Status = "deviates"
	// Shop means that the shop has to do it, or to set a field that says it does.
	Shop Status = "shop"
	// NotApplicable means that the clause is not about this subject.
	NotApplicable Status = "not_applicable"
)

// Finding is what is found about one clause.
type Finding struct {
	// Clause is its number in the standard. A clause that asks for several
	// things has several findings.
	Clause string `json:"clause"`

	// Level is how binding it is: SHALL, SHOULD or MAY of NIST, level 1 to 3 of
	// ASVS, "required" of PCI DSS.
	Level string `json:"level"`

	// Asks is what the clause asks for, in our words.
	Asks string `json:"asks"`

	Status Status `json:"status"`

	// Why says what meets the clause, where the subject deviates, what the shop
	// has to do, or why it is not applicable.
	Why string `json:"why"`

	// byDesign marks a deviation that no setting of the subject changes.
	byDesign bool
}

// Section is the findings of one standard, in its own order.
type Section struct {
	Standard Standard  `json:"standard"`
	Findings []Finding `json:"findings"`
}

// Count returns how many findings have a status.
func (s Section) Count(status Status) int {
	n := 0
	for _, f := range s.Findings {
		if f.Status == status {
			n++
		}
	}
	return n
}

// Report is how a subject stands to one or more standards. It holds no secrets.
// Text and Markdown write it for people; as JSON it is written as it is.
type Report struct {
	Name     string    `json:"name"`
	About    string    `json:"about"` // what the findings take for granted
	Sections []Section `json:"sections"`
}

// Examine reports on a subject under the given standards, or all of them if
// none is given. It asks no list and no source.
//
// The error wraps ErrSubject or policy.ErrInvalid for a subject whose fields
// are out of range.
func Examine(s Subject, standards ...Standard) (Report, error) {
	if err := s.Validate(); err != nil {
		return Report{}, err
	}
	if len(standards) == 0 {
		standards = Standards()
	}
	r := Report{Name: s.name(), About: s.about(), Sections: []Section{}}
	for _, standard := range standards {
		rules := standard.rules()
		if rules == nil {
			return Report{}, fmt.Errorf("%w: no standard of that name, want one of %q", ErrSubject, Standards())
		}
		section := Section{Standard: standard}
		for _, rule := range rules {
			section.Findings = append(section.Findings, rule.find(s))
		}
		r.Sections = append(r.Sections, section)
	}
	return r, nil
}

// rule is a clause and how a subject is judged by it.
type rule struct {
	clause, level, asks string
	judge               func(Subject) finding
}

// finding is what a judge says.
type finding struct {
	status   Status
	why      string
	byDesign bool
}

func (r rule) find(s Subject) Finding {
	f := r.judge(s)
	return Finding{Clause: r.clause, Level: r.level, Asks: r.asks, Status: f.status, Why: f.why, byDesign: f.byDesign}
}
