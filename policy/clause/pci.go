package clause

import "time"

const required = "required"

// pci returns the clauses of PCI DSS v4.0.1, requirement 8, about passwords.
func pci() []rule {
	rules := []rule{
		{"8.3.1", required, "Authenticate every user by something known, owned or inherent at least.", always(met("The password is something known."))},
		{"8.3.2", required, "Make passwords unreadable by strong cryptography, in transit and at rest.", func(s Subject) finding {
			if s.Kept {
				return shop("At rest they are argon2id hashes, sealed. For transit, serve the forms over TLS only.")
			}
			return shop("Use package hash at rest, and TLS in transit.")
		}},
		{"8.3.3", required, "Verify who it is before a factor is changed.", kept(
			"Change, reset and enrolment ask for a proof.",
			"Ask for the current password or another proof before each change.")},
		{"8.3.4", required, "Lock the account after 10 failed attempts at most, for 30 minutes at least or until the identity is confirmed.", pciLock},
		{"8.3.5", required, "Give first and reset passwords a value of their own per user, and force a change after the first use.", kept(
			"A reset is a ticket good for once; a password that was handed out is due at its first use.",
			"Make such passwords with package generate, and force the change.")},
		{"8.3.6", required, "At least 12 characters (8 where a system cannot do more), with letters and digits.", pciLength},
		{"8.3.7", required, "Refuse the last 4 passwords; a former one should be of no use for 12 months.", pciHistory},
		{"8.3.8", required, "Teach users to choose, protect and not reuse passwords, and to change them on suspicion.", always(shop("Write it down where users find it."))},
		{"8.3.9", required, "Where the password is the only factor, change it every 90 days or decide access in real time by the account's security posture.", pciAge},
		{"8.3.10", required, "Service providers: guide their customers' users on changing passwords.", pciProvider("Guide the users of your customers.")},
		{"8.3.10.1", required, "Service providers: hold their customers' users to 8.3.9.", pciProvider("Hold the users of your customers to 8.3.9.")},
		{"8.4.1", required, "A second factor for administrators who reach cardholder data other than at the console.", pciFactor},
		{"8.4.2", required, "A second factor for everyone who reaches cardholder data other than at the console.", pciFactor},
		{"8.4.3", required, "A second factor for remote access from which cardholder data could be reached.", pciFactor},
		{"8.6.2", required, "Write no passwords of system accounts into scripts, configuration or source.", always(shop("Keep them elsewhere. This policy is not about them."))},
		{"8.6.3", required, "Change passwords of system accounts as often as a risk analysis says, and on suspicion.", always(shop("Analyse the risk and set an interval. This policy is not about them."))},
	}
	for i, r := range rules {
		rules[i].judge = func(s Subject) finding {
			if s.Audience == Customers {
				return notApplicable("Customers who see only their own data are outside requirement 8.")
			}
			return r.judge(s)
		}
	}
	return rules
}

func pciLock(s Subject) finding {
	const most, least = 10, 30 * time.Minute
	switch {
	case s.DisableAfter > 0 && s.DisableAfter <= most:
		return met("A password is disabled after %s in a row, until it is reset.", count(s.DisableAfter, "failure"))
	case s.LockAfter > most:
		return deviates("The account is locked after %d failures, not after %d at most.", s.LockAfter, most)
	case s.LockAfter > 0 && s.LockFor < least:
		return deviates("The account is locked for %s, not for %s at least.", span(s.LockFor), span(least))
	case s.LockAfter > 0:
		return met("The account is locked for %s after %s.", span(s.LockFor), count(s.LockAfter, "failure"))
	case s.DisableAfter > 0:
		return deviates("A password is disabled after %d failures in a row, not after %d at most.", s.DisableAfter, most)
	case s.Waits:
		return deviates("Guesses are slowed, but 10 failures do not lock.")
	}
	return missing(s, "Failures do not lock.", "Lock after 10 failures, for 30 minutes.")
}

func pciLength(s Subject) finding {
	const least = 12
	p := s.Policy
	switch {
	case p.MinLength < least:
		return deviates("The minimum is %d characters, not %d.", p.MinLength, least)
	case p.NeedLetter && p.NeedDigit:
		return met("At least %d characters, with a letter and a digit.", p.MinLength)
	}
	lack := "Neither a letter nor a digit is demanded."
	switch {
	case p.NeedLetter:
		lack = "No digit is demanded."
	case p.NeedDigit:
		lack = "No letter is demanded."
	}
	return deviates("%s Set NeedLetter and NeedDigit, or show an assessor by the customised approach that %d characters and a blocklist do as well.", lack, p.MinLength)
}

func pciHistory(s Subject) finding {
	const least, long = 4, 365 * day
	switch {
	case s.History == 0:
		return missing(s, "Former passwords may be used again.", "Refuse the last 4.")
	case s.History < least:
		return deviates("Only the last %d are refused.", s.History)
	case s.HistoryFor < long:
		return met("The last %d are refused. Twelve months for each is the objective: set HistoryFor.", s.History)
	}
	return met("The last %d are refused, each for %s at least.", s.History, span(s.HistoryFor))
}

func pciAge(s Subject) finding {
	const most = 90 * day
	switch {
	case s.SecondFactor == RequiredFactor:
		return notApplicable("The password is never the only factor.")
	case s.Posture:
		return met("Access is decided by the account's security posture.")
	case s.MaxAge > most:
		return deviates("The age limit is %s, not %s at most.", span(s.MaxAge), span(most))
	case s.MaxAge > 0:
		return met("A password without a second factor must be changed after %s.", span(s.MaxAge))
	}
	return missing(s, "There is no age limit, and the password can be the only factor.", "Require a second factor, analyse the posture, or limit the age to 90 days.")
}

func pciFactor(s Subject) finding {
	if s.SecondFactor == RequiredFactor {
		return met("Nobody signs in without a second factor.")
	}
	return missing(s, "A second factor is not required.", "Require a second factor.")
}

func pciProvider(todo string) func(Subject) finding {
	return func(s Subject) finding {
		if s.Audience == Staff {
			return notApplicable("Staff are not users of a service provider's customers.")
		}
		return shop("If you are a service provider: %s", todo)
	}
}
