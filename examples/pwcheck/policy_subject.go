package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy/clause"
	"github.com/tillkey/tillkey/rotate"
)

const maxDays = 100_000

// around is what the flags say about the life of the passwords, and which
// standards they are held against.
type around struct {
	standards               []string
	rules, audience, factor string
	maxAge, history         int
	changed                 func(flag string) bool
}

func (a *around) flags(c *cobra.Command, standards string) {
	c.Flags().StringSliceVar(&a.standards, "standard", nil, standards)
	c.Flags().StringVar(&a.rules, "rules", "", "how the passwords are kept: by the rotate rules of this preset `NAME`, or none")
	c.Flags().StringVar(&a.audience, "audience", "", "`WHO` has them: everyone, customers or staff")
	c.Flags().StringVar(&a.factor, "factor", "", "second `FACTOR`: none, offered or required")
	c.Flags().IntVar(&a.maxAge, "max-age", 0, "age limit in `DAYS`, 0 for none")
	c.Flags().IntVar(&a.history, "history", 0, "refuse the last `N` passwords")
	a.changed = c.Flags().Changed
}

// named returns the standards of the flags, none if there is no flag.
func (a around) named() ([]clause.Standard, error) {
	var list []clause.Standard
	for _, name := range a.standards {
		standard, err := clause.Named(name)
		if err != nil {
			return nil, misused("no such standard. Standards: nist, pci, asvs.")
		}
		list = append(list, standard)
	}
	return list, nil
}

// subject returns what the report is about. A preset comes with the rotate
// rules of its name.
func (a around) subject(c chosen) (clause.Subject, error) {
	rules := a.rules
	if rules == "" && c.preset {
		rules = c.name
	}
	s := clause.Subject{}
	if rules != "" && !strings.EqualFold(rules, "none") {
		var found bool
		if s, found = ruled(rules); !found {
			return s, misused("no such rules. Rules: NIST63B4, PCI401Staff, ASVS5, ShopCustomer, ShopStaff, none.")
		}
	}
	s.Name, s.Policy = c.name, c.policy
	if a.changed("max-age") {
		if a.maxAge < 0 || a.maxAge > maxDays {
			return s, misused("--max-age takes 0 to %d days.", maxDays)
		}
		s.MaxAge = time.Duration(a.maxAge) * 24 * time.Hour
	}
	if a.changed("history") {
		if a.history < 0 {
			return s, misused("--history takes 0 or more.")
		}
		s.History = a.history
	}
	var ok bool
	if a.audience != "" {
		if s.Audience, ok = audience(a.audience); !ok {
			return s, misused("--audience takes everyone, customers or staff.")
		}
	}
	if a.factor != "" {
		if s.SecondFactor, ok = factor(a.factor); !ok {
			return s, misused("--factor takes none, offered or required.")
		}
	}
	return s, nil
}

func audience(name string) (clause.Audience, bool) {
	switch strings.ToLower(name) {
	case "everyone":
		return clause.Everyone, true
	case "customers":
		return clause.Customers, true
	case "staff":
		return clause.Staff, true
	}
	return 0, false
}

func factor(name string) (clause.Factor, bool) {
	switch strings.ToLower(name) {
	case "none":
		return clause.NoFactor, true
	case "offered":
		return clause.OfferedFactor, true
	case "required":
		return clause.RequiredFactor, true
	}
	return 0, false
}

// ruled returns a subject kept by the rotate rules of a preset.
func ruled(preset string) (clause.Subject, bool) {
	switch strings.ToLower(preset) {
	case "nist63b4":
		return keptBy(rotate.NIST63B4(), clause.Everyone), true
	case "pci401staff":
		return keptBy(rotate.PCI401Staff(), clause.Staff), true
	case "asvs5":
		return keptBy(rotate.ASVS5(), clause.Everyone), true
	case "shopcustomer":
		return keptBy(rotate.ShopCustomer(), clause.Customers), true
	case "shopstaff":
		return keptBy(rotate.ShopStaff(), clause.Staff), true
	}
	return clause.Subject{}, false
}

// keptBy says what rotate.Keeper does under some rules, with its default Hasher.
func keptBy(r rotate.Rules, who clause.Audience) clause.Subject {
	costs := hash.DefaultParams()
	s := clause.Subject{
		Kept: true, Audience: who, SecondFactor: clause.OfferedFactor,
		Hashing: clause.Hashing{Memory: costs.Memory, Time: costs.Time, Parallelism: costs.Parallelism, MeetsASVS5: costs.MeetsASVS5()},
		MaxAge:  r.MaxAge, MaxAgeWithFactor: r.MaxAgeWithFactor, Reminded: len(r.Remind) > 0,
		History: r.History, HistoryFor: r.HistoryFor,
		Waits: r.Password.From > 0, LockAfter: r.Password.LockAfter, LockFor: r.Password.LockFor,
		DisableAfter: r.Password.DisableAfter, ResetFor: r.ResetFor,
	}
	if r.RequireFactor {
		s.SecondFactor = clause.RequiredFactor
	}
	return s
}
