package clause_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
)

// TestValidate changes one thing of a subject that meets a standard, and asks
// which clause it contradicts then. None means that it still meets it.
func TestValidate(t *testing.T) {
	t.Parallel()
	all := presets()
	meets := map[clause.Standard]clause.Subject{clause.NIST: all[0], clause.PCI: all[1], clause.ASVS: all[2]}
	none := func(*clause.Subject) {}
	for _, c := range []struct {
		standard clause.Standard
		change   func(*clause.Subject)
		clause   string
		why      string
	}{
		{clause.NIST, none, "", ""},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MinLength = 14 }, "3.1.1.2(1)", "The minimum is 14 characters, not 15"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MinLength, s.SecondFactor = 8, clause.RequiredFactor }, "", ""},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MinLength, s.SecondFactor = 7, clause.RequiredFactor }, "3.1.1.2(1)", "The minimum is 7 characters, not 8"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MaxLength = 64 }, "", ""},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MaxLength = 63 }, "3.1.1.2(2)", "At most 63 characters"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MaxBytes = 255 }, "3.1.1.2(2)", "At most 255 bytes"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MaxBytes = 256 }, "", ""},
		{clause.NIST, func(s *clause.Subject) { s.Policy.NeedLetter = true }, "3.1.1.1, 3.1.1.2(5)", "A letter is demanded"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.NeedDigit = true }, "3.1.1.1, 3.1.1.2(5)", "A digit is demanded"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.MinGuessesLog10 = 8 }, "3.1.1.1, 3.1.1.2(5)", "below 10^8 guesses"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.Contains = true }, "3.1.1.2", "holds a context word anywhere"},
		{clause.NIST, func(s *clause.Subject) { s.Policy.Lists = nil }, "3.1.1.2", "There is no list"},
		{clause.NIST, func(s *clause.Subject) { s.MaxAge = 90 * day }, "3.1.1.2(6)", "after 90 days where there is no second factor"},
		{clause.NIST, func(s *clause.Subject) { s.MaxAge, s.MaxAgeWithFactor = 365*day, true }, "3.1.1.2(6)", "must be changed after 365 days"},
		{clause.NIST, func(s *clause.Subject) { s.DisableAfter = 101 }, "3.2.2", "after 101 failures"},
		{clause.NIST, func(s *clause.Subject) { s.DisableAfter = 0 }, "3.2.2", "No number of failures"},
		{clause.NIST, func(s *clause.Subject) { s.ResetFor = 25 * time.Hour }, "4.2.1.2", "good for 25 hours"},
		{clause.NIST, func(s *clause.Subject) { s.ResetFor = 24 * time.Hour }, "", ""},

		{clause.PCI, none, "", ""},
		{clause.PCI, func(s *clause.Subject) { s.Policy.MinLength = 11 }, "8.3.6", "The minimum is 11 characters, not 12"},
		{clause.PCI, func(s *clause.Subject) { s.Policy.NeedDigit = false }, "8.3.6", "No digit is demanded"},
		{clause.PCI, func(s *clause.Subject) { s.Policy.NeedLetter = false }, "8.3.6", "No letter is demanded"},
		{clause.PCI, func(s *clause.Subject) { s.LockAfter = 11 }, "8.3.4", "after 11 failures"},
		{clause.PCI, func(s *clause.Subject) { s.LockFor = 29 * time.Minute }, "8.3.4", "for 29 minutes, not for 30 minutes"},
		{clause.PCI, func(s *clause.Subject) { s.LockAfter, s.LockFor = 0, 0 }, "8.3.4", "after 100 failures in a row, not after 10"},
		{clause.PCI, func(s *clause.Subject) { s.LockAfter, s.DisableAfter, s.Waits = 0, 0, true }, "8.3.4", "10 failures do not lock"},
		{clause.PCI, func(s *clause.Subject) { s.LockAfter, s.LockFor, s.DisableAfter = 0, 0, 10 }, "", ""},
		{clause.PCI, func(s *clause.Subject) { s.LockAfter, s.DisableAfter = 0, 0 }, "8.3.4", "Failures do not lock"},
		{clause.PCI, func(s *clause.Subject) { s.History = 3 }, "8.3.7", "Only the last 3"},
		{clause.PCI, func(s *clause.Subject) { s.History = 0 }, "8.3.7", "may be used again"},
		{clause.PCI, func(s *clause.Subject) { s.HistoryFor = 0 }, "", ""}, // twelve months are the objective only
		{clause.PCI, func(s *clause.Subject) { s.MaxAge = 0 }, "", ""},     // there is a second factor
		{clause.PCI, func(s *clause.Subject) { s.SecondFactor = clause.OfferedFactor }, "8.4.1", "not required"},
		{clause.PCI, func(s *clause.Subject) { s.SecondFactor, s.MaxAge = clause.OfferedFactor, 91*day }, "8.3.9", "91 days, not 90 days"},
		{clause.PCI, func(s *clause.Subject) { s.SecondFactor, s.MaxAge = clause.OfferedFactor, 0 }, "8.3.9", "There is no age limit"},
		{clause.PCI, func(s *clause.Subject) { *s = all[3] }, "", ""}, // customers

		{clause.ASVS, none, "", ""},
		{clause.ASVS, func(s *clause.Subject) { s.Policy.MinLength = 7 }, "6.2.1", "The minimum is 7 characters, not 8"},
		{clause.ASVS, func(s *clause.Subject) { s.Policy.Lists = nil }, "6.2.4", "There is no list"},
		{clause.ASVS, func(s *clause.Subject) { s.Policy.NeedLetter, s.Policy.NeedDigit = true, true }, "6.2.5", "A letter and a digit are demanded"},
		{clause.ASVS, func(s *clause.Subject) { s.Policy.MinGuessesLog10 = 8 }, "", ""},
		{clause.ASVS, func(s *clause.Subject) { s.Policy.MaxLength = 63 }, "6.2.9", "At most 63"},
		{clause.ASVS, func(s *clause.Subject) { s.MaxAge = day }, "6.2.10", "after 1 day"},
		{clause.ASVS, func(s *clause.Subject) { s.SecondFactor = clause.OfferedFactor }, "6.3.3", "not required"},
		{clause.ASVS, func(s *clause.Subject) { s.Waits, s.DisableAfter = false, 0 }, "6.3.1", "not limited"},
		{clause.ASVS, func(s *clause.Subject) { s.Hashing.MeetsASVS5 = false }, "11.4.2", "less than appendix C"},
		{clause.ASVS, func(s *clause.Subject) { s.Hashing = clause.Hashing{} }, "", ""},
	} {
		s := meets[c.standard]
		c.change(&s)
		err := clause.Validate(s, c.standard)
		if c.clause == "" {
			require.NoError(t, err, "%+v", s)
			continue
		}
		require.ErrorIs(t, err, clause.ErrDeviates, c.why)
		require.ErrorContains(t, err, string(c.standard))
		require.ErrorContains(t, err, c.clause+": ")
		require.ErrorContains(t, err, c.why)
	}
}

// TestValidateOfLittle: who says nothing about how passwords are kept
// contradicts nothing by that.
func TestValidateOfLittle(t *testing.T) {
	t.Parallel()
	for standard, preset := range map[clause.Standard]policy.Policy{
		clause.NIST: policy.NIST63B4(), clause.PCI: policy.PCI401Staff(), clause.ASVS: policy.ASVS5(),
	} {
		require.NoError(t, clause.Validate(clause.Subject{Policy: preset}, standard))
	}
}

func TestSubjectsThatAreWrong(t *testing.T) {
	t.Parallel()
	for field, s := range map[string]clause.Subject{
		"Audience":     {Audience: 3},
		"SecondFactor": {SecondFactor: -1},
		"Hashing":      {Hashing: clause.Hashing{MeetsASVS5: true}},
		"MaxAge":       {MaxAge: -1},
		"History":      {History: -1},
		"HistoryFor":   {HistoryFor: -1},
		"LockAfter":    {LockAfter: -1},
		"LockFor":      {LockFor: -1},
		"DisableAfter": {DisableAfter: -1},
		"ResetFor":     {ResetFor: -1},
	} {
		for _, err := range []error{s.Validate(), clause.Validate(s, clause.NIST), second(clause.Examine(s))} {
			require.ErrorIs(t, err, clause.ErrSubject)
			require.ErrorContains(t, err, field+" is out of range")
			require.False(t, errors.Is(err, clause.ErrDeviates))
		}
	}
	s := clause.Subject{Policy: policy.Policy{MinLength: -1}}
	require.ErrorIs(t, s.Validate(), policy.ErrInvalid)
	require.ErrorIs(t, clause.Validate(s, clause.NIST), policy.ErrInvalid)
	require.ErrorIs(t, clause.Validate(clause.Subject{}, "ISO 27001"), clause.ErrSubject)
}

func second(_ clause.Report, err error) error { return err }

func TestNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]clause.Standard{"nist": clause.NIST, "PCI": clause.PCI, "Asvs": clause.ASVS} {
		got, err := clause.Named(name)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Contains(t, clause.Standards(), got)
	}
	_, err := clause.Named("secret")
	require.EqualError(t, err, "clause: no such standard, want nist, pci or asvs")
}
