package clause_test

import (
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
)

const day = 24 * time.Hour

// defaultHashing is what hash.DefaultParams say.
func defaultHashing() clause.Hashing {
	return clause.Hashing{Memory: 19456, Time: 2, Parallelism: 1, MeetsASVS5: true}
}

// statuses are all there are.
func statuses() []clause.Status {
	return []clause.Status{clause.Met, clause.Deviates, clause.Shop, clause.NotApplicable}
}

// presets returns the subjects of the five presets: the policies with the
// settings that the presets of the same names in package rotate have.
func presets() []clause.Subject {
	customers := clause.Subject{
		Kept: true, Hashing: defaultHashing(), Audience: clause.Customers, SecondFactor: clause.OfferedFactor,
		Waits: true, DisableAfter: 100, ResetFor: time.Hour,
	}
	staff := clause.Subject{
		Kept: true, Hashing: defaultHashing(), Audience: clause.Staff, SecondFactor: clause.RequiredFactor,
		MaxAge: 90 * day, Reminded: true, History: 4, HistoryFor: 365 * day,
		Waits: true, LockAfter: 10, LockFor: 30 * time.Minute, DisableAfter: 100, ResetFor: 15 * time.Minute,
	}

	nist := customers
	nist.Policy, nist.Audience = policy.NIST63B4(), clause.Everyone
	pci := staff
	pci.Policy, pci.Waits = policy.PCI401Staff(), false
	asvs := customers
	asvs.Policy, asvs.Audience, asvs.SecondFactor = policy.ASVS5(), clause.Everyone, clause.RequiredFactor
	customers.Policy = policy.ShopCustomer()
	staff.Policy = policy.ShopStaff()
	return []clause.Subject{nist, pci, asvs, customers, staff}
}
