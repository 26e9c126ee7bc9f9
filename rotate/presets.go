package rotate

import (
	"time"

	"github.com/tillkey/tillkey/totp"
)

const day = 24 * time.Hour

// growing is the wait for customers: from the fifth failure on, 1 second
// doubling to 15 minutes, and a reset after 100 (NIST SP 800-63B-4, 3.2.2).
func growing() Throttle {
	return Throttle{From: 5, First: time.Second, Max: 15 * time.Minute, DisableAfter: 100}
}

// tenTries is 10 codes a quarter of an hour and 100 in all. NIST SP 800-63B-4,
// 3.1.4.2 asks for a limit wherever a code has less than 64 bits.
func tenTries() Throttle {
	return Throttle{LockAfter: 10, LockFor: 15 * time.Minute, DisableAfter: 100}
}

func weeks() []time.Duration { return []time.Duration{14 * day, 7 * day, 3 * day, day} }

// ShopCustomer is the rules for the customers of a shop: no change without a
// cause, waits instead of locks, a second factor for who wants one.
func ShopCustomer() Rules {
	return Rules{
		Name:      "ShopCustomer",
		Remind:    weeks(),
		BurnedFor: minBurned,
		Password:  growing(),
		Code:      tenTries(),
		Window:    totp.Window{Past: 1, Future: 1},
		ResetFor:  time.Hour,
		ForbidAge: true,
	}
}

// ShopStaff is the rules for those who run a shop: a second factor, four
// former passwords refused, and a lock after ten failures. The age limit
// guards accounts whose factor is missing (PCI DSS 4.0.1, 8.3.4, 8.3.7, 8.3.9).
func ShopStaff() Rules {
	return Rules{
		Name:          "ShopStaff",
		MaxAge:        90 * day,
		Remind:        weeks(),
		History:       4,
		HistoryFor:    365 * day,
		BurnedFor:     minBurned,
		Password:      Throttle{From: 3, First: time.Second, Max: 15 * time.Minute, LockAfter: 10, LockFor: 30 * time.Minute, DisableAfter: 100},
		Code:          Throttle{LockAfter: 5, LockFor: 15 * time.Minute, DisableAfter: 10},
		RequireFactor: true,
		Window:        totp.Window{Past: 1},
		ResetFor:      15 * time.Minute,
	}
}

// NIST63B4 is the rules of NIST SP 800-63B-4: no periodic change (3.1.1.2),
// at most 100 failures in a row (3.2.2), mailed codes for at most a day
// (4.2.1.2; an hour here).
func NIST63B4() Rules {
	r := ShopCustomer()
	r.Name = "NIST63B4"
	return r
}

// PCI401Staff is the rules of PCI DSS 4.0.1 for staff: 90 days where the
// password is the only factor (8.3.9), the last four refused for a year
// (8.3.7), ten tries and then half an hour (8.3.4).
func PCI401Staff() Rules {
	r := ShopStaff()
	r.Name = "PCI401Staff"
	r.Password = Throttle{LockAfter: 10, LockFor: 30 * time.Minute, DisableAfter: 100}
	r.Code = Throttle{LockAfter: 10, LockFor: 30 * time.Minute, DisableAfter: 100}
	return r
}

// ASVS5 is the rules of OWASP ASVS 5.0, levels 1 and 2: no periodic change
// (6.2.10), codes that live for their own 30 seconds and no longer (6.5.5),
// a second factor (6.3.3).
func ASVS5() Rules {
	r := ShopCustomer()
	r.Name = "ASVS5"
	r.RequireFactor = true
	r.Window = totp.Window{}
	return r
}
