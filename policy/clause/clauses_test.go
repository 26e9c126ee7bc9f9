package clause_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
	"github.com/tillkey/tillkey/policy/strength"
)

// TestEveryClause: each clause about passwords is there under its number and
// level, in this order. The levels of NIST are the strongest word of what a
// finding asks for.
func TestEveryClause(t *testing.T) {
	t.Parallel()
	want := map[clause.Standard]string{
		clause.NIST: `3.1.1.2(1) SHALL, 3.1.1.2(2) SHOULD, 3.1.1.2(3) SHOULD, 3.1.1.2(4) SHOULD, 3.1.1.1 3.1.1.2(5) SHALL NOT,
			3.1.1.2 SHALL, 3.1.1.2 SHALL, 3.1.1.2 SHOULD, 3.1.1.2 SHALL, 3.1.1.2 SHALL, 3.1.1.2 SHALL, 3.1.1.2 SHOULD,
			3.1.1.2(7) SHALL NOT, 3.1.1.2(8) SHALL NOT, 3.1.1.2(6) SHALL NOT, 3.1.1.2(6) SHALL, 3.1.1.2(9) SHALL,
			3.1.1.2 SHOULD, 3.1.1.2 SHOULD, 3.1.1.2 MAY, 3.1.1.2 SHALL, 3.1.1.2 SHALL, 3.1.1.2 SHOULD, 3.1.1.2 SHOULD,
			3.1.1.2 SHOULD, 3.1.1.2 SHALL, 3.2.2 SHALL, 4.2.1.2 SHALL, 4.2.2.2 SHALL, 4.3 SHALL, 4.4 SHALL NOT, 4.5 SHALL, 4.6 SHALL`,
		clause.PCI: `8.3.1 required, 8.3.2 required, 8.3.3 required, 8.3.4 required, 8.3.5 required, 8.3.6 required, 8.3.7 required,
			8.3.8 required, 8.3.9 required, 8.3.10 required, 8.3.10.1 required, 8.4.1 required, 8.4.2 required, 8.4.3 required,
			8.6.2 required, 8.6.3 required`,
		clause.ASVS: `6.1.1 level 1, 6.1.2 level 2, 6.2.1 level 1, 6.2.2 level 1, 6.2.3 level 1, 6.2.4 level 1, 6.2.5 level 1,
			6.2.6 level 1, 6.2.7 level 1, 6.2.8 level 1, 6.2.9 level 2, 6.2.10 level 2, 6.2.11 level 2, 6.2.12 level 2,
			6.3.1 level 1, 6.3.2 level 1, 6.3.3 level 2, 6.3.7 level 3, 6.3.8 level 3, 6.4.1 level 1, 6.4.2 level 1,
			6.4.3 level 2, 6.4.5 level 3, 6.4.6 level 3, 11.2.2 level 2, 11.2.4 level 3, 11.4.2 level 2, 13.2.1 level 2, 13.3.1 level 2`,
	}
	report, err := clause.Examine(clause.Subject{})
	require.NoError(t, err)
	require.Len(t, report.Sections, len(clause.Standards()))
	for _, section := range report.Sections {
		var got []string
		for _, f := range section.Findings {
			got = append(got, strings.ReplaceAll(f.Clause, ",", "")+" "+f.Level)
		}
		require.Equal(t, strings.Fields(want[section.Standard]), strings.Fields(strings.Join(got, ", ")), section.Standard)
	}
}

// TestRandomSubjects: whatever the subject, each clause has a status and a
// reason, Validate refuses just the deviations, and reports are well formed.
func TestRandomSubjects(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 2026))
	for range 250 {
		s := randomSubject(random)
		report, err := clause.Examine(s)
		require.NoError(t, err)
		for _, section := range report.Sections {
			deviations := 0
			for _, f := range section.Findings {
				require.Contains(t, statuses(), f.Status)
				require.Regexp(t, `^\S.*\.$`, f.Why)
				require.Regexp(t, `^[A-Z0-9].*\.$`, f.Asks)
				require.NotContains(t, f.Why, "%!")
				if f.Status == clause.Deviates && f.Clause != "6.2.8" {
					deviations++
				}
			}
			err := clause.Validate(s, section.Standard)
			require.Equal(t, deviations == 0, err == nil)
			if err != nil {
				var d *clause.DeviationError
				require.ErrorAs(t, err, &d)
				require.Len(t, d.Findings, deviations)
				require.Equal(t, section.Standard, d.Standard)
				for _, f := range d.Findings {
					require.Equal(t, clause.Deviates, f.Status)
					require.ErrorContains(t, err, f.Clause+": ")
				}
			}
		}
		for line := range strings.Lines(report.Text()) {
			require.LessOrEqual(t, len(line), 97)
		}
	}
}

func randomSubject(random *rand.Rand) clause.Subject {
	maybe := func() bool { return random.IntN(2) == 0 }
	some := func(values ...int) int { return values[random.IntN(len(values))] }
	span := func(values ...time.Duration) time.Duration { return values[random.IntN(len(values))] }
	s := clause.Subject{
		Policy: policy.Policy{
			MinLength: random.IntN(20), MaxLength: some(0, 40, 63, 64, 256), MaxBytes: some(0, 64, 255, 256),
			NeedLetter: maybe(), NeedDigit: maybe(), Contains: maybe(), MinGuessesLog10: float64(some(0, 0, 8, 10)),
			BreachThreshold: some(0, 1, 10), Unchecked: policy.UncheckedRule(some(0, 1)), Estimator: strength.Estimator{},
		},
		Audience: clause.Audience(random.IntN(3)), Kept: maybe(), SecondFactor: clause.Factor(random.IntN(3)),
		MaxAge: span(0, 0, 90*day, 91*day, 365*day, 100*time.Hour+time.Second), MaxAgeWithFactor: maybe(), Reminded: maybe(),
		Hashing: []clause.Hashing{{}, defaultHashing(), {Memory: 8, Time: 1, Parallelism: 4}}[random.IntN(3)],
		Posture: maybe(), History: random.IntN(6), HistoryFor: span(0, day, 365*day, 366*day), Waits: maybe(),
		LockAfter: some(0, 1, 5, 10, 11), LockFor: span(0, time.Minute, 30*time.Minute, 29*time.Minute+59*time.Second),
		DisableAfter: some(0, 1, 10, 11, 100, 101), ResetFor: span(0, time.Minute, 24*time.Hour, 25*time.Hour),
	}
	if maybe() {
		s.Policy.Lists = []policy.List{policy.Common()}
	}
	if maybe() {
		s.Policy.Lists = append(s.Policy.Lists, policy.NewList("lantern"))
	}
	if maybe() {
		s.Policy.Breach = []policy.List{policy.NewList()}
	}
	if maybe() {
		s.Policy.Words = []string{"Tillkey", "Till"}[:some(1, 2)]
	}
	return s
}
