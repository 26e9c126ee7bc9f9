package kettle

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// overview is the state of all credentials, counted.
type overview struct {
	Total int
	// Unseen are customers whose hash still is in the shop's old column alone.
	Unseen           int
	DueNow, DueLater int
	Factor           int
	Formats, Ages    chart
	Reasons, Factors chart
	Policies         chart
	Running          []campaign
}

// FactorShare is how many in a hundred have a second factor.
func (o overview) FactorShare() int { return share(o.Factor, o.Total) }

// age is one step of the chart of ages: passwords that are younger.
type age struct {
	Label string
	Below time.Duration
}

const day = 24 * time.Hour

// ages are the steps of the chart. The last one is for ages that are not known.
func (t tongue) ages() []age {
	return []age{
		{t.say("< 30 d"), 30 * day}, {t.say("< 90 d"), 90 * day}, {t.say("< 1 y"), 365 * day}, {t.say("< 3 y"), 3 * 365 * day},
		{t.say("older"), math.MaxInt64}, {t.say("unknown"), 0},
	}
}

// ageOf is the step that a password is at.
func ageOf(steps []age, changed, now time.Time) int {
	unknown := len(steps) - 1
	if changed.IsZero() {
		return unknown
	}
	i := slices.IndexFunc(steps[:unknown], func(a age) bool { return now.Sub(changed) < a.Below })
	return max(i, 0)
}

// group is the name of a group of accounts.
func (t tongue) group(group string) string {
	switch group {
	case groupCustomers:
		return t.say("customers")
	case groupStaff:
		return t.say("staff")
	case everybody:
		return t.say("everybody")
	}
	return group
}

// count reads every credential once, a page at a time.
func (s *Shop) count(ctx context.Context, t tongue) (o overview, err error) {
	now, noPassword := s.now(), t.say("no password")
	steps, formats := t.ages(), map[string]int{}
	old := make([]int, len(steps))
	reasons, factors := map[bar]int{}, map[bool]map[string]int{true: {}, false: {}}
	err = s.eachStatus(ctx, rotate.Query{}, func(st rotate.Status) {
		o.Total++
		format := st.Format
		if !st.HasPassword {
			format = noPassword
		}
		formats[format]++
		if st.HasPassword {
			old[ageOf(steps, st.Changed, now)]++
		}
		factors[st.Factor][st.Group]++
		if st.Factor {
			o.Factor++
		}
		switch {
		case st.Due.Now(now):
			o.DueNow++
			reasons[bar{Label: t.say("%s, now", st.Due.Reason), Urgent: true}]++
		case st.Due.Open():
			o.DueLater++
			reasons[bar{Label: t.say("%s, later", st.Due.Reason)}]++
		}
	})
	if err != nil {
		return o, err
	}
	o.Formats = chart{Title: t.say("Stored as"), Kind: t.say("Format")}
	for format, n := range formats {
		o.Formats.Bars = append(o.Formats.Bars, bar{format, n, format != s.format && format != noPassword})
	}
	o.Ages = chart{Title: t.say("Age of the passwords"), Kind: t.say("Age")}
	for i, a := range steps {
		o.Ages.Bars = append(o.Ages.Bars, bar{Label: a.Label, Count: old[i]})
	}
	o.Reasons = chart{Title: t.say("Must be changed"), Kind: t.say("Reason")}
	for b, n := range reasons {
		o.Reasons.Bars = append(o.Reasons.Bars, bar{b.Label, n, b.Urgent})
	}
	sortBars(o.Formats.Bars)
	sortBars(o.Reasons.Bars)
	o.Factors = chart{Title: t.say("Second factor"), Kind: t.say("Group")}
	for _, on := range []bool{true, false} {
		for _, group := range slices.Sorted(maps.Keys(factors[on])) {
			label := t.say("%s with it", t.group(group))
			if !on {
				label = t.say("%s without", t.group(group))
			}
			o.Factors.Bars = append(o.Factors.Bars, bar{Label: label, Count: factors[on][group]})
		}
	}
	return o, nil
}

// policies counts how the passwords of each group stand to its present policy.
func (s *Shop) policies(ctx context.Context, t tongue) (chart, error) {
	c := chart{Title: t.say("The present policy"), Kind: t.say("Group")}
	for _, group := range []string{groupCustomers, groupStaff} {
		p, err := s.keeper.PolicyProgress(ctx, group)
		if err != nil {
			return c, err
		}
		name := t.group(group)
		for _, b := range []bar{
			{Label: t.say("%s meet it", name), Count: p.Met},
			{Label: t.say("%s do not", name), Count: p.Unmet, Urgent: true},
			{Label: t.say("%s will be asked at the next sign-in", name), Count: p.Older + p.Unjudged},
		} {
			if b.Count > 0 {
				c.Bars = append(c.Bars, b)
			}
		}
	}
	return c, nil
}

// sortBars puts the most first, and equal ones by their name.
func sortBars(bars []bar) {
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Label, b.Label)) })
}

// eachStatus calls fn for every selected credential.
func (s *Shop) eachStatus(ctx context.Context, q rotate.Query, fn func(rotate.Status)) error {
	q.Limit = rotate.MaxBatch
	for {
		page, err := s.keeper.List(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, st := range page {
			fn(st)
		}
		q.After = page[len(page)-1].Account
	}
}

// unseen counts the customers that Tillkey has not met yet.
const unseen = `SELECT COUNT(*) FROM customers WHERE confirmed_at IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM tillkey_credentials WHERE account = CAST(customers.id AS TEXT))`

func (s *Shop) unseen(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, unseen).Scan(&n)
	return n, err
}

// adminOverview shows the state of the credentials, as drawings and as tables.
func (s *Shop) adminOverview(w http.ResponseWriter, r *http.Request, _ customer) {
	page, err := s.count(r.Context(), s.tongues.of(r))
	if err == nil {
		page.Unseen, err = s.unseen(r.Context())
	}
	if err == nil {
		page.Policies, err = s.policies(r.Context(), s.tongues.of(r))
	}
	var all []campaign
	if err == nil {
		all, err = s.campaigns(r.Context())
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, c := range all {
		if c.Withdrawn == nil && c.Left > 0 {
			page.Running = append(page.Running, c)
		}
	}
	s.show(w, r, http.StatusOK, "admin", page)
}
