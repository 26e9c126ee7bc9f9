package clause

import (
	"fmt"
	"strings"
)

// Standard is a standard whose clauses are known, by its full name.
type Standard string

// The standards.
const (
	NIST Standard = "NIST SP 800-63B-4"
	PCI  Standard = "PCI DSS v4.0.1"
	ASVS Standard = "OWASP ASVS 5.0"
)

// Standards returns all standards, in the order of reports.
func Standards() []Standard { return []Standard{NIST, PCI, ASVS} }

// Named returns a standard by its short name, in any case: nist, pci or asvs.
// The error of another name lists them and does not repeat it.
func Named(name string) (Standard, error) {
	switch strings.ToLower(name) {
	case "nist":
		return NIST, nil
	case "pci":
		return PCI, nil
	case "asvs":
		return ASVS, nil
	}
	return "", fmt.Errorf("clause: no such standard, want nist, pci or asvs")
}

// rules returns the clauses of a standard, in its own order.
func (s Standard) rules() []rule {
	switch s {
	case NIST:
		return nist()
	case PCI:
		return pci()
	case ASVS:
		return asvs()
	}
	return nil
}
