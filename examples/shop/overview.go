package main

import (
	"cmp"
	"context"
	"maps"
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
	Running          []campaign
}

// FactorShare is how many in a hundred have a second factor.
func (o overview) FactorShare() int { return share(o.Factor, o.Total) }

// age is one step of the chart of ages.
type age struct {
	Label string
	Below time.Duration
}

const day = 24 * time.Hour

func ages() []age {
	return []age{{"< 30 d", 30 * day}, {"< 90 d", 90 * day}, {"< 1 y", 365 * day}, {"< 3 y", 3 * 365 * day}}
}

const (
	olderAge   = "older"
	unknownAge = "unknown"
	noPassword = "no password"
)

// ageOf names how old a password is.
func ageOf(changed, now time.Time) string {
	if changed.IsZero() {
		return unknownAge
	}
	for _, a := range ages() {
		if now.Sub(changed) < a.Below {
			return a.Label
		}
	}
	return olderAge
}

// count reads every credential once, a page at a time.
func (s *shop) count(ctx context.Context) (o overview, err error) {
	now := s.now()
	formats, old := map[string]int{}, map[string]int{}
	reasons, factors := map[bar]int{}, map[bool]map[string]int{true: {}, false: {}}
	err = s.eachStatus(ctx, rotate.Query{}, func(st rotate.Status) {
		o.Total++
		format := st.Format
		if !st.HasPassword {
			format = noPassword
		}
		formats[format]++
		if st.HasPassword {
			old[ageOf(st.Changed, now)]++
		}
		factors[st.Factor][st.Group]++
		if st.Factor {
			o.Factor++
		}
		switch {
		case st.Due.Now(now):
			o.DueNow++
			reasons[bar{Label: string(st.Due.Reason) + ", now", Urgent: true}]++
		case st.Due.Open():
			o.DueLater++
			reasons[bar{Label: string(st.Due.Reason) + ", later"}]++
		}
	})
	if err != nil {
		return o, err
	}
	o.Formats = chart{Title: "Stored as", Kind: "Format"}
	for format, n := range formats {
		o.Formats.Bars = append(o.Formats.Bars, bar{format, n, format != s.format && format != noPassword})
	}
	o.Ages = chart{Title: "Age of the passwords", Kind: "Age"}
	for _, a := range ages() {
		o.Ages.Bars = append(o.Ages.Bars, bar{Label: a.Label, Count: old[a.Label]})
	}
	o.Ages.Bars = append(o.Ages.Bars, bar{Label: olderAge, Count: old[olderAge]}, bar{Label: unknownAge, Count: old[unknownAge]})
	o.Reasons = chart{Title: "Must be changed", Kind: "Reason"}
	for b, n := range reasons {
		o.Reasons.Bars = append(o.Reasons.Bars, bar{b.Label, n, b.Urgent})
	}
	sortBars(o.Formats.Bars)
	sortBars(o.Reasons.Bars)
	o.Factors = chart{Title: "Second factor", Kind: "Group"}
	for _, on := range []bool{true, false} {
		for _, group := range slices.Sorted(maps.Keys(factors[on])) {
			label := group + " with it"
			if !on {
				label = group + " without"
			}
			o.Factors.Bars = append(o.Factors.Bars, bar{Label: label, Count: factors[on][group]})
		}
	}
	return o, nil
}

// sortBars puts the most first, and equal ones by their name.
func sortBars(bars []bar) {
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Label, b.Label)) })
}

// eachStatus calls fn for every selected credential.
func (s *shop) eachStatus(ctx context.Context, q rotate.Query, fn func(rotate.Status)) error {
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

func (s *shop) unseen(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, unseen).Scan(&n)
	return n, err
}

// adminOverview shows the state of the credentials, as drawings and as tables.
func (s *shop) adminOverview(w http.ResponseWriter, r *http.Request, _ customer) {
	page, err := s.count(r.Context())
	if err == nil {
		page.Unseen, err = s.unseen(r.Context())
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
